/** What a candidate would change: figures beside the active filter, plots, thresholds, and the comments that would flip. */
import type { JSX } from 'preact';
import { call } from '../page/service.ts';
import { Flips } from './changed-verdicts.tsx';
import { Activate, type ModelView } from './models.tsx';
import type { PartProps } from './part-props.ts';
import { ReportPlots, rowBelow } from './report-plots.tsx';
import type { Comparison, Figures, Metric, ReportView } from './report-view.ts';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Shadow } from './shadow.tsx';
import { figure, percent, Table } from './table.tsx';

export function Report({ site, subject: version }: PartProps): JSX.Element {
  const model = useResource<ModelView>(inSite(site, `/v1/models/${version}`));
  const report = useResource<ReportView>(inSite(site, `/v1/models/${version}/report`));
  const models = useResource<{ items: readonly ModelView[] }>(inSite(site, '/v1/models'));
  const active = models.data?.items.find(({ state }) => state === 'active')?.version;
  return (
    <>
      <p>
        <a href="#models">All versions</a>
      </p>
      <h3>{version}</h3>
      <Loaded resource={model}>
        {(data) => (
          <p>
            {data.state} · {data.promise.message}{' '}
            {data.state !== 'active' && (
              <Activate
                site={site}
                model={data}
                onDone={() => {
                  model.reload();
                  models.reload();
                }}
              />
            )}
          </p>
        )}
      </Loaded>
      <Loaded resource={report}>
        {(data) => (
          <>
            <Gate report={data} />
            {active !== undefined && ![version, data.active].includes(active) && (
              <CompareAnew
                site={site}
                version={version}
                active={active}
                onDone={() => {
                  report.reload();
                  model.reload();
                }}
              />
            )}
            <Compared
              title="On held-back groups of near-copies, which neither filter has learnt"
              found={data.by_campaign}
            />
            <Compared
              title="On the newest labels, by a filter trained the same way on the older ones"
              found={data.by_time}
            />
            {model.data && <Promised report={data} promise={model.data.promise} />}
            <ReportPlots site={site} version={version} report={data} />
            <h4>In the shadow of the active filter</h4>
            <Shadow site={site} version={version} />
            <h4>Decisions that would flip: {data.flips.decided}</h4>
            <Flips key={data.active} site={site} version={version} of="decided" />
            <h4>Waiting comments that would flip: {data.flips.waiting}</h4>
            <Flips key={data.active} site={site} version={version} of="waiting" />
          </>
        )}
      </Loaded>
    </>
  );
}

/** Where another filter has become active since: a candidate is not activated before. */
function CompareAnew(props: {
  site: string;
  version: string;
  active: string;
  onDone: () => void;
}): JSX.Element {
  const { site, version, active, onDone } = props;
  const action = useAction();
  const compare = (): void =>
    action.run(async () => {
      await call('POST', inSite(site, `/v1/models/${version}/report`));
      onDone();
    });
  return (
    <p>
      <button type="button" aria-disabled={action.busy} onClick={compare}>
        Compare it anew with {active}, which is active now
      </button>
      {action.problem !== '' && <span role="alert"> {action.problem}</span>}
    </p>
  );
}

function Gate({ report: { gate, active } }: { report: ReportView }): JSX.Element {
  const findings = [...gate.findings, ...(gate.warnings ?? [])];
  return (
    <>
      {gate.passed && <p class="passed">Nothing speaks against it, beside {active}.</p>}
      {findings.length > 0 && (
        <ul class="findings">
          {findings.map(({ code, detail, remedy }) => (
            <li key={code}>
              <b>{code}</b>: {detail} {remedy}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const METRICS: readonly (readonly [Metric, string])[] = [
  ['accuracy', 'accuracy'],
  ['precision', 'precision'],
  ['recall', 'recall'],
  ['mcc', 'MCC'],
  ['auc', 'AUC'],
  ['brier', 'Brier score (0 is best)'],
  ['ece', 'calibration error (0 is best)'],
  ['hamBlocked', 'good comments from 0.65 on'],
];

function Compared({ title, found }: { title: string; found: Comparison | null }): JSX.Element {
  if (found === null) return <p>{title}: too few labels to say.</p>;
  const cell = ({ metrics, intervals }: Figures, name: Metric): string => {
    const [low, high] = intervals[name] ?? [null, null];
    return `${figure(metrics[name])} (${figure(low)} to ${figure(high)})`;
  };
  const since = found.since === undefined ? '' : ` since ${new Date(found.since).toLocaleString()}`;
  return (
    <Table
      caption={`${title}${since}: ${found.ham} good, ${found.spam} spam; p ${found.p < 0.001 ? '< 0.001' : found.p.toFixed(3)} that both are equally good`}
      head={['figure', 'candidate (95 %)', 'active (95 %)']}
      rows={METRICS.map(([name, text]) => [text, cell(found.candidate, name), cell(found.active, name)])}
    />
  );
}

/** What the plots say of its own threshold, beside what the site promises its readers. */
function Promised(props: { report: ReportView; promise: ModelView['promise'] }): JSX.Element {
  const { report, promise } = props;
  const total = report.plots.histogram.reduce((sum, { ham }) => sum + (ham ?? 0), 0);
  const share = rowBelow(report.plots.thresholds, report.thresholds.spam)?.ham_blocked ?? null;
  const [low, high] = share === null ? [null, null] : wilson(share, total);
  return (
    <Table
      caption={`Good comments that it marks spam without a human, of ${total} held back`}
      head={['spam from', 'blocked (95 %)', 'promised at most', 'promise']}
      rows={[
        [
          figure(report.thresholds.spam, 4),
          `${percent(share, 2)} (${percent(low, 2)} to ${percent(high, 2)})`,
          `${percent(promise.max_ham_blocked, 2)}, with ${percent(promise.confidence)} confidence`,
          promise.proven ? 'kept' : 'not proven: nothing is marked spam without a human',
        ],
      ]}
    />
  );
}

/** Wilson's 95 % interval of a share (Wilson 1927): also near 0 % it is one. */
function wilson(share: number, count: number): [number, number] {
  const z = 1.96;
  const scale = 1 + z ** 2 / count;
  const middle = (share + z ** 2 / (2 * count)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
