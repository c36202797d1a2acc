/** Renders a list as a table, which becomes cards where the columns do not fit. */
import type { ComponentChildren, JSX } from 'preact';

export type Cell = ComponentChildren;

interface Props {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Shown instead of the rows when there are none. */
  readonly empty: ComponentChildren;
  /** Keys of the rows, for rows that come and go. */
  readonly keys?: readonly string[];
}

export function Table({ caption, head, rows, empty, keys }: Props): JSX.Element {
  return (
    // It scrolls sideways where the columns do not fit, which takes the focus for those without a mouse.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section class="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        {rows.length > 0 && (
          <thead>
            <tr>
              {head.map((text) => (
                <th scope="col" key={text}>
                  {text}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((cells, at) => (
            <tr key={keys?.[at] ?? at}>
              {cells.map((cell, column) => (
                // A card has no head: each of its lines begins with the name of its column.
                <td data-label={head[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </section>
  );
}
