/** Renders the frame of a plot: title, legend, the figures as a table, and what to say without data. */
import type { ComponentChildren, JSX } from 'preact';

interface Props {
  readonly title: string;
  readonly legend: ComponentChildren;
  readonly table: ComponentChildren;
  /** Shown instead of an empty plot; '' when there is something to draw. */
  readonly empty: string;
  readonly children: ComponentChildren;
}

export function PlotFrame({ title, legend, table, empty, children }: Props): JSX.Element {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {empty === '' ? children : <p class="no-data">{empty}</p>}
      <div class="legend">{legend}</div>
      {table}
    </figure>
  );
}
