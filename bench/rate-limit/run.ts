/**
 * What a rate limit costs a request: ours beside rate-limiter-flexible in memory, 10,000 keys in turn.
 *
 *     npm run bench:rate-limit     (installs rate-limiter-flexible into node_modules/.cache)
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { createLimiter } from '../../src/moderation/access/rate-limit.ts';

interface Flexible {
  readonly RateLimiterMemory: new (options: {
    points: number;
    duration: number;
  }) => { consume: (key: string) => Promise<unknown> };
}

const KEYS = 10_000;
const CALLS = 1_000_000;

const folder = resolve('node_modules/.cache/rate-limit');
mkdirSync(folder, { recursive: true });
execFileSync(
  'npm',
  ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, 'rate-limiter-flexible@11.4.0'],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const { RateLimiterMemory } = createRequire(join(folder, 'x.js'))('rate-limiter-flexible') as Flexible;

const names = Array.from({ length: KEYS }, (_, at) => `key${at}`);
const nameOf = (call: number) => names[call % KEYS] ?? '';

async function measure(name: string, work: (call: number) => unknown): Promise<void> {
  const started = performance.now();
  for (let call = 0; call < CALLS; call++) {
    const result = work(call);
    if (result instanceof Promise) await result;
  }
  const microseconds = ((performance.now() - started) * 1000) / CALLS;
  console.log(`${name}: ${microseconds.toFixed(2)} µs a call`);
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
const limit = { quota: 600_000, windowSeconds: 60 };
const ours = createLimiter();
await measure('ours', (call) => ours(nameOf(call), limit, Date.now(), 1));
const flexible = new RateLimiterMemory({ points: limit.quota, duration: limit.windowSeconds });
await measure('rate-limiter-flexible', (call) => flexible.consume(nameOf(call)));
