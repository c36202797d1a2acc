/** A fault at every single statement of what people do: each ends all or nothing, and the same again ends well. */
import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { PGLITE_PARSERS } from '../../src/storage/connection/pglite-dialect.ts';
import { writeWxr } from '../support/wxr.ts';
import type { Fault } from './faulty-dialect.ts';
import { World } from './world.ts';

/** More statements than any of these takes: the loop must end by itself. */
const TOO_MANY = 200;

describe.each<Fault>(['fail', 'conflict', 'crash', 'crash-after'])('%s at every statement', (fault) => {
  let pglite: PGlite;
  let world: World;
  let texts = 0;
  beforeAll(async () => {
    const loadDataDir = new Blob([readFileSync(inject('pgliteDump'))], { type: 'application/x-gzip' });
    pglite = await PGlite.create({ loadDataDir, parsers: PGLITE_PARSERS });
    world = await World.create(pglite, 1, { trainInThread: null });
  });
  afterAll(() => pglite.close());

  const submission = (email = 'ada@example.org') => {
    texts += 1;
    const content = `The bridge should be repaired before winter, part ${texts}.`;
    return { post: 'article', author_name: 'Ada', author_email: email, content };
  };
  const submit = async (email?: string) => {
    const answer = await world.call<{ id: string }>('ada', 'POST', '/v1/comments', submission(email));
    if (answer.kind !== 'done') throw new Error('the comment was not taken');
    return answer.body.id;
  };

  /** How many rows each table of the story has that belong to a comment, and what the comment is. */
  async function lookAt(id: string): Promise<unknown> {
    const { rows } = await sql<object>`select
      (select json_agg(json_build_array(status, label, version)) from comment where id = ${id}) as comment,
      (select count(*)::int from queue_item where comment_id = ${id}) as queued,
      (select count(*)::int from decision where comment_id = ${id}) as decisions,
      (select count(*)::int from event where subject = ${id}) as events,
      (select count(*)::int from tombstone where subject = ${id}) as tombstones`.execute(world.db);
    return rows[0];
  }

  /** Runs it with the fault at the first statement, the second …, until none is left to fail. Returns how many failed. */
  async function atEvery(attempt: (run: (work: () => Promise<unknown>) => Promise<void>) => Promise<void>) {
    for (let statement = 1; statement < TOO_MANY; statement++) {
      let struck = false;
      await attempt(async (work) => {
        await world.withFault(fault, statement, async () => {
          await work();
          struck = world.gate.disarm();
        });
      });
      if (!struck) return statement - 1;
    }
    throw new Error('the faults do not end');
  }

  test('of a submission: it is stored whole or not at all, and once when it is repeated', async () => {
    const statements = await atEvery(async (run) => {
      const body = submission();
      const headers = { 'idempotency-key': `every-${texts}` };
      const send = () => world.call<{ id: string }>('ada', 'POST', '/v1/comments', body, headers);
      const stored = async () =>
        (await sql<{ id: string }>`select id from comment where content = ${body.content}`.execute(world.db))
          .rows;
      await run(send);
      const first = await stored();
      world.pass(61);
      const again = await send();
      const after = await stored();
      expect(after).toHaveLength(1);
      expect(again).toMatchObject({ kind: 'done', body: { id: after[0]?.id } });
      if (first.length > 0) expect(after).toEqual(first);
      expect(await lookAt(after[0]?.id ?? '')).toMatchObject({ queued: 1, events: 1 });
    });
    expect(statements).toBeGreaterThan(4);
  });

  test('of a decision: status, label, queue, decision and event are all there or none', async () => {
    const whole = await submit();
    const untouched = await lookAt(whole);
    const decide = (id: string) =>
      world.call('ada', 'POST', `/v1/comments/${id}/decisions`, { decision: 'spam' });
    await decide(whole);
    const decided = await lookAt(whole);
    expect(decided).not.toEqual(untouched);
    const statements = await atEvery(async (run) => {
      const id = await submit();
      await run(() => decide(id));
      expect([untouched, decided]).toContainEqual(await lookAt(id));
      expect(await decide(id)).toMatchObject({ kind: 'done' });
      expect(await lookAt(id)).toEqual(decided);
    });
    expect(statements).toBeGreaterThan(4);
  });

  test('of an erasure: every comment of the person is gone with its traces, or none is', async () => {
    const email = 'cleo@example.org';
    const erase = () => world.call('ada', 'POST', '/v1/privacy/erasures', { email });
    const statements = await atEvery(async (run) => {
      const ids = [await submit(email), await submit(email), await submit(email)];
      await world.call('ada', 'POST', `/v1/comments/${ids[1]}/decisions`, { decision: 'approve' });
      const there = await Promise.all(ids.map(lookAt));
      await run(erase);
      const after = await Promise.all(ids.map(lookAt));
      const erased = after.every((one) => JSON.stringify(one).includes('"comment":null'));
      if (!erased) expect(after).toEqual(there);
      expect(await erase()).toMatchObject({ kind: 'done', body: { comments: erased ? 0 : 3 } });
      for (const one of await Promise.all(ids.map(lookAt))) {
        expect(one).toMatchObject({ comment: null, queued: 0, decisions: 0, tombstones: 1 });
      }
    });
    expect(statements).toBeGreaterThan(4);
  });

  // Half a minute for each fault: the worst of them is enough, which loses all that the process knew.
  test.runIf(fault === 'crash')('of an import: the job ends it, every record once', async () => {
    let imports = 0;
    const statements = await atEvery(async (run) => {
      imports += 1;
      const records = Array.from({ length: 4 }, (_, at) => ({
        content: `Imported remark ${at} of file ${imports}, about the bridge.`,
        label: at === 3 ? 'spam' : 'ham',
      }));
      const announced = await world.call<{ id: string }>('ada', 'POST', '/v1/imports', {
        format: 'wxr',
        name: `file-${imports}`,
      });
      if (announced.kind !== 'done') throw new Error('the import was not announced');
      const path = `/v1/imports/${announced.body.id}`;
      const octets = { 'content-type': 'application/octet-stream' };
      const file = writeWxr(records, new Date(Date.UTC(2025, 0, imports)));
      expect(await world.call('ada', 'PUT', `${path}/parts/0`, file, octets)).toMatchObject({ kind: 'done' });
      await run(async () => {
        await world.call('ada', 'POST', `${path}/start`);
        await world.work();
      });
      const shown = await world.call<{ job: string | null }>('ada', 'GET', path);
      if (shown.kind === 'done' && shown.body.job === null) await world.call('ada', 'POST', `${path}/start`);
      world.pass(60);
      await world.work();
      const like = `Imported remark % of file ${imports}, %`;
      const { rows } = await sql<{ n: number; texts: number }>`select count(*)::int as n,
        count(distinct content)::int as texts from comment where content like ${like}`.execute(world.db);
      const job = await world.call<{ state: string }>('ada', 'GET', path);
      const failed = job.kind === 'done' && job.body.state === 'failed';
      // A job that failed says so; the same file again adds what is missing, and nothing twice.
      if (failed) expect(rows[0]?.n).toBe(rows[0]?.texts);
      else expect(rows[0]).toEqual({ n: 4, texts: 4 });
    });
    expect(statements).toBeGreaterThan(8);
  });
});
