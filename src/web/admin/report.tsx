/** What a candidate would change: figures beside the active filter, plots, thresholds, and the comments that would flip. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../service.ts';
import { Flips } from './flips.tsx';
import { Activate, type ModelView } from './models.tsx';
import type { PartProps } from './page.tsx';
import { Plot } from './plot.tsx';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Shadow } from './shadow.tsx';
import { figure, percent, Table } from './table.tsx';

type Metric = 'accuracy' | 'precision' | 'recall' | 'mcc' | 'auc' | 'brier' | 'ece' | 'hamBlocked';
interface Figures {
  readonly metrics: Readonly<Record<Metric, number | null>>;
  readonly intervals: Readonly<Record<Metric, readonly [number, number] | null>>;
}
interface Comparison {
  readonly ham: number;
  readonly spam: number;
  readonly p: number;
  readonly active: Figures;
  readonly candidate: Figures;
  readonly since?: string;
}
type Rows = readonly Readonly<Record<string, number | null>>[];
interface ReportView {
  readonly active: string;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly by_campaign: Comparison | null;
  readonly by_time: Comparison | null;
  readonly gate: {
    readonly passed: boolean;
    readonly findings: readonly { readonly code: string; readonly detail: string; readonly remedy: string }[];
  };
  readonly flips: { readonly decided: number; readonly waiting: number };
  readonly plots: Readonly<Record<'histogram' | 'thresholds' | 'calibration' | 'learning_curve', Rows>>;
}

export function Report({ site, subject: version }: PartProps): JSX.Element {
  const model = useResource<ModelView>(inSite(site, `/v1/models/${version}`));
  const report = useResource<ReportView>(inSite(site, `/v1/models/${version}/report`));
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
            {data.state !== 'active' && <Activate site={site} model={data} onDone={model.reload} />}
          </p>
        )}
      </Loaded>
      <Loaded resource={report}>
        {(data) => (
          <>
            <Gate report={data} />
            <Compared
              title="On held-back groups of near-copies, which neither filter has learnt"
              found={data.by_campaign}
            />
            <Compared
              title="On the newest labels, by a filter trained the same way on the older ones"
              found={data.by_time}
            />
            <Plots site={site} version={version} report={data} />
            <h4>In the shadow of the active filter</h4>
            <Shadow site={site} version={version} />
            <h4>Decisions that would flip: {data.flips.decided}</h4>
            <Flips site={site} version={version} of="decided" />
            <h4>Waiting comments that would flip: {data.flips.waiting}</h4>
            <Flips site={site} version={version} of="waiting" />
          </>
        )}
      </Loaded>
    </>
  );
}

function Gate({ report: { gate, active } }: { report: ReportView }): JSX.Element {
  if (gate.passed) return <p class="passed">Nothing speaks against it, beside {active}.</p>;
  return (
    <ul class="findings">
      {gate.findings.map(({ code, detail, remedy }) => (
        <li key={code}>
          <b>{code}</b>: {detail} {remedy}
        </li>
      ))}
    </ul>
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

function Plots(props: { site: string; version: string; report: ReportView }): JSX.Element {
  const { site, version, report } = props;
  const { plots } = report;
  const [ham, setHam] = useState(report.thresholds.ham);
  const [spam, setSpam] = useState(report.thresholds.spam);
  const csv = (name: string): string => inSite(site, `/v1/models/${version}/plots/${name}?format=csv`);
  const at = plots.thresholds.findLast(({ threshold }) => (threshold ?? 1) <= spam);
  const action = useAction();
  const save = (): void =>
    action.run(async () => {
      const path = inSite(site, `/v1/models/${version}/thresholds`);
      const moved = await call<ModelView>('POST', path, { ham, spam });
      location.hash = `#models/${moved.version}`;
    });
  const slider = (name: string, value: number, set: (value: number) => void): JSX.Element => (
    <label>
      {name}: {value.toFixed(4)}
      <input
        type="range"
        min="0"
        max="1"
        step="0.0001"
        value={value}
        onInput={(event) => set(Number(event.currentTarget.value))}
      />
    </label>
  );
  return (
    <div class="plots">
      <div>
        <Plot
          title="Scores by class, with the thresholds"
          rows={plots.histogram}
          x="from"
          lines={[ham, spam]}
          csv={csv('histogram')}
          series={[
            { column: 'ham', name: 'good', colour: '--ham', bars: true },
            { column: 'spam', name: 'spam', colour: '--spam', bars: true },
          ]}
        />
        <div class="thresholds">
          {slider('good below', ham, setHam)}
          {slider('spam from', spam, setSpam)}
          <p role="status">
            Marked spam without a human: {percent(at?.spam_caught)} of the spam and{' '}
            {percent(at?.ham_blocked, 2)} of the good comments.
          </p>
          <button type="button" disabled={action.busy} onClick={save}>
            Make a version with these thresholds
          </button>
          {action.problem !== '' && <p role="alert">{action.problem}</p>}
        </div>
      </div>
      <Plot
        title="What each threshold for spam would do"
        rows={plots.thresholds}
        x="threshold"
        lines={[spam]}
        csv={csv('thresholds')}
        series={[
          { column: 'spam_caught', name: 'spam caught (recall)', colour: '--spam' },
          { column: 'precision', name: 'precision', colour: '--accent' },
          { column: 'ham_blocked', name: 'good blocked', colour: '--ham' },
        ]}
      />
      <Plot
        title="Believed and found share of spam"
        rows={plots.calibration}
        x="from"
        csv={csv('calibration')}
        series={[
          { column: 'mean_probability', name: 'believed', colour: '--accent' },
          { column: 'spam_share', name: 'found', colour: '--spam' },
        ]}
      />
      <Plot
        title="Learning curve: quality by the number of labels"
        rows={plots.learning_curve}
        x="samples"
        csv={csv('learning_curve')}
        series={[
          { column: 'mcc', name: 'MCC', colour: '--accent' },
          { column: 'auc', name: 'AUC', colour: '--ham' },
        ]}
      />
    </div>
  );
}
