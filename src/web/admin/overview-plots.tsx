/** Plots a site's days. */
import type { JSX } from 'preact';
import { Plot } from './filter/plot.tsx';
import { useReader } from './reader.tsx';
import { inSite, Loaded, useResource } from './resource.tsx';

interface Day {
  readonly [column: string]: number | string | null;
  /** In UTC; every day is there, those without comments too. */
  readonly day: string;
}

export function DayPlots({ site }: { site: string }): JSX.Element {
  const { t } = useReader();
  const days = useResource<{ days: readonly Day[] }>(inSite(site, '/v1/stats/days?days=30'));
  const csv = inSite(site, '/v1/stats/days?days=30&format=csv');
  const p = t.plots;
  return (
    <Loaded resource={days}>
      {({ days: rows }) => {
        const byDay = { rows, x: 'day', xName: p.day, dates: true, csv };
        return (
          <div class="plots">
            <Plot
              title={p.perDay}
              {...byDay}
              series={[
                { column: 'submissions', name: p.all, colour: '--accent', bars: true },
                { column: 'spam', name: p.spamByFilter, colour: '--spam' },
                { column: 'held', name: p.held, colour: '--ham' },
              ]}
            />
            <Plot
              title={p.spamShare}
              {...byDay}
              series={[{ column: 'spam_share', name: p.spamByFilter, colour: '--spam' }]}
            />
            <Plot
              title={p.longestWait}
              {...byDay}
              rows={rows.map((row) => ({ ...row, hours: toHours(row.oldest_waiting_seconds) }))}
              series={[{ column: 'hours', name: p.hours, colour: '--accent' }]}
            />
            <Plot
              title={p.toDecision}
              {...byDay}
              series={[{ column: 'median_seconds_to_decision', name: p.seconds, colour: '--accent' }]}
            />
            <Plot
              title={p.mistakes}
              {...byDay}
              series={[
                { column: 'missed_spam', name: p.spamPublished, colour: '--spam' },
                { column: 'false_positives', name: p.hamMarked, colour: '--ham' },
              ]}
            />
          </div>
        );
      }}
    </Loaded>
  );
}

function toHours(seconds: Day[string] | undefined): number | null {
  return typeof seconds === 'number' ? seconds / 3600 : null;
}
