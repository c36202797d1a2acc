/** Shows times as people of this locale write them. */
import type { JSX } from 'preact';
import { fill } from '../../strings/index.ts';
import { useReader } from './reader.tsx';

export function Time({ at }: { at: string | null }): JSX.Element {
  const { format } = useReader();
  return at === null ? <>–</> : <time dateTime={at}>{format.time(at)}</time>;
}

/** When something ends, or that it has ended. @param never what is said of what does not end */
export function Ends({ at, never }: { at: string | null; never: string }): JSX.Element {
  const { t, format } = useReader();
  if (at === null) return <>{never}</>;
  const over = Date.parse(at) <= Date.now();
  return <time dateTime={at}>{over ? fill(t.expired, { at: format.time(at) }) : format.time(at)}</time>;
}
