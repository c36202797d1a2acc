/** Shows how far one has come today: what waits, what one decided, and when the queue will be empty. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { call } from '../page/service.ts';
import { formatCounted, formatNumber } from './figures.ts';
import type { Desk } from './state/queue-actions.ts';

/** Nobody else sees the own figures. */
interface Statistic {
  readonly decided: number;
  readonly undone: number;
  readonly median_seconds: number | null;
}

/** Asked for again this long after the last change. */
const REST_MS = 1500;
const MOST_COUNTED = 10_000;

/** `changes`: grows with each decision that the service has taken. */
export function OwnStatistic(props: {
  desk: Desk;
  changes: number;
  waiting: number | null;
  strings: Strings;
  language: string;
}): JSX.Element {
  const { desk, changes, waiting, strings, language } = props;
  const [own, setOwn] = useState<Statistic | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const since = encodeURIComponent(startOfDay().toISOString());
      const path = desk.inSite(`/v1/decisions/statistics?since=${since}`);
      call<Statistic>('GET', path).then(setOwn, () => undefined);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [desk, changes]);
  return (
    <section class="own" aria-label={strings.progress}>
      <ul>
        {sayProgress(own, waiting, strings, language).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

function startOfDay(): Date {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  return today;
}

function sayProgress(
  own: Statistic | null,
  waiting: number | null,
  strings: Strings,
  language: string,
): string[] {
  const lines: string[] = [];
  if (waiting !== null)
    lines.push(fill(strings.progressWaiting, { count: formatCounted(waiting, MOST_COUNTED, language) }));
  if (own === null) return lines;
  const { decided, undone, median_seconds: median } = own;
  lines.push(fill(strings.progressToday, { count: formatNumber(decided, language) }));
  if (undone > 0) lines.push(fill(strings.undone, { count: formatNumber(undone, language) }));
  if (median === null) return lines;
  lines.push(fill(strings.progressPace, { seconds: formatNumber(median, language, 1) }));
  if (waiting !== null && waiting > 0) {
    const minutes = Math.max(1, Math.ceil((waiting * median) / 60));
    lines.push(fill(strings.progressEnd, { minutes: formatNumber(minutes, language) }));
  }
  return lines;
}
