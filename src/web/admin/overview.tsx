/** Shows how moderation is going: what waits, how soon it is decided, and what the filter misses. */
import type { JSX } from 'preact';
import { fill } from '../../strings/index.ts';
import { Fold, Lead } from '../page/lead.tsx';
import { tellPromise } from './filter/promise.ts';
import { FirstSteps } from './first-steps.tsx';
import { DayPlots } from './overview-plots.tsx';
import type { PartProps } from './part-props.ts';
import { useReader } from './reader.tsx';
import { inSite, Loaded, useResource } from './resource.tsx';
import type { Stats } from './stats-view.ts';

export function Overview(props: PartProps): JSX.Element {
  const { site } = props;
  const stats = useResource<Stats>(inSite(site, '/v1/stats'));
  return (
    <Loaded resource={stats}>
      {(data) => (
        <>
          <Summary site={site} stats={data} />
          <FirstSteps {...props} stats={data} />
          <Figures stats={data} />
          <DayPlots site={site} />
        </>
      )}
    </Loaded>
  );
}

function Summary({ site, stats }: { site: string; stats: Stats }): JSX.Element {
  const { t, format } = useReader();
  const { waiting, oldest_at: oldest } = stats.queue;
  const age = oldest === null ? '' : format.span((Date.now() - Date.parse(oldest)) / 1000);
  return (
    <Lead
      tone={waiting === 0 ? 'good' : 'plain'}
      actions={waiting > 0 && <a href={`/moderate?site=${encodeURIComponent(site)}`}>{t.overview.review}</a>}
    >
      <p>
        <b>{waiting === 0 ? t.overview.allClear : format.count(t.overview.waiting, waiting, { age })}</b>
      </p>
      <p>{tellPromise(stats.filter.promise, t, format)}</p>
    </Lead>
  );
}

function Figures({ stats }: { stats: Stats }): JSX.Element {
  const { t, format } = useReader();
  const { comments, samples, audit, agreement, filter } = stats;
  const o = t.overview;
  const measured = (share: number | null, judged: number): string =>
    share === null || judged === 0 ? o.notMeasured : format.percent(share, 2);
  const figures: readonly (readonly [string, string])[] = [
    [o.published, format.number(comments.approved ?? 0)],
    [o.spam, format.number(comments.spam ?? 0)],
    [o.trash, format.number(comments.trash ?? 0)],
    [o.samples, fill(o.samplesOf, { ham: format.number(samples.ham), spam: format.number(samples.spam) })],
    [o.hamBlocked, measured(audit.ham_blocked, audit.marked_spam.judged)],
    [o.spamMissed, measured(audit.spam_missed, audit.published.judged)],
    [o.agreement, tellAgreement(agreement.alpha, agreement.units)],
    [o.filterVersion, filter.model_version],
  ];
  function tellAgreement(alpha: number | null, units: number): string {
    if (alpha === null) return o.notMeasured;
    const level = alpha >= 0.8 ? o.agreementGood : alpha >= 0.67 ? o.agreementFair : o.agreementPoor;
    return format.count(o.agreementOf, units, { level });
  }
  return (
    <Fold title={o.figures} open>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{o.spotChecks}</p>
    </Fold>
  );
}
