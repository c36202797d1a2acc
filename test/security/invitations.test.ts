import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowserClient } from '../support/browser-client.ts';
import type { Client } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createAdminClient, createTestSite } from '../support/site.ts';

const PASSWORD = 'correct horse battery staple';

describe.each(DATABASES)('an older invitation on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  beforeAll(async () => {
    service = await createTestService(kind);
    admin = await createAdminClient(service);
    await createTestSite(service, 'daily');
  });
  afterAll(() => service.close());

  const tokenOf = (url: string) => url.split('#')[1] ?? '';
  const accept = async (token: string) =>
    (
      await createBrowserClient(service).send('POST', '/v1/session/invitation', {
        token,
        password: PASSWORD,
      })
    ).status;

  async function inviteTwice(email: string) {
    const { id, invitation } = (
      await admin.post<{ id: string; invitation: { url: string } }>('/v1/users?site=daily', {
        name: 'Ada',
        email,
      })
    ).body;
    const again = await admin.post<{ url: string }>(`/v1/users/${id}/invitations`);
    return { id, first: tokenOf(invitation.url), second: tokenOf(again.body.url) };
  }

  it('ends when a newer one is made, before and after the newer one is used', async () => {
    const { first, second } = await inviteTwice('before@news.example');
    expect(await accept(first)).toBe(410);
    expect(await accept(second)).toBe(201);
    expect(await accept(first)).toBe(410);
    expect(await accept(second)).toBe(410);
  });

  it('leaves no open invitation behind once a password is set, however it came there', async () => {
    const { id, second } = await inviteTwice('planted@news.example');
    const planted = await service.db
      .selectFrom('invitation')
      .selectAll()
      .where('person_id', '=', id)
      .orderBy('created_at')
      .execute();
    expect(planted).toHaveLength(2);
    await service.db.updateTable('invitation').set({ used_at: null }).where('person_id', '=', id).execute();
    expect(await accept(second)).toBe(201);
    const open = await service.db
      .selectFrom('invitation')
      .select('token_sha256')
      .where('person_id', '=', id)
      .where('used_at', 'is', null)
      .execute();
    expect(open).toEqual([]);
  });

  it('ends when its person is disabled', async () => {
    const { id, second } = await inviteTwice('disabled@news.example');
    await admin.call('PATCH', `/v1/users/${id}`, { body: { disabled: true } });
    await admin.call('PATCH', `/v1/users/${id}`, { body: { disabled: false } });
    expect(await accept(second)).toBe(410);
  });
});
