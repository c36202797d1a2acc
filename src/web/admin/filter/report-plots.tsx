/** Plots a report, and says what other thresholds would change. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { call } from '../../page/service.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, useAction } from '../resource.tsx';
import type { ModelView } from './model-view.ts';
import { Plot } from './plot.tsx';
import type { ReportView, Rows } from './report-view.ts';

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
  const { t } = useReader();
  const p = t.reportPlots;
  const { plots } = report;
  const [moved, setMoved] = useState<Moved>(report.thresholds);
  const csv = (name: string): string => inSite(site, `/v1/models/${version}/plots/${name}?format=csv`);
  return (
    <div class="plots">
      <div>
        <Plot
          title={p.scores}
          rows={plots.histogram}
          x="from"
          xName={p.score}
          lines={[moved.ham, moved.spam]}
          csv={csv('histogram')}
          series={[
            { column: 'ham', name: p.ham, colour: '--ham', bars: true },
            { column: 'spam', name: p.spam, colour: '--spam', bars: true },
          ]}
        />
        <Thresholds site={site} version={version} rows={plots.thresholds} moved={moved} onMove={setMoved} />
      </div>
      <ThresholdPlots rows={plots.thresholds} spamFrom={moved.spam} csv={csv('thresholds')} />
      <Plot
        title={p.calibration}
        rows={plots.calibration.filter(({ mean_probability: mean }) => mean !== null)}
        x="mean_probability"
        xName={p.predicted}
        unit={{ x: p.predicted, y: p.found }}
        diagonal={p.diagonal}
        csv={csv('calibration')}
        series={[{ column: 'spam_share', name: p.found, colour: '--spam' }]}
        more={[
          ['count', p.count],
          ['from', p.from],
          ['to', p.to],
        ]}
      />
      <LearningPlot rows={plots.learning_curve} csv={csv('learning_curve')} />
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
  const { t, format } = useReader();
  const p = t.reportPlots;
  const action = useAction();
  const save = (): void =>
    action.run(async () => {
      const path = inSite(site, `/v1/models/${version}/thresholds`);
      location.hash = `#models/${(await call<ModelView>('POST', path, moved)).version}`;
    });
  const share = (value: number | null | undefined): string =>
    value == null ? '–' : format.percent(value, 2);
  const spam = rowBelow(rows, moved.spam);
  const ham = rowAbove(rows, moved.ham);
  return (
    <div class="thresholds">
      <Slider name={p.goodBelow} which="ham" moved={moved} onMove={onMove} />
      <Slider name={p.spamFrom} which="spam" moved={moved} onMove={onMove} />
      <p role="status">
        {fill(p.effect, {
          spamPublished: share(moved.ham === 0 ? 0 : rest(ham?.spam_caught)),
          hamPublished: share(moved.ham === 0 ? 0 : rest(ham?.ham_blocked)),
          spamMarked: share(moved.spam === 1 ? 0 : spam?.spam_caught),
          hamMarked: share(moved.spam === 1 ? 0 : spam?.ham_blocked),
        })}
      </p>
      <Button busy={action.busy} onClick={save}>
        {p.saveThresholds}
      </Button>
      <Failure of={action} />
    </div>
  );
}

function Slider(props: {
  name: string;
  which: keyof Moved;
  moved: Moved;
  onMove: (moved: Moved) => void;
}): JSX.Element {
  const { name, which, moved, onMove } = props;
  const { format } = useReader();
  return (
    <label>
      {name}: {format.number(moved[which], 4)}
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
}

function ThresholdPlots(props: { rows: Rows; spamFrom: number; csv: string }): JSX.Element {
  const { rows, spamFrom, csv } = props;
  const p = useReader().t.reportPlots;
  const at = rowBelow(rows, spamFrom);
  return (
    <>
      <Plot
        title={p.byThreshold}
        rows={rows}
        x="threshold"
        xName={p.threshold}
        lines={[spamFrom]}
        csv={csv}
        series={[
          { column: 'spam_caught', name: p.caught, colour: '--spam' },
          { column: 'precision', name: p.precision, colour: '--accent' },
          { column: 'ham_blocked', name: p.blocked, colour: '--ham' },
        ]}
      />
      <Plot
        title={p.precisionOverRecall}
        rows={byRecall(rows)}
        x="spam_caught"
        xName={p.caught}
        unit={{ x: p.caught, y: p.precision }}
        lines={at?.spam_caught == null ? [] : [at.spam_caught]}
        csv={csv}
        series={[{ column: 'precision', name: p.precision, colour: '--accent' }]}
        more={[['threshold', p.threshold]]}
      />
    </>
  );
}

function LearningPlot({
  rows,
  csv,
}: {
  rows: ReportView['plots']['learning_curve'];
  csv: string;
}): JSX.Element {
  const p = useReader().t.reportPlots;
  return (
    <Plot
      title={p.learning}
      rows={rows}
      x="samples"
      xName={p.samples}
      csv={csv}
      series={[
        { column: 'mcc', name: 'MCC', colour: '--accent' },
        { column: 'auc', name: 'AUC', colour: '--ham' },
      ]}
    />
  );
}
