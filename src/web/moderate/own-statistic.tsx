/** The own session alone; nobody else sees it. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { call } from '../page/service.ts';
import { formatNumber } from './figures.ts';
import type { Desk } from './state/queue-actions.ts';

interface Statistic {
  readonly decided: number;
  readonly undone: number;
  readonly median_seconds: number | null;
}

/** Asked for again this long after the last change. */
const REST_MS = 1500;

/** `changes`: grows with each decision that the service has taken. */
export function OwnStatistic(props: {
  desk: Desk;
  changes: number;
  strings: Strings;
  language: string;
}): JSX.Element {
  const { desk, changes, strings, language } = props;
  const [own, setOwn] = useState<Statistic | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      call<Statistic>('GET', desk.inSite('/v1/decisions/statistics')).then(setOwn, () => undefined);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [desk, changes]);
  const parts = own === null ? [] : sayStatistic(own, strings, language);
  return <footer class="own">{parts.join(' · ')}</footer>;
}

function sayStatistic(own: Statistic, strings: Strings, language: string): string[] {
  const { decided, undone, median_seconds: median } = own;
  const counts = [fill(strings.decided, { count: decided }), fill(strings.undone, { count: undone })];
  if (median === null) return counts;
  return [...counts, fill(strings.median, { seconds: formatNumber(median, language, 1) })];
}
