/** Renders the service's name as it is set on every page. */

import type { JSX } from 'preact';
import { BASE } from './base.ts';

export function WordMark(): JSX.Element {
  return (
    <a class="mark" href={`${BASE}/`}>
      leave<i>-a-</i>reply
    </a>
  );
}
