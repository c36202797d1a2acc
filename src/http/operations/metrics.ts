/** Prometheus text format (version 0.0.4). Counts come from the database, so every process tells the same. */
import type { countOverall } from '../../storage/stats.ts';

interface RequestCount {
  count: number;
  seconds: number;
}

/** This process's requests by route pattern, method and status. Bounded: routes are few and patterns hold no ids. */
const requests = new Map<string, RequestCount>();

export function countRequest(method: string, route: string, status: number, seconds: number): void {
  const labels = `method="${method}",route="${escapeLabel(route)}",status="${status}"`;
  const entry = requests.get(labels) ?? { count: 0, seconds: 0 };
  entry.count += 1;
  entry.seconds += seconds;
  requests.set(labels, entry);
}

export function writeMetrics(
  overall: Awaited<ReturnType<typeof countOverall>>,
  queueDepth: number,
  queueOldestSeconds: number,
  starterVersion: string,
): string {
  const sections = [
    section('comments', 'gauge', 'Stored comments by status and verdict.', [
      ...overall.comments.map(
        ({ status, verdict, count }) => [`status="${status}",verdict="${verdict}"`, count] as const,
      ),
    ]),
    section('decisions', 'gauge', 'Stored decisions of humans by kind.', [
      ...overall.decisions.map(({ decision, count }) => [`decision="${decision}"`, count] as const),
    ]),
    section('queue_depth', 'gauge', 'Comments that wait for a human.', [['', queueDepth]]),
    section('queue_oldest_seconds', 'gauge', 'Age of the oldest comment that waits.', [
      ['', queueOldestSeconds],
    ]),
    section('model_info', 'gauge', 'The shipped starter filter.', [
      [`version="${escapeLabel(starterVersion)}"`, 1],
    ]),
    section(
      'http_requests_total',
      'counter',
      'Requests of this process.',
      [...requests].map(([labels, { count }]) => [labels, count] as const),
    ),
    section(
      'http_request_seconds_total',
      'counter',
      'Time spent on them.',
      [...requests].map(([labels, { seconds }]) => [labels, seconds] as const),
    ),
  ];
  return sections.join('');
}

function section(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  values: readonly (readonly [labels: string, value: number])[],
): string {
  const metric = `leave_a_reply_${name}`;
  const lines = values.map(([labels, value]) => `${metric}${labels === '' ? '' : `{${labels}}`} ${value}\n`);
  return `# HELP ${metric} ${help}\n# TYPE ${metric} ${type}\n${lines.join('')}`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
