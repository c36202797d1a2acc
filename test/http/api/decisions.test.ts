import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

describe.each(DATABASES)('decisions on %s', (kind) => {
  let service: TestService;
  let site: TestSite;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    site = await createTestSite(service, 'decided', { premoderate: true });
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  /** A comment that was marked spam, and again after that was undone: three decisions. */
  async function decide(fields: Record<string, unknown> = {}, { client } = site): Promise<string> {
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission(fields))).body;
    const first = await client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, {
      decision: 'spam',
    });
    expect((await client.post(`/v1/decisions/${first.body.decision_id}/undo`)).status).toBe(200);
    expect((await client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' })).status).toBe(200);
    return id;
  }

  const count = async (commentId: string) =>
    (await service.db.selectFrom('decision').select('id').where('comment_id', '=', commentId).execute())
      .length;

  test('cannot be changed, deleted or emptied, not even with the database in hand', async () => {
    const id = await decide();
    for (const statement of [
      sql`update decision set actor_name = 'someone' where comment_id = ${id}`,
      sql`update decision set undoes = null where comment_id = ${id} and decision = 'undo'`,
      sql`delete from decision where comment_id = ${id}`,
      sql`truncate decision cascade`,
    ]) {
      await expect(statement.execute(service.db)).rejects.toThrow(/append-only/);
    }
    expect(await count(id)).toBe(3);
  });

  test('stand for the text that was there: after an edit there is nothing to undo, and the comment is open for a decision', async () => {
    const { client } = await createTestSite(service, 'edited', {
      premoderate: true,
      suspect_words: ['pills'],
    });
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    const decideAs = async (decision: string, more = {}) =>
      await client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision, ...more });
    await decideAs('approve');
    const { version } = (await client.get<{ version: number }>(`/v1/comments/${id}`)).body;
    const spam = (await decideAs('spam', { version })).body.decision_id;
    service.clock.advance(1);
    await client.call('PATCH', `/v1/comments/${id}`, {
      body: { content: 'Cheap pills at http://pills.example' },
    });
    const undo = await client.post<{ code: string; detail: string }>(`/v1/decisions/${spam}/undo`);
    expect([undo.status, undo.body.code]).toEqual([409, 'not_undoable']);
    expect(undo.body.detail).toContain('The text was replaced');
    expect((await client.get(`/v1/comments/${id}`)).body).toMatchObject({ status: 'spam', label: null });
    expect((await client.get<{ items: object[] }>('/v1/decisions?undoable=true')).body.items).toEqual([]);

    service.clock.advance(1);
    const anew = await decideAs('approve');
    expect(anew.status).toBe(200);
    expect((await client.post(`/v1/decisions/${anew.body.decision_id}/undo`)).body).toMatchObject({
      status: 'spam',
    });
    expect((await client.get(`/v1/comments/${id}`)).body).toMatchObject({ status: 'spam', label: null });
  });

  test('go with their comment, when it is deleted, erased or its site ends', async () => {
    const deleted = await decide();
    expect((await site.client.call('DELETE', `/v1/comments/${deleted}`)).status).toBe(204);
    expect(await count(deleted)).toBe(0);

    const erased = await decide({ author_email: 'gone@example.org' });
    const path = '/v1/privacy/erasures?site=decided';
    expect((await admin.post(path, { email: 'gone@example.org' })).status).toBe(200);
    expect(await count(erased)).toBe(0);

    const ending = await createTestSite(service, 'ending', { premoderate: true });
    const last = await decide({}, ending);
    expect((await admin.call('DELETE', `/v1/sites/${ending.site.id}`)).status).toBe(204);
    expect(await count(last)).toBe(0);
  });

  test('are taken for 1,000 comments in one call, and for no more', async () => {
    const ids = Array.from(
      { length: 1001 },
      (_, at) => `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`,
    );
    const send = (some: string[]) =>
      site.client.post<{ code?: string; results?: { code: string }[] }>('/v1/decisions', {
        decision: 'approve',
        ids: some,
      });
    const many = await send(ids);
    expect([many.status, many.body.code]).toEqual([422, 'invalid']);
    const most = await send(ids.slice(1));
    expect([most.status, most.body.results?.length]).toEqual([200, 1000]);
    expect(new Set(most.body.results?.map(({ code }) => code))).toEqual(new Set(['not_found']));
  });
});
