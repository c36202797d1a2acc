/** Writes the metrics in Prometheus's text format (version 0.0.4). Counts of what is stored come from the database, so that every process reports the same. */
import type { ProcessFigures } from '../../service.ts';
import type { countOverall, countWork } from '../../storage/stats.ts';

interface Histogram {
  /** How many requests took at most the bound of the same place in {@link BUCKETS}. */
  readonly counts: number[];
  count: number;
  seconds: number;
}

/** In seconds: from a check of a comment (median 3 ms) to the longest answer before a proxy gives up. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** This process's requests by route pattern, method and status. Bounded: routes are few and patterns hold no ids. */
const requests = new Map<string, number>();
/** Without the status, which would multiply the twelve lines of each. */
const durations = new Map<string, Histogram>();

export function countRequest(method: string, route: string, status: number, seconds: number): void {
  const labels = `method="${method}",route="${escapeLabel(route)}"`;
  const counted = `${labels},status="${status}"`;
  requests.set(counted, (requests.get(counted) ?? 0) + 1);
  const histogram = durations.get(labels) ?? { counts: BUCKETS.map(() => 0), count: 0, seconds: 0 };
  for (const [at, bound] of BUCKETS.entries()) {
    if (seconds <= bound) histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
  }
  histogram.count += 1;
  histogram.seconds += seconds;
  durations.set(labels, histogram);
}

type Value = readonly [labels: string, value: number];

interface Measured {
  readonly overall: Awaited<ReturnType<typeof countOverall>>;
  readonly work: Awaited<ReturnType<typeof countWork>>;
  readonly queueDepth: number;
  readonly queueOldestSeconds: number;
  readonly starterVersion: string;
  /** Left out on Workers. */
  readonly process: ProcessFigures | undefined;
}

export function writeMetrics({ overall, work, process, ...found }: Measured): string {
  const sections = [
    own('comments', 'gauge', 'Stored comments by status and verdict.', [
      ...overall.comments.map(
        ({ status, verdict, count }): Value => [`status="${status}",verdict="${verdict}"`, count],
      ),
    ]),
    own('decisions', 'gauge', 'Stored decisions of moderators by kind.', [
      ...overall.decisions.map(({ decision, count }): Value => [`decision="${decision}"`, count]),
    ]),
    own('queue_depth', 'gauge', 'Held comments that wait for a decision.', [['', found.queueDepth]]),
    own('queue_oldest_seconds', 'gauge', 'Age of the oldest waiting comment.', [
      ['', found.queueOldestSeconds],
    ]),
    own('jobs', 'gauge', 'Jobs of the last 30 days by kind and state.', [
      ...work.jobs.map(({ kind, state, count }): Value => [`kind="${kind}",state="${state}"`, count]),
    ]),
    own('webhook_deliveries', 'gauge', 'Webhook messages of the last 30 days by state.', [
      ...work.deliveries.map(({ state, count }): Value => [`state="${state}"`, count]),
    ]),
    own('model_info', 'gauge', 'The shipped starter filter.', [
      [`version="${escapeLabel(found.starterVersion)}"`, 1],
    ]),
    own('http_requests_total', 'counter', 'Requests of this process by route and status.', [...requests]),
    writeDurations(),
    ...(process === undefined ? [] : writeProcess(process)),
  ];
  return sections.join('');
}

function writeDurations(): string {
  const name = 'leave_a_reply_http_request_duration_seconds';
  const lines = [...durations].flatMap(([labels, { counts, count, seconds }]) => [
    ...BUCKETS.map((bound, at) => `${name}_bucket{${labels},le="${bound}"} ${counts[at] ?? 0}\n`),
    `${name}_bucket{${labels},le="+Inf"} ${count}\n`,
    `${name}_sum{${labels}} ${seconds}\n`,
    `${name}_count{${labels}} ${count}\n`,
  ]);
  return `${head(name, 'histogram', 'Duration of the requests of this process by route.')}${lines.join('')}`;
}

/** Under the names that dashboards for Node know. */
function writeProcess(figures: ProcessFigures): readonly string[] {
  return [
    section('process_cpu_seconds_total', 'counter', 'CPU time of this process.', [['', figures.cpuSeconds]]),
    section('process_resident_memory_bytes', 'gauge', 'Resident memory of this process.', [
      ['', figures.residentBytes],
    ]),
    section('process_start_time_seconds', 'gauge', 'Start of this process in Unix time.', [
      ['', figures.startedAtSeconds],
    ]),
    section('nodejs_heap_size_used_bytes', 'gauge', 'Used heap of this process.', [['', figures.heapBytes]]),
    section(
      'nodejs_eventloop_lag_p99_seconds',
      'gauge',
      '99th percentile of the event loop delay since start.',
      [['', figures.loopDelayP99Seconds]],
    ),
  ];
}

function own(name: string, type: 'gauge' | 'counter', help: string, values: readonly Value[]): string {
  return section(`leave_a_reply_${name}`, type, help, values);
}

function section(metric: string, type: 'gauge' | 'counter', help: string, values: readonly Value[]): string {
  const lines = values.map(([labels, value]) => `${metric}${labels === '' ? '' : `{${labels}}`} ${value}\n`);
  return `${head(metric, type, help)}${lines.join('')}`;
}

function head(metric: string, type: string, help: string): string {
  return `# HELP ${metric} ${help}\n# TYPE ${metric} ${type}\n`;
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
