/** The plots of a report, and what moving the thresholds on them would change. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { ModelView } from './models.tsx';
import { Plot } from './plot.tsx';
import type { ReportView, Rows } from './report-view.ts';
import { inSite, useAction } from './resource.tsx';
import { percent } from './table.tsx';

interface Props {
  readonly site: string;
  readonly version: string;
  readonly report: ReportView;
}

interface Moved {
  readonly ham: number;
  readonly spam: number;
}

export function ReportPlots({ site, version, report }: Props): JSX.Element {
  const { plots } = report;
  const [moved, setMoved] = useState<Moved>(report.thresholds);
  const csv = (name: string): string => inSite(site, `/v1/models/${version}/plots/${name}?format=csv`);
  const at = rowBelow(plots.thresholds, moved.spam);
  return (
    <div class="plots">
      <div>
        <Plot
          title="Scores by class, with the thresholds"
          rows={plots.histogram}
          x="from"
          lines={[moved.ham, moved.spam]}
          csv={csv('histogram')}
          series={[
            { column: 'ham', name: 'good', colour: '--ham', bars: true },
            { column: 'spam', name: 'spam', colour: '--spam', bars: true },
          ]}
        />
        <Thresholds site={site} version={version} rows={plots.thresholds} moved={moved} onMove={setMoved} />
      </div>
      <Plot
        title="What each threshold for spam would do"
        rows={plots.thresholds}
        x="threshold"
        lines={[moved.spam]}
        csv={csv('thresholds')}
        series={[
          { column: 'spam_caught', name: 'spam caught (recall)', colour: '--spam' },
          { column: 'precision', name: 'precision', colour: '--accent' },
          { column: 'ham_blocked', name: 'good blocked', colour: '--ham' },
        ]}
      />
      <Plot
        title="Precision over recall, by the threshold for spam"
        rows={byRecall(plots.thresholds)}
        x="spam_caught"
        unit={{ x: 'recall: share of the spam that is caught', y: 'precision' }}
        lines={at?.spam_caught == null ? [] : [at.spam_caught]}
        csv={csv('thresholds')}
        series={[{ column: 'precision', name: 'precision', colour: '--accent' }]}
        more={['threshold']}
      />
      <Plot
        title="Calibration: believed and found share of spam"
        rows={plots.calibration.filter(({ mean_probability: mean }) => mean !== null)}
        x="mean_probability"
        unit={{ x: 'believed', y: 'found' }}
        diagonal="what is believed is found"
        csv={csv('calibration')}
        series={[{ column: 'spam_share', name: 'found share of spam', colour: '--spam' }]}
        more={['count', 'from', 'to']}
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

/** The thresholds go up, the recall goes down; uPlot wants the bottom axis in order. */
function byRecall(rows: Rows): Rows {
  return rows
    .filter(({ spam_caught: recall, precision }) => recall != null && precision != null)
    .toSorted((a, b) => (a.spam_caught ?? 0) - (b.spam_caught ?? 0));
}

/** The plots know a hundred thresholds: the next one on the side that flatters neither class of error. */
export function rowBelow(rows: Rows, threshold: number): Rows[number] | undefined {
  return rows.findLast((row) => (row.threshold ?? 1) <= threshold);
}
function rowAbove(rows: Rows, threshold: number): Rows[number] | undefined {
  return rows.find((row) => (row.threshold ?? 0) >= threshold);
}

const rest = (share: number | null | undefined): number | null => (share == null ? null : 1 - share);

function Thresholds(props: {
  site: string;
  version: string;
  rows: Rows;
  moved: Moved;
  onMove: (moved: Moved) => void;
}): JSX.Element {
  const { site, version, rows, moved, onMove } = props;
  const action = useAction();
  const save = (): void =>
    action.run(async () => {
      const path = inSite(site, `/v1/models/${version}/thresholds`);
      location.hash = `#models/${(await call<ModelView>('POST', path, moved)).version}`;
    });
  const slider = (name: string, which: keyof Moved): JSX.Element => (
    <label>
      {name}: {moved[which].toFixed(4)}
      <input
        type="range"
        min="0"
        max="1"
        step="0.0001"
        value={moved[which]}
        onInput={(event) => onMove({ ...moved, [which]: Number(event.currentTarget.value) })}
      />
    </label>
  );
  const spam = rowBelow(rows, moved.spam);
  const ham = rowAbove(rows, moved.ham);
  return (
    <div class="thresholds">
      {slider('good below', 'ham')}
      {slider('spam from', 'spam')}
      <p role="status">
        Published without a human: {percent(moved.ham === 0 ? 0 : rest(ham?.spam_caught), 2)} of the spam and{' '}
        {percent(moved.ham === 0 ? 0 : rest(ham?.ham_blocked))} of the good comments. Marked spam without a
        human: {percent(moved.spam === 1 ? 0 : spam?.spam_caught)} of the spam and{' '}
        {percent(moved.spam === 1 ? 0 : spam?.ham_blocked, 2)} of the good comments. The rest waits for a
        human.
      </p>
      <button type="button" aria-disabled={action.busy} onClick={save}>
        Make a version with these thresholds
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </div>
  );
}
