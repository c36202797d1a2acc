/** Draws a plot by uPlot, with its figures as a table and as CSV. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Format } from '../../page/format.ts';
import { PlotFrame } from '../../page/plot-frame.tsx';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';

type Row = Readonly<Record<string, number | string | null>>;

export interface Series {
  readonly column: string;
  readonly name: string;
  /** A custom property of the style sheet. */
  readonly colour: '--spam' | '--ham' | '--accent';
  readonly bars?: boolean;
}

interface Props {
  readonly title: string;
  readonly rows: readonly Row[];
  /** The column along the bottom, and its name. */
  readonly x: string;
  readonly xName: string;
  readonly dates?: boolean;
  readonly series: readonly Series[];
  readonly csv: string;
  /** Upright lines, such as thresholds. */
  readonly lines?: readonly number[];
  /** Both axes go from 0 to 1; what they are is written beside them. */
  readonly unit?: { readonly x: string; readonly y: string };
  /** With `unit`: the line on which both are equal, and what it means. */
  readonly diagonal?: string;
  /** Columns that the table has in addition to those of the plot, with their names. */
  readonly more?: readonly (readonly [column: string, name: string])[];
}

const HEIGHT = 220;
const BARS = uPlot.paths.bars?.({ size: [0.9] }) ?? null;

export function Plot(props: Props): JSX.Element {
  const { title, rows, x, xName, series, csv, dates = false, diagonal, more = [] } = props;
  const { t, format, locale } = useReader();
  const holder = useRef<HTMLDivElement>(null);
  const lines = (props.lines ?? []).join(' ');
  const known = rows.some((row) =>
    series.some(({ column }) => typeof row[column] === 'number' && row[column] !== 0),
  );
  useEffect(() => {
    if (!holder.current || !known) return;
    const plot = draw(holder.current, props, format, locale);
    return () => plot.destroy();
  }, [rows, lines, known]);
  const columns = [
    [x, xName] as const,
    ...series.map(({ column, name }) => [column, name] as const),
    ...more,
  ];
  const show = (value: Row[string] | undefined, column: string): string => {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'number')
      return new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value);
    return dates && column === x ? format.shortDay(new Date(value)) : value;
  };
  return (
    <PlotFrame
      title={title}
      empty={known ? '' : t.plots.noData}
      legend={<Legend series={series} diagonal={diagonal} csv={csv} />}
      table={
        <details>
          <summary>{t.plots.asTable}</summary>
          <Table
            caption={title}
            head={columns.map(([, name]) => name)}
            rows={rows.map((row) => columns.map(([column]) => show(row[column], column)))}
            empty={<p>{t.plots.noData}</p>}
          />
        </details>
      }
    >
      <div ref={holder} aria-hidden="true" />
    </PlotFrame>
  );
}

function Legend({
  series,
  diagonal,
  csv,
}: Pick<Props, 'series' | 'csv'> & { diagonal: string | undefined }): JSX.Element {
  return (
    <>
      {series.map(({ name, colour }) => (
        <span class={`key${colour}`} key={name}>
          {name}
        </span>
      ))}
      {diagonal !== undefined && <span class="key--diagonal">{diagonal}</span>}
      <a href={csv} download>
        CSV
      </a>
    </>
  );
}

const DAY_SECONDS = 86_400;

function draw(holder: HTMLElement, props: Props, format: Format, locale: string): uPlot {
  const { rows, x, dates = false, series, lines = [], unit, diagonal } = props;
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue('--text');
  const toNumber = (value: Row[string] | undefined): number =>
    dates ? Date.parse(String(value)) / 1000 : Number(value);
  const columns = series.map(({ column }) => rows.map((row) => row[column] as number | null));
  return new uPlot(
    {
      width: Math.max(280, holder.clientWidth),
      height: HEIGHT,
      legend: { show: false },
      // A day is a day, whatever zone the reader is in.
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      scales: unit
        ? { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } }
        : {
            // Half a day on both sides: the first and the last bar are whole.
            x: dates
              ? { time: true, range: (_, from, to) => [from - DAY_SECONDS / 2, to + DAY_SECONDS / 2] }
              : { time: false },
          },
      axes: axesOf(props, format, locale),
      series: [
        {},
        ...series.map(({ name, colour, bars }) => ({
          label: name,
          stroke: style.getPropertyValue(colour),
          width: 2,
          ...(bars === true &&
            BARS !== null && { paths: BARS, fill: `${style.getPropertyValue(colour).trim()}55` }),
        })),
      ],
      hooks: {
        draw: [
          (plot) => {
            drawLines(plot, lines, text);
            if (diagonal !== undefined) drawDiagonal(plot, text);
          },
        ],
      },
    },
    [rows.map((row) => toNumber(row[x])), ...columns] as uPlot.AlignedData,
    holder,
  );
}

function axesOf({ dates = false, unit }: Props, format: Format, locale: string): uPlot.Axis[] {
  const style = getComputedStyle(document.documentElement);
  const grid = { stroke: style.getPropertyValue('--line'), width: 0.5 };
  const figures = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: 'compact' });
  const axis: uPlot.Axis = {
    stroke: style.getPropertyValue('--text'),
    grid,
    ticks: grid,
    font: `12px ${style.getPropertyValue('--sans')}`,
    values: (_, splits) => splits.map((value) => figures.format(value)),
  };
  if (unit) {
    return [
      { ...axis, label: unit.x },
      { ...axis, label: unit.y },
    ];
  }
  if (!dates) return [axis, axis];
  const days: uPlot.Axis = {
    ...axis,
    values: (_, splits) => splits.map((seconds) => format.shortDay(new Date(seconds * 1000))),
    // A tick for less than a day would write the same date twice.
    incrs: [1, 2, 7, 14, 28].map((count) => count * DAY_SECONDS),
    space: 60,
  };
  return [days, axis];
}

function drawLines(plot: uPlot, at: readonly number[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  for (const value of at) {
    const left = plot.valToPos(value, 'x', true);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function drawDiagonal(plot: uPlot, colour: string): void {
  const { ctx } = plot;
  const at = (value: number): [number, number] => [
    plot.valToPos(value, 'x', true),
    plot.valToPos(value, 'y', true),
  ];
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([6, 6]);
  ctx.beginPath();
  ctx.moveTo(...at(0));
  ctx.lineTo(...at(1));
  ctx.stroke();
  ctx.restore();
}
