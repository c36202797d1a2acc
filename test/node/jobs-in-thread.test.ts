import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connection, connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { callProcess, PROCESS_KEY } from '../support/call-process.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, type ServiceProcess } from '../support/service-process.ts';
import { plainSamples } from '../support/trained-site.ts';
import { writeWxr } from '../support/wxr.ts';

const COMMENTS = 6_000;

const importShape = z.looseObject({
  id: z.string(),
  state: z.string(),
  records: z.number(),
  added: z.number(),
});
const jobShape = z.looseObject({ id: z.string(), state: z.string(), error: z.string().nullable() });

async function sendFile(service: ServiceProcess, file: Uint8Array<ArrayBuffer>): Promise<string> {
  const { id } = await callProcess(service, importShape, 'POST', '/v1/imports', { format: 'wxr' });
  const sent = await fetch(`${service.url}/v1/imports/${id}/parts/0`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/octet-stream' },
    body: file,
  });
  expect(sent.status).toBe(204);
  await callProcess(service, z.looseObject({}), 'POST', `/v1/imports/${id}/start`);
  return id;
}

async function train(service: ServiceProcess): Promise<z.infer<typeof jobShape>> {
  const { job } = await callProcess(service, z.looseObject({ job: z.string() }), 'POST', '/v1/models', {});
  const read = () => callProcess(service, jobShape, 'GET', `/v1/jobs/${job}`);
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toMatch(/succeeded|failed/);
  return await read();
}

describe('jobs on PostgreSQL, in a thread of their own', () => {
  const workshop = createWorkshop();
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let connection: Connection;
  let env: Environment;

  beforeAll(async () => {
    database = await createPostgresDatabase();
    connection = await connectPostgres(database.url, { connections: 1, onIdleError: () => undefined });
    env = {
      DATABASE_URL: database.url,
      PSEUDONYM_KEYS: `t1:${randomBytes(32).toString('base64')}`,
      ADMIN_API_KEY: PROCESS_KEY,
    };
  });
  afterAll(async () => {
    await workshop.clean();
    await connection.close();
    await database.drop();
  });

  it('are put back by a stop in their middle, and the next start ends them with nothing twice and nothing lost', async () => {
    const comments = Array.from({ length: COMMENTS }, (_, at) => ({
      content: `The bridge ${at} should be repaired before winter, says the council in session ${at * 7}.`,
      label: 'ham' as const,
    }));
    const first = await workshop.serve(env);
    const id = await sendFile(first, new TextEncoder().encode(writeWxr(comments)));
    const read = (service: ServiceProcess) => callProcess(service, importShape, 'GET', `/v1/imports/${id}`);
    await expect.poll(async () => (await read(first)).records, { interval: 20 }).toBeGreaterThan(0);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    const { rows } = await sql<{ state: string; attempts: number }>`
      select state, attempts from job where kind = 'import'`.execute(connection.db);
    expect(rows).toEqual([{ state: 'queued', attempts: 0 }]);

    const second = await workshop.serve(env);
    await expect.poll(async () => (await read(second)).state, { timeout: 60_000 }).toBe('succeeded');
    expect(await read(second)).toMatchObject({ records: COMMENTS, added: COMMENTS });
    const { rows: counted } = await sql<{ count: number }>`
      select count(*)::int as count from comment`.execute(connection.db);
    expect(counted).toEqual([{ count: COMMENTS }]);
  });

  it('say in the log of the service where they failed, and the next one runs', async () => {
    const service = await workshop.serve(env);
    const lines = plainSamples(600).map((sample) => JSON.stringify(sample));
    await callProcess(service, z.looseObject({}), 'POST', '/v1/samples', lines.join('\n'));
    await sql`alter table model_report rename to model_report_away`.execute(connection.db);
    const failed = await train(service);
    expect([failed.state, failed.error]).toEqual([
      'failed',
      'the job failed: the log of the service says where',
    ]);
    const [, line = ''] = await service.waitFor('stderr', /(\{.*"event":"job-failed".*\})\n/);
    // 42P01: there is no such table.
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      jobId: failed.id,
      kind: 'train',
      errorCode: '42P01',
    });

    await sql`alter table model_report_away rename to model_report`.execute(connection.db);
    expect((await train(service)).state).toBe('succeeded');
  });
});
