/** A plot by uPlot, with its table beside it and as CSV. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { Table } from './table.tsx';

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
  /** The column along the bottom; `days` for dates. */
  readonly x: string;
  readonly dates?: boolean;
  readonly series: readonly Series[];
  readonly csv: string;
  /** Upright lines, such as thresholds. */
  readonly lines?: readonly number[];
  /** Both axes go from 0 to 1; what they are is written beside them. */
  readonly unit?: { readonly x: string; readonly y: string };
  /** With `unit`: the line on which both are equal, and what it means. */
  readonly diagonal?: string;
  /** Columns that the table has beside those of the plot. */
  readonly more?: readonly string[];
}

const HEIGHT = 220;
const BARS = uPlot.paths.bars?.({ size: [0.9] }) ?? null;

export function Plot(props: Props): JSX.Element {
  const { title, rows, x, series, csv, diagonal, more = [] } = props;
  const holder = useRef<HTMLDivElement>(null);
  const lines = (props.lines ?? []).join(' ');
  useEffect(() => {
    if (!holder.current || rows.length === 0) return;
    const plot = draw(holder.current, props);
    return () => plot.destroy();
  }, [rows, lines]);
  const head = [x, ...series.map(({ column }) => column), ...more];
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={holder} aria-hidden="true" />
      <p class="legend">
        {series.map(({ name, colour }) => (
          <span class={`key${colour}`} key={name}>
            {name}
          </span>
        ))}
        {diagonal !== undefined && <span class="key--diagonal">{diagonal}</span>}
        <a href={csv} download>
          CSV
        </a>
      </p>
      <details>
        <summary>As a table</summary>
        <Table
          caption={title}
          head={head}
          rows={rows.map((row) => head.map((column) => show(row[column])))}
        />
      </details>
    </figure>
  );
}

function show(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
}

function draw(holder: HTMLElement, props: Props): uPlot {
  const { rows, x, dates = false, series, lines = [], unit, diagonal } = props;
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue('--text');
  const grid = { stroke: style.getPropertyValue('--line'), width: 0.5 };
  const axis = { stroke: text, grid, ticks: grid };
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
      scales: unit ? { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } } : { x: { time: dates } },
      axes: unit
        ? [
            { ...axis, label: unit.x },
            { ...axis, label: unit.y },
          ]
        : [axis, axis],
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
