/** Tables: what every list and every plot is, for those who read and those who listen. */
import type { ComponentChildren, JSX } from 'preact';

export type Cell = ComponentChildren;

export function Table(props: {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}): JSX.Element {
  const { caption, head, rows } = props;
  return (
    // It scrolls sideways where the columns do not fit, which takes the focus for those without a mouse.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section class="table" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((text) => (
              <th scope="col" key={text}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p>Nothing yet.</p>}
    </section>
  );
}

/** A time as people of this browser write it. */
export function Time({ at }: { at: string | null }): JSX.Element {
  return at === null ? <>–</> : <time dateTime={at}>{new Date(at).toLocaleString()}</time>;
}

/** When something ends, or that it is over. @param never what is said of what does not end */
export function Ends({ at, never }: { at: string | null; never: string }): JSX.Element {
  if (at === null) return <>{never}</>;
  return (
    <>
      {Date.parse(at) <= Date.now() && 'over since '}
      <Time at={at} />
    </>
  );
}

export function percent(share: number | null | undefined, digits = 1): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(digits)} %`;
}

export function figure(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}
