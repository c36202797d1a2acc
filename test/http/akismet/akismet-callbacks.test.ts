import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PseudonymKey } from '../../../src/config.ts';
import { deliverCallbacks } from '../../../src/moderation/outgoing/akismet-callbacks.ts';
import { decideComment } from '../../../src/moderation/queue/decide.ts';
import { createNodeOutgoing } from '../../../src/node/outgoing-node.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { createAdminClient, createTestSite, type TestSite } from '../../support/site.ts';

const MODERATOR = { kind: 'user', id: 'm1', name: 'Moderator', siteId: null, scopes: ['moderate'] } as const;
let count = 0;

describe.each(DATABASES)('the callback to an Akismet client on %s', (kind) => {
  let service: TestService;
  let receiver: Receiver;
  let site: TestSite;
  let key: string;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { outgoingPrivateRanges: ['127.0.0.1/32'] } });
  });
  beforeEach(async () => {
    count += 1;
    receiver = await startReceiver();
    site = await createTestSite(service, `news-${count}`, { premoderate: true });
    const admin = await createAdminClient(service);
    await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: { url: receiver.url } });
    key = await site.keyFor(['akismet']);
    return () => receiver.close();
  });
  afterAll(() => service.close());

  const callbackUrl = () => `${receiver.url}/wp-json/akismet/v1/webhook`;

  /** A check that asks for a callback; returns the comment's id and guid. */
  async function check(callback: string, extra: Record<string, string> = {}) {
    count += 1;
    const answer = await site.client.post(
      '/1.1/comment-check',
      new URLSearchParams({
        api_key: key,
        blog: receiver.url,
        user_ip: '192.0.2.7',
        comment_post_ID: '12',
        comment_author: 'Ada',
        comment_content: `The bridge, opinion number ${count}.`,
        callback,
        ...extra,
      }),
      { key: null },
    );
    const id = /comments\/([\w-]+)/.exec(answer.headers.get('link') ?? '')?.[1] ?? expect.fail('no comment');
    return { id, guid: answer.headers.get('x-akismet-guid'), headers: answer.headers };
  }

  const decide = (id: string, decision: string, reason?: string) =>
    site.client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision, reason });

  function lastTold(): unknown {
    return JSON.parse(receiver.received.at(-1)?.body ?? 'null');
  }

  test('a decision and its undo are told in the form of WordPress', async () => {
    const { id, guid } = await check(callbackUrl());
    const { body } = await decide(id, 'approve');
    await service.settled();
    const told = (result: string) => ({
      key,
      endpoint: 'comment-check',
      comments: [{ guid, result, comment_post_ID: '12' }],
    });
    expect(receiver.received).toMatchObject([
      { method: 'POST', path: '/wp-json/akismet/v1/webhook', headers: { 'x-akismet-webhook': '1' } },
    ]);
    expect(lastTold()).toEqual(told('false'));
    await site.client.post(`/v1/decisions/${body.decision_id}/undo`);
    await service.settled();
    expect(lastTold()).toEqual(told('true'));
    await decide(id, 'reject', 'abuse');
    await service.settled();
    expect(receiver.received).toHaveLength(3);
    expect(lastTold()).toEqual(told('true'));
  });

  test('an escalation is told to nobody, and a report not back to the client it came from', async () => {
    const { id, guid } = await check(callbackUrl());
    await decide(id, 'escalate');
    await site.client.post('/1.1/submit-ham', new URLSearchParams({ api_key: key, guid: guid ?? '' }), {
      key: null,
    });
    await service.settled();
    expect(receiver.received).toEqual([]);
    expect((await site.client.get<{ status: string }>(`/v1/comments/${id}`)).body.status).toBe('approved');
  });

  test('a callback to another host than the site is ignored, and the answer says so', async () => {
    const other = await startReceiver();
    for (const url of [`${other.url}/hook`, 'ftp://127.0.0.1/', 'not an address', 'http://u:p@127.0.0.1/']) {
      const { id, headers } = await check(url);
      expect([url, headers.get('x-callback-ignored')]).toEqual([url, expect.stringMatching(/host/)]);
      await decide(id, 'approve');
    }
    await service.settled();
    expect([...receiver.received, ...other.received]).toEqual([]);
    await other.close();
  });

  test('a site in a private network is not called, unless the operator permits it', async () => {
    const guarded = { ...service, sendOutgoing: createNodeOutgoing({ outgoingPrivateRanges: [] }) };
    const { id } = await check(callbackUrl());
    await decideComment(guarded, site.site.id, MODERATOR, id, { decision: 'approve' });
    await service.settled();
    expect(receiver.received).toEqual([]);
    const rows = await service.db
      .selectFrom('akismet_callback')
      .select(['last_error', 'attempts'])
      .where('site_id', '=', site.site.id)
      .execute();
    expect(rows).toEqual([{ last_error: 'address_refused', attempts: 1 }]);
  });

  test('a site that fails is told again later, only the newest, and by another process', async () => {
    receiver.answer((response) => response.writeHead(503).end());
    const { id } = await check(callbackUrl());
    const { body } = await decide(id, 'approve');
    await service.settled();
    await site.client.post(`/v1/decisions/${body.decision_id}/undo`);
    await service.settled();
    expect(receiver.received).toHaveLength(2);
    receiver.answer((response) => response.writeHead(200).end('{}'));
    const other = await service.joined();
    other.clock.set(service.now());
    await deliverCallbacks(other);
    expect(receiver.received).toHaveLength(2);
    other.clock.advance(61);
    await deliverCallbacks(other);
    expect(receiver.received).toHaveLength(3);
    expect(lastTold()).toMatchObject({ comments: [{ result: 'true' }] });
    other.clock.advance(100_000);
    await deliverCallbacks(other);
    expect(receiver.received).toHaveLength(3);
  });

  test('is given up after eight attempts, at a 410, and when the key is revoked or the comment gone', async () => {
    receiver.answer((response) => response.writeHead(500).end());
    const stubborn = await check(callbackUrl());
    await decide(stubborn.id, 'approve');
    await service.settled();
    for (let day = 0; day < 9; day++) {
      service.clock.advance(86_401);
      await deliverCallbacks(service);
    }
    expect(receiver.received).toHaveLength(8);
    receiver.answer((response) => response.writeHead(410).end());
    await decide((await check(callbackUrl())).id, 'approve');
    await service.settled();
    const gone = await check(callbackUrl());
    receiver.answer((response) => response.writeHead(503).end());
    await decide(gone.id, 'approve');
    await service.settled();
    await site.client.call('DELETE', `/v1/comments/${gone.id}`);
    service.clock.advance(100);
    await deliverCallbacks(service);
    expect(receiver.received).toHaveLength(10);
    const errors = await service.db
      .selectFrom('akismet_callback')
      .select(['last_error', 'next_attempt_at'])
      .where('site_id', '=', site.site.id)
      .orderBy('last_error')
      .execute();
    expect(errors).toEqual([
      { last_error: 'answered 410', next_attempt_at: null },
      { last_error: 'answered 500', next_attempt_at: null },
      { last_error: 'the comment is gone', next_attempt_at: null },
    ]);
  });

  test('the key stands in the database only encrypted, and is forgotten when it is revoked', async () => {
    await check(callbackUrl());
    const waiting = await check(callbackUrl());
    const kept = () => service.db.selectFrom('akismet_callback_key').selectAll().execute();
    const before = await kept();
    expect(before.map(({ sealed }) => Buffer.from(sealed).toString('latin1')).join()).not.toContain(key);
    const admin = await createAdminClient(service);
    const { items } = (
      await admin.get<{ items: { id: string; scopes: string[]; site_id: string }[] }>('/v1/keys')
    ).body;
    const own = items.find(({ scopes, site_id: of }) => scopes.includes('akismet') && of === site.site.id);
    await admin.call('DELETE', `/v1/keys/${own?.id}`);
    expect(await kept()).toHaveLength(before.length - 1);
    await decide(waiting.id, 'approve');
    await service.settled();
    expect(receiver.received).toEqual([]);
  });

  test('outlives a rotation of the pseudonym key once it was used under the new one', async () => {
    const { id } = await check(callbackUrl());
    const fresh = { kid: 't2', key: new Uint8Array(32).map((_, at) => at * 3 + 1) };
    const under = (...pseudonymKeys: PseudonymKey[]) => ({
      ...service,
      config: { ...service.config, pseudonymKeys },
    });
    await createClient(under(fresh, ...service.config.pseudonymKeys)).post(
      '/1.1/comment-check',
      new URLSearchParams({
        api_key: key,
        blog: receiver.url,
        user_ip: '192.0.2.7',
        comment_content: 'Under the new key.',
        callback: callbackUrl(),
      }),
    );
    await service.settled();
    await decideComment(under(fresh), site.site.id, MODERATOR, id, { decision: 'approve' });
    await service.settled();
    expect(lastTold()).toMatchObject({ key });
  });
});
