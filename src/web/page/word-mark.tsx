/** Renders the service's name as it is set on every page. */
import type { JSX } from 'preact';

export function WordMark(): JSX.Element {
  return (
    <a class="mark" href="/">
      leave<i>-a-</i>reply
    </a>
  );
}
