/** What came, what waits, how soon it is decided, and what the filter misses. */
import type { JSX } from 'preact';
import type { PartProps } from './part-props.ts';
import { Plot } from './plot.tsx';
import { inSite, Loaded, useResource } from './resource.tsx';
import { percent } from './table.tsx';

interface Stats {
  readonly comments: Readonly<Record<string, number>>;
  readonly queue: { readonly waiting: number; readonly oldest_at: string | null };
  readonly samples: { readonly ham: number; readonly spam: number };
  readonly audit: { readonly ham_blocked: number | null; readonly spam_missed: number | null };
  readonly agreement: { readonly units: number; readonly alpha: number | null };
  readonly filter: { readonly model_version: string; readonly promise: { readonly message: string } };
}

interface Day {
  readonly [column: string]: number | string | null;
  /** In UTC; every day is there, those without comments too. */
  readonly day: string;
}

export function Overview({ site }: PartProps): JSX.Element {
  const stats = useResource<Stats>(inSite(site, '/v1/stats'));
  const days = useResource<{ days: readonly Day[] }>(inSite(site, '/v1/stats/days?days=30'));
  const csv = inSite(site, '/v1/stats/days?days=30&format=csv');
  const byDay = (rows: readonly Day[]) => ({ rows, x: 'day', dates: true, csv });
  return (
    <>
      <Loaded resource={stats}>{(data) => <Figures stats={data} />}</Loaded>
      <Loaded resource={days}>
        {(data) => (
          <div class="plots">
            <Plot
              title="Comments a day"
              {...byDay(data.days)}
              series={[
                { column: 'submissions', name: 'all', colour: '--accent', bars: true },
                { column: 'spam', name: 'spam by the filter', colour: '--spam' },
                { column: 'held', name: 'held', colour: '--ham' },
              ]}
            />
            <Plot
              title="Share of spam among a day’s comments"
              {...byDay(data.days)}
              series={[{ column: 'spam_share', name: 'spam by the filter', colour: '--spam' }]}
            />
            <Plot
              title="Hours that the oldest waiting comment had waited, at the end of the day"
              {...byDay(
                data.days.map((row) => ({
                  ...row,
                  oldest_waiting_hours: toHours(row.oldest_waiting_seconds),
                })),
              )}
              series={[{ column: 'oldest_waiting_hours', name: 'hours', colour: '--accent' }]}
            />
            <Plot
              title="Median seconds to a decision"
              {...byDay(data.days)}
              series={[{ column: 'median_seconds_to_decision', name: 'seconds', colour: '--accent' }]}
            />
            <Plot
              title="What the filter got wrong without a human"
              {...byDay(data.days)}
              series={[
                { column: 'missed_spam', name: 'spam published', colour: '--spam' },
                { column: 'false_positives', name: 'good comments marked spam', colour: '--ham' },
              ]}
            />
          </div>
        )}
      </Loaded>
    </>
  );
}

const HOUR_MS = 3_600_000;

function toHours(seconds: Day[string] | undefined): number | null {
  return typeof seconds === 'number' ? seconds / 3600 : null;
}

function Figures({ stats }: { stats: Stats }): JSX.Element {
  const { comments, queue, samples, audit, agreement, filter } = stats;
  const hours = queue.oldest_at === null ? null : (Date.now() - Date.parse(queue.oldest_at)) / HOUR_MS;
  const figures: readonly (readonly [string, string])[] = [
    ['waiting', `${queue.waiting}${hours === null ? '' : `, the oldest for ${hours.toFixed(1)} h`}`],
    ['published', String(comments.approved ?? 0)],
    ['spam', String(comments.spam ?? 0)],
    ['trash', String(comments.trash ?? 0)],
    ['labels', `${samples.ham} good, ${samples.spam} spam`],
    ['good comments blocked unseen', `${percent(audit.ham_blocked, 2)} (random audit)`],
    ['spam missed unseen', `${percent(audit.spam_missed, 2)} (random audit)`],
    [
      'two people agree',
      agreement.alpha === null ? '–' : `α ${agreement.alpha.toFixed(2)}, ${agreement.units} looks`,
    ],
    ['active filter', filter.model_version],
  ];
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>{filter.promise.message}</p>
    </>
  );
}
