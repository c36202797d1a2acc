/** `npm run bench:service`: comments checked a second, next to what the database itself takes; docs/performance.md. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { type Served, serve } from '../served.ts';
import { startBareHono } from './bare-hono.ts';
import { makeSubmission } from './comments.ts';
import { usageOf } from './cpu.ts';
import { fillStored } from './fill.ts';
import { drive, type Measured, type Wanted } from './load.ts';
import { runPgbench } from './pgbench.ts';

const { values } = parseArgs({
  options: {
    databases: { type: 'string', default: 'postgres,pglite' },
    connections: { type: 'string', default: '1,16,64' },
    /** How many comments are stored before. */
    stored: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '6' },
    /** Only the checks, without batches, pages and floods. */
    only: { type: 'string' },
  },
});
const SECONDS = Number(values.seconds);
const CONNECTIONS = values.connections.split(',').map(Number);

console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ` +
    `load ${loadavg()[0]?.toFixed(1)} before the run (it should be below 1)`,
);
const bare = await startBareHono();
show('bare Hono, 16 connections', await driveChecks({ url: bare.url, key: 'none' }, 16));
bare.stop();
for (const database of values.databases.split(',')) await measure(database);

async function measure(database: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-service-'));
  const server = database === 'postgres' ? await startPostgres([]) : null;
  const started = performance.now();
  const served = await serve({
    DATA_DIR: folder,
    PSEUDONYM_KEYS: `b1:${randomBytes(32).toString('base64')}`,
    RATE_LIMIT_PER_MINUTE: '100000000',
    ...(server && { DATABASE_URL: server.url }),
  });
  try {
    console.log(`\n## ${database}, ${values.stored} comments stored`);
    console.log(`ready in ${((performance.now() - started) / 1000).toFixed(1)} s, ${memoryOf(served)} MB`);
    if (server && Number(values.stored) > 0) await fill(server.url, served);
    for (const connections of CONNECTIONS) {
      const reference = server && (await runPgbench(server.url, connections, SECONDS));
      const [before, databaseBefore] = [usageOf(served.child.pid ?? 0), server && usageOf(server.pid)];
      const measured = await driveChecks(served, connections);
      const checks = measured.perSecond * SECONDS * 1.1;
      const cost = (seconds: number) => `${((seconds * 1000) / checks).toFixed(2)} ms`;
      const own = usageOf(served.child.pid ?? 0).seconds - before.seconds;
      const of = databaseBefore && server ? usageOf(server.pid).seconds - databaseBefore.seconds : null;
      show(`${connections} connections`, measured);
      console.log(
        `  processor time a check: ${cost(own)} service${of === null ? '' : `, ${cost(of)} database`}` +
          (reference
            ? `; pgbench ${reference.toFixed(0)}/s, ratio ${(measured.perSecond / reference).toFixed(3)}`
            : ''),
      );
    }
    if (values.only !== 'checks') await measureOthers(served);
    console.log(`${memoryOf(served)} MB after the load`);
  } finally {
    served.child.kill();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOthers(served: Served): Promise<void> {
  for (const perSecond of [500, 1_000]) {
    show(`paced ${perSecond}/s`, await driveChecks(served, 64, { perSecond }));
  }
  show('one hot post, 16 connections', await driveChecks(served, 16, { body: () => makeSubmission(1) }));
  const batch = () => `{"comments":[${Array.from({ length: 1_000 }, () => makeSubmission()).join(',')}]}`;
  const batches = { path: '/v1/comments/batch', body: batch, connections: 1, seconds: SECONDS };
  const { perSecond } = await drive(served, batches);
  console.log(`batches of 1,000: ${(perSecond * 1_000).toFixed(0)} comments/s`);
  for (const path of [
    '/v1/queue?limit=25',
    '/v1/queue/counts',
    '/v1/comments?post=post-7',
    '/metrics',
    '/livez',
  ]) {
    const read = { method: 'GET', path, connections: 1, seconds: SECONDS / 3 };
    show(`GET ${path}`, await drive(served, read));
  }
  await measureFlood(served);
}

/** One site sends as fast as it can; another sends ten a second. */
async function measureFlood(served: Served): Promise<void> {
  await served.call('POST', '/v1/sites', { slug: 'quiet', name: 'Quiet' });
  const quiet = { path: '/v1/comments?site=quiet', connections: 1, perSecond: 10 };
  const alone = await driveChecks(served, 1, quiet);
  const flood = driveChecks(served, 64, { path: '/v1/comments?site=default' });
  const flooded = await driveChecks(served, 1, quiet);
  await flood;
  show('a quiet site, alone', alone);
  show('a quiet site, while another floods', flooded);
}

async function driveChecks(
  target: { url: string; key: string },
  connections: number,
  wanted: Partial<Wanted> = {},
): Promise<Measured> {
  const usual = { path: '/v1/comments', body: () => makeSubmission(), connections, seconds: SECONDS };
  return await drive(target, { ...usual, ...wanted });
}

async function fill(url: string, served: Served): Promise<void> {
  const { items } = await served.call<{ items: { id: string }[] }>('GET', '/v1/sites');
  const began = performance.now();
  const { db, close } = await connectPostgres(url, { connections: 2, onIdleError: () => undefined });
  await fillStored(db, items[0]?.id ?? '', Number(values.stored), new Date());
  await close();
  console.log(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

function memoryOf({ child }: Served): string {
  return usageOf(child.pid ?? 0).residentMb.toFixed(0);
}

function show(name: string, { perSecond, p50, p99, statuses }: Measured): void {
  const failed = Object.entries(statuses).filter(([status]) => !status.startsWith('2'));
  const others =
    failed.length === 0 ? '' : `, ${failed.map(([status, count]) => `${count} × ${status}`).join(', ')}`;
  console.log(
    `${name}: ${perSecond.toFixed(0)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${others}`,
  );
}
