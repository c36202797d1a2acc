import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDefaultSite } from '../../src/moderation/site/sites.ts';
import { createClient } from '../support/client.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { createAdminClient, submission } from '../support/site.ts';

const ORIGIN = { host: 'attacker.example', origin: 'http://attacker.example' };

describe('the key that /demo hands out', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService('pglite');
    await ensureDefaultSite(service);
  });
  afterAll(() => service.close());

  it('reaches the demonstration site only, on a fresh service', async () => {
    const page = await createClient(service).get('/demo');
    const key = /lar_[a-z0-9]{16}_[\w-]{43}/.exec(page.text)?.[0] ?? '';
    expect(key).not.toBe('');
    const visitor = createClient(service, key);
    for (const site of ['', '?site=default', '?site=demo']) {
      const sent = await visitor.post(`/v1/comments${site}`, submission(), { headers: ORIGIN });
      expect(sent.status, site).toBe(site === '?site=default' ? 404 : 201);
    }
    const stored = await service.db
      .selectFrom('comment')
      .innerJoin('site', 'site.id', 'comment.site_id')
      .select('slug')
      .execute();
    expect(new Set(stored.map(({ slug }) => slug))).toEqual(new Set(['demo']));
  });

  it('is not made when there is no demonstration site', async () => {
    const admin = await createAdminClient(service);
    const sites = (await admin.get<{ items: { id: string; slug: string }[] }>('/v1/sites')).body.items;
    for (const { id } of sites.filter(({ slug }) => slug === 'demo')) {
      expect((await admin.call('DELETE', `/v1/sites/${id}`, { body: { confirm: 'demo' } })).status).toBe(204);
    }
    expect((await createClient(service).get('/demo')).status).toBe(404);
    const keys = (await admin.get<{ items: { name: string }[] }>('/v1/keys')).body.items;
    expect(keys.filter(({ name }) => name === 'demonstration page')).toEqual([]);
  });

  it('stands on a page that lists at most 50 comments and is given 120 times a minute', async () => {
    const fresh = await createTestService('pglite');
    await ensureDefaultSite(fresh);
    const admin = await createAdminClient(fresh);
    for (let batch = 0; batch < 60; batch++) {
      await admin.post('/v1/comments?site=demo', submission({ post: 'demo' }));
    }
    await fresh.db.updateTable('comment').set({ status: 'approved' }).execute();
    const client = createClient(fresh);
    const statuses: number[] = [];
    const first = await client.get('/demo');
    expect(first.text.split('I agree with the mayor')).toHaveLength(51);
    for (let count = 1; count < 121; count++) statuses.push((await client.get('/demo')).status);
    expect(statuses.slice(0, 119).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    await fresh.close();
  });
});
