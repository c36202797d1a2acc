import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

interface Exported {
  comments: { id: string; content: string }[];
}

describe.each(DATABASES)('requests by a person on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  const text = (at: number) => `This is what I said about the bridge and the timetable, part ${at} of it.`;

  test('an export holds what was written under the address, in every spelling of it, and no pseudonym', async () => {
    const { client, site } = await createTestSite(service, 'exporting');
    const addresses = ['Ada@Example.org', 'ada@example.org', 'ada+news@example.org'];
    for (const [at, author_email] of addresses.entries()) {
      service.clock.advance(1);
      await client.post('/v1/comments', submission({ author_email, content: text(at) }));
    }
    await client.post('/v1/comments', submission({ author_email: 'ben@example.org' }));
    const path = '/v1/privacy/exports?site=exporting';
    const { status, body, text: raw } = await admin.post<Exported>(path, { email: ' ADA@example.org ' });
    expect([status, body.comments.map(({ content }) => content)]).toEqual([200, [0, 1, 2].map(text)]);
    expect(raw).not.toMatch(/t1:|@/);
    const row = await service.db
      .selectFrom('audit')
      .selectAll()
      .where('site_id', '=', site.id)
      .where('action', '=', 'privacy.export')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain('example.org');
    expect(row.detail).toEqual({ comments: 3 });
  });

  test('an erasure leaves nothing of the person: not the comments, samples or labels, nor the address in others’ texts', async () => {
    const { client, site } = await createTestSite(service, 'erasing');
    const parent = await client.post<{ id: string }>(
      '/v1/comments',
      submission({ author_email: 'cleo@example.org', content: text(1) }),
      { headers: { 'idempotency-key': 'once' } },
    );
    await client.post(`/v1/comments/${parent.body.id}/decisions`, { decision: 'approve' });
    const answer = await client.post<{ id: string }>(
      '/v1/comments',
      submission({ parent: parent.body.id, content: 'You can reach her at CLEO@example.org, she knows it.' }),
    );
    const samples = [
      { content: text(1), label: 'ham' },
      { content: 'Another text, of somebody else, which has to stay.', label: 'ham' },
    ];
    await client.post('/v1/samples', samples.map((sample) => JSON.stringify(sample)).join('\n'), {
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const erase = async () =>
      await admin.post('/v1/privacy/erasures?site=erasing', { email: 'cleo@example.org' });
    expect((await erase()).body).toEqual({ comments: 1, samples: 1, mentions: 1 });
    expect((await client.get(`/v1/comments/${parent.body.id}`)).status).toBe(404);
    const left = (await client.get<{ content: string; parent: null }>(`/v1/comments/${answer.body.id}`)).body;
    expect([left.content, left.parent]).toEqual(['You can reach her at […], she knows it.', null]);
    for (const table of ['comment', 'decision', 'sample', 'event', 'audit', 'queue_item'] as const) {
      const rows = await service.db.selectFrom(table).selectAll().where('site_id', '=', site.id).execute();
      const dump = JSON.stringify(rows);
      expect([table, dump.includes(text(1)), /cleo/i.test(dump)]).toEqual([table, false, false]);
    }
    const kept = await service.db.selectFrom('idempotency').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(parent.body.id);
    expect((await erase()).body).toEqual({ comments: 0, samples: 0, mentions: 0 });
  });

  test('another site keeps what it has, and only an admin may ask', async () => {
    const ours = await createTestSite(service, 'first');
    const theirs = await createTestSite(service, 'second');
    const comment = submission({ author_email: 'dora@example.org' });
    await ours.client.post('/v1/comments', comment);
    await theirs.client.post('/v1/comments', comment);
    await admin.post('/v1/privacy/erasures?site=first', { email: 'dora@example.org' });
    const kept = await admin.post<Exported>('/v1/privacy/exports?site=second', { email: 'dora@example.org' });
    expect(kept.body.comments).toHaveLength(1);
    const refused = await ours.client.post('/v1/privacy/exports', { email: 'dora@example.org' });
    expect(refused.status).toBe(403);
    const wrong = await admin.post('/v1/privacy/exports?site=first', { email: 'dora' });
    expect(wrong.status).toBe(422);
  });
});
