/**
 * `npm run bench:training`: a training of `--samples` (1,000,000) on PostgreSQL while comments come in at `--rate` (20) a
 * second: how long it takes, what the process holds, and what the answers take alone and meanwhile.
 * It prints a table.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { type Served, serve } from '../served.ts';
import { fillSamples } from './fill.ts';
import { type Latencies, startLoad } from './load.ts';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
  },
});
const SAMPLES = Number(values.samples);
const RATE = Number(values.rate);
const ALONE_SECONDS = Number(values.seconds);
const STEPS = 10;
const POLL_MS = 250;

/** Of the training that runs, to a quarter of a second. */
let phaseNow = 'counting';

interface Job {
  readonly state: string;
  readonly phase: string | null;
  readonly done: number;
  readonly error: string | null;
  readonly result: { readonly metrics: { readonly mcc: number | null } } | null;
}
interface Trained {
  readonly seconds: number;
  /** Seconds of each phase, to a quarter. */
  readonly phases: ReadonlyMap<string, number>;
  /** Resident MiB of the service when each tenth was read, and the most while it fitted. */
  readonly resident: readonly number[];
  readonly fitting: number;
  readonly mcc: number | null;
}

const server = await startPostgres();
let service: Served | undefined;
try {
  await measure();
} finally {
  service?.child.kill('SIGKILL');
  await server.stop();
}

async function measure(): Promise<void> {
  service = await serve({
    DATABASE_URL: server.url,
    PSEUDONYM_KEYS: `b1:${randomBytes(32).toString('base64')}`,
  });
  const { url, key, call } = service;
  const { items } = await call<{ items: { id: string }[] }>('GET', '/v1/sites');
  const site = items[0]?.id ?? '';
  await call('PATCH', `/v1/sites/${site}`, { settings: { flood_seconds: 0 } });
  const filled = performance.now();
  await fillSamples(server.url, site, SAMPLES);
  console.log(`${SAMPLES} samples written in ${seconds(performance.now() - filled)} s`);
  console.log(`load of the machine before: ${describeLoad()}`);

  const resting = resident();
  const warm = startLoad(url, key, RATE);
  await wait(10_000);
  await warm.stop();
  const load = startLoad(url, key, RATE);
  await watch(call, ALONE_SECONDS);
  const alone = await load.stop();
  const meanwhileLoad = startLoad(url, key, RATE, () => phaseNow);
  const busy = await train(call);
  const meanwhile = await meanwhileLoad.stop();
  console.log(`load of the machine while it trains: ${describeLoad()}`);
  report(alone, meanwhile);
  console.log(`resident before: ${resting} MiB`);
  describe(`training with ${RATE} comments a second`, busy);
  describe('training alone', await train(call));
  const cpu = cpus();
  console.log(
    `Node ${process.version}, ${cpu.length} × ${cpu[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
  );
}

/** Asks for the jobs as often as while one runs: what asking costs is not what training costs. */
async function watch(call: Served['call'], seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await call('GET', '/v1/jobs');
    await wait(POLL_MS);
  }
}

async function train(call: Served['call']): Promise<Trained> {
  const started = performance.now();
  const { job: id } = await call<{ job: string }>('POST', '/v1/models', {});
  const held: number[] = [];
  const phases = new Map<string, number>();
  let asked = started;
  let fitting = 0;
  for (;;) {
    const job = await call<Job>('GET', `/v1/jobs/${id}`);
    const now = performance.now();
    const phase = job.phase ?? 'counting';
    phaseNow = phase;
    phases.set(phase, (phases.get(phase) ?? 0) + (now - asked) / 1000);
    asked = now;
    if (job.done >= SAMPLES) fitting = Math.max(fitting, resident());
    else if (job.done >= ((held.length + 1) * SAMPLES) / STEPS) held.push(resident());
    if (job.state === 'succeeded') {
      const mcc = job.result?.metrics.mcc ?? null;
      return { seconds: (now - started) / 1000, phases, resident: held, fitting, mcc };
    }
    if (job.state !== 'queued' && job.state !== 'running') throw new Error(`${job.state}: ${job.error}`);
    await wait(POLL_MS);
  }
}

function report(alone: Latencies, meanwhile: Latencies): void {
  console.log('\n| POST /v1/comments | alone | while it trains | ratio |\n|---|---|---|---|');
  for (const name of ['p50', 'p90', 'p99', 'max'] as const) {
    const [before, during] = [alone[name], meanwhile[name]];
    console.log(
      `| ${name}, ms | ${before.toFixed(1)} | ${during.toFixed(1)} | ${(during / before).toFixed(2)} |`,
    );
  }
  console.log(`| answers | ${alone.answers} | ${meanwhile.answers} | |`);
  console.log(`| failures | ${alone.failures} | ${meanwhile.failures} | |\n`);
  for (const [name, { p99, max, answers }] of meanwhile.phases) {
    console.log(
      `while ${name}: p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(1)} ms of ${answers} answers`,
    );
  }
}

function describe(what: string, { seconds, phases, resident: held, fitting, mcc }: Trained): void {
  const spent = [...phases].map(([phase, took]) => `${phase} ${took.toFixed(1)}`).join(', ');
  console.log(
    `${what}: ${seconds.toFixed(1)} s (${spent}); MiB resident after each tenth: ${held.join(', ')}; most while it fits: ${fitting}; MCC ${mcc?.toFixed(4)}`,
  );
}

/** MiB of the service's process. */
function resident(): number {
  const status = readFileSync(`/proc/${service?.child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function describeLoad(): string {
  return `${loadavg()[0]?.toFixed(1)} on ${cpus().length} cores`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
