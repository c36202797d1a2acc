import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
}

describe.each(DATABASES)('refusals on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test.each([['two words'], ['x'.repeat(256)], ['sn\u00f6']])(
    'an Idempotency-Key that is no token is idempotency_key_invalid: %#',
    async (key) => {
      const { client } = await createTestSite(service, `keys-${key.length}-${key.charCodeAt(2)}`);
      const { status, body } = await client.post<Problem>('/v1/comments', submission(), {
        headers: { 'idempotency-key': key },
      });
      expect([status, body.code]).toEqual([400, 'idempotency_key_invalid']);
    },
  );

  test('a public key is good from its own origins alone: elsewhere it is origin_not_allowed', async () => {
    await createTestSite(service, 'public');
    const admin = await createAdminClient(service);
    const { key } = (
      await admin.post<{ key: string }>('/v1/keys', {
        site: 'public',
        scopes: ['submit'],
        allowed_origins: ['https://news.example'],
      })
    ).body;
    const from = async (headers: Record<string, string>) =>
      await createClient(service, key).post<Problem>('/v1/comments', submission(), { headers });
    expect((await from({ origin: 'https://news.example' })).status).toBe(201);
    for (const headers of [
      {},
      { origin: 'https://news.example.evil.example' },
      { origin: 'http://news.example' },
      { origin: 'null' },
    ]) {
      const { status, body } = await from(headers);
      expect([headers, status, body.code]).toEqual([headers, 403, 'origin_not_allowed']);
    }
  });

  test('a cursor that the list did not give out is an invalid_value', async () => {
    const { client } = await createTestSite(service, 'cursors');
    for (const cursor of ['x', 'bnVsbA', Buffer.from('["other",1,"x"]').toString('base64url')]) {
      const { status, body } = await client.get<Problem>(`/v1/queue?cursor=${cursor}`);
      expect([cursor, status, body.code]).toEqual([cursor, 422, 'invalid_value']);
    }
  });

  test('a candidate that did not pass the gate is not activated: gate_unmet, unless forced, and that is audited', async () => {
    const { client, site } = await createTestSite(service, 'gate');
    const lines = Array.from({ length: 60 }, (_, n) =>
      JSON.stringify(
        n % 2 === 0
          ? { label: 'spam', content: `Buy cheap pills number ${n} at http://pills${n}.example now` }
          : { label: 'ham', content: `The council talked about bridge number ${n} for hours` },
      ),
    );
    await client.post('/v1/samples', lines.join('\n'), {
      headers: { 'content-type': 'application/x-ndjson' },
    });
    await client.post('/v1/models', {});
    await service.settled();
    const { items } = (await client.get<{ items: { version: string; state: string }[] }>('/v1/models')).body;
    const version = items.find(({ version: name }) => name !== service.starter.version)?.version ?? '';
    await service.db.updateTable('model').set({ state: 'refused' }).where('version', '=', version).execute();
    const refused = await client.post<Problem>(`/v1/models/${version}/activate`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'gate_unmet']);
    expect((await client.post(`/v1/models/${version}/activate`, { force: true })).status).toBe(200);
    const admin = await createAdminClient(service);
    const { text } = await admin.get(`/v1/audit?site=${site.slug}`);
    expect(text).toContain('"force":true');
  });

  test('a fault of the service is internal: no stack, no SQL, and the log has the request id', async () => {
    const broken = await createTestService(kind);
    const { client } = await createTestSite(broken, 'broken');
    await broken.db.schema.dropTable('queue_item').cascade().execute();
    const { status, body, text } = await client.get<Problem>('/v1/queue');
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(text).not.toMatch(/queue_item|select|\.ts:|relation/i);
    expect(broken.logged.some((line) => line.requestId === body.instance && line.code === 'internal')).toBe(
      true,
    );
    await broken.close();
  });
});
