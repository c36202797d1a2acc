/** Shows the figures of a report next to those of the version in use. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';
import type { PromiseView } from '../stats-view.ts';
import { rowBelow } from './report-plots.tsx';
import type { Comparison, Figures, Metric, ReportView } from './report-view.ts';

const METRICS: readonly Metric[] = [
  'accuracy',
  'precision',
  'recall',
  'mcc',
  'auc',
  'brier',
  'ece',
  'hamBlocked',
];

export function Compared({ title, found }: { title: string; found: Comparison | null }): JSX.Element {
  const { t, format } = useReader();
  const r = t.report;
  if (found === null) return <p>{fill(r.tooFew, { title })}</p>;
  const number = (value: number | null): string => (value === null ? '–' : format.number(value, 3));
  const cell = ({ metrics, intervals }: Figures, name: Metric): string => {
    const [low, high] = intervals[name] ?? [null, null];
    return fill(r.withInterval, { value: number(metrics[name]), low: number(low), high: number(high) });
  };
  const since = found.since === undefined ? '' : ` (${fill(r.since, { time: format.time(found.since) })})`;
  const p = found.p < 0.001 ? 'p < 0.001' : `p = ${format.number(found.p, 3)}`;
  return (
    <>
      <Table
        caption={`${title}${since}: ${fill(r.counts, { ham: format.number(found.ham), spam: format.number(found.spam) })}`}
        head={[r.figure, r.thisVersion, r.versionInUse]}
        rows={METRICS.map((name) => [r.metrics[name], cell(found.candidate, name), cell(found.active, name)])}
        empty={null}
      />
      <p class="hint">{fill(found.p < 0.05 ? r.significant : r.notSignificant, { p })}</p>
    </>
  );
}

/** What the version does at its own threshold, next to what the site promises its readers. */
export function Promised(props: { report: ReportView; promise: PromiseView }): JSX.Element {
  const { report, promise } = props;
  const { t, format } = useReader();
  const r = t.report;
  const total = report.plots.histogram.reduce((sum, { ham }) => sum + (ham ?? 0), 0);
  const share = rowBelow(report.plots.thresholds, report.thresholds.spam)?.ham_blocked ?? null;
  const [low, high] = share === null ? [null, null] : wilson(share, total);
  const percent = (value: number | null): string => (value === null ? '–' : format.percent(value, 2));
  return (
    <Table
      caption={fill(r.promised, { total: format.number(total) })}
      head={[r.spamFrom, r.blocked, r.limit, r.limitState]}
      rows={[
        [
          format.number(report.thresholds.spam, 4),
          fill(r.withInterval, { value: percent(share), low: percent(low), high: percent(high) }),
          fill(r.limitOf, {
            share: percent(promise.max_ham_blocked),
            confidence: percent(promise.confidence),
          }),
          promise.proven ? r.limitMet : r.limitOpen,
        ],
      ]}
      empty={null}
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
