import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { trimTables } from '../../../src/moderation/background/trim.ts';
import { deliverDue } from '../../../src/moderation/outgoing/webhook-delivery.ts';
import { tellOverdue } from '../../../src/moderation/queue/overdue.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile } from '../../support/imports.ts';
import { type Received, type Receiver, startReceiver } from '../../support/receiver.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';
import { writeWxr } from '../../support/wxr.ts';

interface Made {
  readonly id: string;
  readonly secret: string;
}
interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly state: string;
  readonly attempts: number;
  readonly next_at: string | null;
  readonly last_status: number | null;
  readonly last_failure: string | null;
}
interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const ALL = [
  'comment.received',
  'comment.held',
  'comment.approved',
  'comment.rejected',
  'comment.verdict_changed',
  'model.activated',
  'queue.overdue',
];
const DAY_SECONDS = 86_400;

describe.each(DATABASES)('webhooks on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  let receiver: Receiver;
  let site: TestSite;
  let count = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { outgoingPrivateRanges: ['127.0.0.1/32'] } });
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    receiver = await startReceiver();
    count += 1;
    site = await createTestSite(service, `site-${count}`);
  });
  // What one test leaves waiting must not be due in the next.
  afterEach(async () => {
    await service.db.deleteFrom('webhook').execute();
    await receiver.close();
  });

  const of = (path: string) => `/v1/webhooks${path}?site=${site.site.slug}`;

  async function create(events: readonly string[] = ALL, url = `${receiver.url}/hook`): Promise<Made> {
    const { status, body } = await admin.post<Made>(of(''), { url, events });
    expect(status).toBe(201);
    return body;
  }

  async function submit(fields: Record<string, unknown> = {}): Promise<string> {
    const { status, body } = await site.client.post<{ id: string }>('/v1/comments', submission(fields));
    expect(status).toBe(201);
    return body.id;
  }

  async function listed(id: string, query = ''): Promise<readonly Delivery[]> {
    const { body } = await admin.get<{ items: readonly Delivery[] }>(of(`/${id}/deliveries`) + query);
    return body.items;
  }

  function messages(from = 0): Message[] {
    return receiver.received.slice(from).map(({ body }) => JSON.parse(body));
  }

  function headersOf({ headers }: Received): Record<string, string> {
    return Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
    );
  }

  test('a message is signed so that the npm library verifies it, and no longer when a byte is changed', async () => {
    service.clock.set(new Date());
    const { secret } = await create(['comment.received']);
    const id = await submit();
    await deliverDue(service);
    const [request] = receiver.received as [Received];
    const verified = new Webhook(secret).verify(request.body, headersOf(request));
    expect(verified).toEqual({
      type: 'comment.received',
      timestamp: service.now().toISOString(),
      data: {
        site: site.site.id,
        id,
        post: 'article-1',
        status: expect.any(String),
        verdict: expect.any(String),
      },
    });
    expect(request.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(() => new Webhook(secret).verify(`${request.body} `, headersOf(request))).toThrow();
    const late = { ...headersOf(request), 'webhook-timestamp': String(Date.now() / 1000 - 360) };
    expect(() => new Webhook(secret).verify(request.body, late)).toThrow();
  });

  test('the secret is shown once, and the database holds it under a key alone', async () => {
    const { id, secret } = await create();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    for (const path of ['', `/${id}`]) expect((await admin.get(of(path))).text).not.toContain('whsec_');
    const { rows } = await sql<{ secret: Uint8Array }>`select secret from webhook where id = ${id}`.execute(
      service.db,
    );
    const kept = Buffer.from(rows[0]?.secret ?? []);
    expect(kept.length).toBeGreaterThan(32);
    expect(kept.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false);
  });

  test('every event is told with ids and words of ours, and nothing of the author or the text', async () => {
    await create();
    const held = { premoderate: true };
    await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: { settings: held } });
    const canary = {
      author_name: 'Canary Bird',
      author_email: 'canary@mail.example.org',
      author_ip: '203.0.113.77',
      author_url: 'https://canary.example/',
      content: 'The canary sings about the bus timetable in the evening.',
    };
    const id = await submit(canary);
    const decide = async (decision: Record<string, unknown>) =>
      (await site.client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, decision)).body;
    const { decision_id: approval } = await decide({ decision: 'approve' });
    await site.client.post(`/v1/decisions/${approval}/undo`);
    await decide({ decision: 'reject', reason: 'insult' });
    await site.client.call('PATCH', `/v1/comments/${id}`, {
      body: {
        content:
          'Buy cheap viagra casino pills http://a.example http://b.example http://c.example http://d.example free money!!!',
      },
    });
    const version = service.starter.version;
    await site.client.post(`/v1/models/${version}/activate`, {});
    await deliverDue(service);
    const told = messages();
    const about = (type: string, status: string) =>
      expect.objectContaining({ type, data: expect.objectContaining({ id, post: 'article-1', status }) });
    expect(told).toEqual(
      expect.arrayContaining([
        about('comment.received', 'hold'),
        about('comment.held', 'hold'),
        about('comment.approved', 'approved'),
        about('comment.rejected', 'trash'),
        expect.objectContaining({ type: 'model.activated', data: { site: site.site.id, version } }),
      ]),
    );
    const changed = told.find(({ type }) => type === 'comment.verdict_changed');
    expect(changed?.data.verdict).not.toBe(changed?.data.verdict_before);
    // Held on arrival and again by the undo.
    expect(told.filter(({ type }) => type === 'comment.held')).toHaveLength(2);
    const everything = JSON.stringify(receiver.received).toLowerCase();
    for (const part of ['canary', '203.0.113', 'bus timetable', 't1:'])
      expect(everything).not.toContain(part);
    const stored = await sql`select * from webhook_delivery, webhook_attempt`.execute(service.db);
    for (const part of ['canary', '203.0.113', 't1:']) {
      expect(JSON.stringify(stored.rows).toLowerCase()).not.toContain(part);
    }
  });

  test('what a webhook did not ask for, what was refused, and what happens elsewhere is not told', async () => {
    await create(['comment.rejected']);
    const other = await createTestSite(service, `elsewhere-${count}`);
    await other.client.post('/v1/comments', submission());
    const same = submission();
    await site.client.post('/v1/comments', same);
    expect((await site.client.post('/v1/comments', same)).status).toBe(409);
    expect(await deliverDue(service)).toBe(0);
  });

  test('a receiver that fails is tried again for three days, then the message is dead, listed and replayable', async () => {
    const { id } = await create(['comment.received']);
    receiver.answer((response) => response.writeHead(500).end('secret details'));
    await submit();
    const waits: number[] = [];
    for (let attempts = 1; attempts <= 10; attempts++) {
      expect(await deliverDue(service)).toBe(1);
      const [delivery] = await listed(id);
      expect(delivery).toMatchObject({ attempts, last_status: 500, last_failure: 'status' });
      if (delivery?.next_at == null) break;
      waits.push((Date.parse(delivery.next_at) - service.now().getTime()) / 1000);
      expect(await deliverDue(service)).toBe(0);
      service.clock.set(new Date(Date.parse(delivery.next_at) + 1000));
    }
    expect(waits).toHaveLength(9);
    expect(waits[0]).toBeGreaterThanOrEqual(4);
    expect(waits[0]).toBeLessThanOrEqual(6);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(2.5 * DAY_SECONDS);
    service.clock.advance(2 * DAY_SECONDS);
    expect(await deliverDue(service)).toBe(0);
    const [dead] = await listed(id, '&state=dead');
    expect(dead).toMatchObject({ state: 'dead', attempts: 10 });
    const shown = await admin.get<{ log: unknown[] }>(of(`/${id}/deliveries/${dead?.id}`));
    expect(shown.body.log).toHaveLength(10);
    expect(shown.text).not.toContain('secret details');

    receiver.answer((response) => response.writeHead(204).end());
    const replayed = await admin.post(of(`/${id}/deliveries/${dead?.id}/replay`));
    expect([replayed.status, replayed.body]).toEqual([202, { count: 1 }]);
    expect(await deliverDue(service)).toBe(1);
    expect(await listed(id)).toMatchObject([{ id: dead?.id, state: 'delivered', last_status: 204 }]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set([dead?.id]));
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect((await admin.get<{ failures: number }>(of(`/${id}`))).body.failures).toBe(0);
  });

  test('a receiver that hangs is given up after 5 s, and holds up nobody else', async () => {
    const { id: hanging } = await create(['comment.received']);
    const other = await startReceiver();
    receiver.answer(() => undefined);
    try {
      const { id } = await create(['comment.received'], other.url);
      for (let sent = 0; sent < 9; sent++) await submit();
      await deliverDue(service);
      expect(other.received).toHaveLength(9);
      expect((await listed(id)).every(({ state }) => state === 'delivered')).toBe(true);
    } finally {
      await other.close();
    }
    const log = await listed(hanging);
    expect(log.filter(({ last_failure }) => last_failure === 'timed_out')).toHaveLength(4);
    expect(log.filter(({ attempts }) => attempts === 0)).toHaveLength(5);
    expect((await admin.get<{ paused_until: string }>(of(`/${hanging}`))).body.paused_until).not.toBe(null);
    await admin.call('DELETE', of(`/${hanging}`));
  });

  test('a redirect to this machine is not followed and counts as a failure', async () => {
    const { id } = await create(['comment.received']);
    receiver.answer((response, { path }) =>
      path === '/hook'
        ? response.writeHead(302, { location: `${receiver.url}/inside` }).end()
        : response.writeHead(204).end(),
    );
    await submit();
    await deliverDue(service);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(await listed(id)).toMatchObject([{ state: 'waiting', last_status: 302, last_failure: 'status' }]);
  });

  test('a receiver that answers 410 is sent nothing more until it is enabled again', async () => {
    const { id } = await create(['comment.received']);
    receiver.answer((response) => response.writeHead(410).end());
    await submit();
    await deliverDue(service);
    await submit();
    service.clock.advance(DAY_SECONDS);
    expect(await deliverDue(service)).toBe(0);
    const shown = await admin.get(of(`/${id}`));
    expect(shown.body).toMatchObject({ enabled: false, disabled_why: 'gone' });
    expect(await listed(id)).toMatchObject([{ state: 'dead', last_status: 410, last_failure: 'gone' }]);

    receiver.answer((response) => response.writeHead(200).end());
    const enabled = await admin.call(`PATCH`, of(`/${id}`), { body: { enabled: true } });
    expect(enabled.body).toMatchObject({ enabled: true, disabled_why: null });
    expect((await admin.post(of(`/${id}/replay`))).body).toEqual({ count: 1 });
    expect(await deliverDue(service)).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  test('a receiver that asks for time by Retry-After gets it, with all that waits for it', async () => {
    const { id } = await create(['comment.received']);
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await submit();
    await deliverDue(service);
    await submit();
    service.clock.advance(3500);
    expect(await deliverDue(service)).toBe(0);
    receiver.answer((response) => response.writeHead(204).end());
    service.clock.advance(200);
    expect(await deliverDue(service)).toBe(2);
    expect((await listed(id)).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  });

  test('what waits for a webhook that is switched off is sent when it is switched on', async () => {
    const { id } = await create(['comment.received']);
    await submit();
    await admin.call('PATCH', of(`/${id}`), { body: { enabled: false } });
    expect(await deliverDue(service)).toBe(0);
    await admin.call('PATCH', of(`/${id}`), { body: { enabled: true } });
    expect(await deliverDue(service)).toBe(1);
  });

  test('after a rotation both secrets verify until the overlap is over', async () => {
    service.clock.set(new Date());
    const { id, secret: old } = await create(['comment.received']);
    const rotated = await admin.post<Made>(of(`/${id}/rotate`), { overlap_hours: 1 });
    const { secret } = rotated.body;
    expect(secret).not.toBe(old);
    await submit();
    await deliverDue(service);
    const [both] = receiver.received as [Received];
    for (const one of [old, secret]) new Webhook(one).verify(both.body, headersOf(both));
    service.clock.advance(3601);
    await submit();
    await deliverDue(service);
    const { body, headers } = receiver.received[1] as Received;
    expect(String(headers['webhook-signature']).split(' ')).toEqual([
      new Webhook(secret).sign(String(headers['webhook-id']), service.now(), body),
    ]);
  });

  test('the address is judged when it is saved, and again when it is connected to', async () => {
    const strict = { ...service, config: { ...service.config, outgoingPrivateRanges: [] } };
    const careful = await createAdminClient(strict);
    for (const url of [
      receiver.url,
      'http://localhost/',
      'http://[::ffff:7f00:1]/',
      'http://169.254.169.254/',
    ]) {
      const { status, body } = await careful.post<{ code: string }>(of(''), { url, events: ALL });
      expect([url, status, body.code]).toEqual([url, 422, 'address_refused']);
    }
    const { id } = await create(['comment.received'], `http://localhost:${receiver.port}/`);
    const { id: sound } = await create(['comment.received']);
    const moved = await careful.call<{ code: string }>('PATCH', of(`/${sound}`), {
      body: { url: receiver.url },
    });
    expect(moved.body.code).toBe('address_refused');
    const { createNodeOutgoing } = await import('../../../src/node/outgoing-node.ts');
    await submit();
    await deliverDue({ ...strict, sendOutgoing: createNodeOutgoing(strict.config) });
    expect(receiver.received).toHaveLength(0);
    expect(await listed(id)).toMatchObject([{ state: 'waiting', last_failure: 'address_refused' }]);
  });

  test('a test message is sent once, and its outcome said and logged', async () => {
    const { id } = await create();
    receiver.answer((response) => response.writeHead(503).end());
    const failed = await admin.post(of(`/${id}/test`));
    expect(failed.body).toMatchObject({ status: 503, failure: 'status' });
    receiver.answer((response) => response.writeHead(200).end());
    const arrived = await admin.post(of(`/${id}/test`));
    expect(arrived.body).toMatchObject({ status: 200, failure: null });
    expect(messages().map(({ type }) => type)).toEqual(['webhook.test', 'webhook.test']);
    expect((await listed(id)).map(({ state }) => state).sort()).toEqual(['dead', 'delivered']);
  });

  test('two processes share the work and send no message twice', async () => {
    const { id } = await create(['comment.received']);
    for (let sent = 0; sent < 12; sent++) await submit();
    const other = await service.joined();
    other.clock.set(service.now());
    const counts = await Promise.all([deliverDue(service), deliverDue(other)]);
    expect(counts.reduce((sum, done) => sum + done, 0)).toBe(12);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
    expect((await listed(id)).every(({ state }) => state === 'delivered')).toBe(true);
  });

  test('a message that a lost process had taken is sent by another 10 s later', async () => {
    await create(['comment.received']);
    await submit();
    await sql`update webhook_delivery set taken_until = ${new Date(service.now().getTime() + 10_000)}, attempts = 1
      where state = 'waiting' and site_id = ${site.site.id}`.execute(service.db);
    expect(await deliverDue(service)).toBe(0);
    service.clock.advance(10);
    expect(await deliverDue(service)).toBe(1);
  });

  test('a queue that waits longer than the site allows is told once, and again while it lasts', async () => {
    await create(['queue.overdue']);
    const settings = { premoderate: true, overdue_minutes: 30 };
    await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: { settings } });
    const id = await submit();
    const oldest = service.now().toISOString();
    service.clock.advance(29 * 60);
    expect(await tellOverdue(service)).toBe(0);
    service.clock.advance(2 * 60);
    const told = await Promise.all([tellOverdue(service), tellOverdue(service)]);
    expect(told.sort()).toEqual([0, 1]);
    await deliverDue(service);
    expect(messages()).toEqual([
      {
        type: 'queue.overdue',
        timestamp: service.now().toISOString(),
        data: { site: site.site.id, overdue: 1, overdue_minutes: 30, oldest_at: oldest },
      },
    ]);
    service.clock.advance(31 * 60);
    expect(await tellOverdue(service)).toBe(1);
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    service.clock.advance(31 * 60);
    expect(await tellOverdue(service)).toBe(0);
  });

  test('what is imported or taken up anew waits from then on, whatever its own date', async () => {
    await create(['queue.overdue']);
    const published = await submit();
    service.clock.advance(DAY_SECONDS);
    const settings = { overdue_minutes: 30 };
    await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: { settings } });
    const held = writeWxr([{ content: 'Of old', label: 'ham' }]).replace(/(_approved>)1/, '$10');
    expect(await importFile(service, site, 'wxr', held)).toMatchObject({ added: 1 });
    await site.client.post(`/v1/comments/${published}/decisions`, { decision: 'escalate' });
    const since = service.now().toISOString();
    service.clock.advance(29 * 60);
    expect(await tellOverdue(service)).toBe(0);
    const stats = await site.client.get<{ queue: unknown }>('/v1/stats');
    expect(stats.body.queue).toEqual({ waiting: 2, oldest_at: since });
    const days = await site.client.get<{ days: unknown[] }>('/v1/stats/days?days=2');
    expect(days.body.days).toMatchObject([
      { oldest_waiting_seconds: null },
      { oldest_waiting_seconds: 29 * 60 },
    ]);
    service.clock.advance(2 * 60);
    expect(await tellOverdue(service)).toBe(1);
    await deliverDue(service);
    expect(messages()).toMatchObject([{ data: { overdue: 2, oldest_at: since } }]);
  });

  test('messages are forgotten 30 days after they were over, page by page until then', async () => {
    const { id } = await create(['comment.received']);
    for (let sent = 0; sent < 5; sent++) await submit();
    await deliverDue(service);
    const first = await admin.get<{ items: Delivery[]; next_cursor: string }>(
      `${of(`/${id}/deliveries`)}&limit=3`,
    );
    const rest = await admin.get<{ items: Delivery[]; next_cursor: null }>(
      `${of(`/${id}/deliveries`)}&limit=3&cursor=${first.body.next_cursor}`,
    );
    expect(new Set([...first.body.items, ...rest.body.items].map((one) => one.id)).size).toBe(5);
    expect(rest.body.next_cursor).toBe(null);
    service.clock.advance(31 * DAY_SECONDS);
    await trimTables(service);
    expect(await listed(id)).toEqual([]);
  });

  test('a cursor with a time that never was is an invalid_value', async () => {
    const webhook = await create();
    for (const value of [1e300, -1, 253_402_300_800_000]) {
      const forged = JSON.stringify(['deliveries:all', value, webhook.id]);
      const cursor = Buffer.from(forged).toString('base64url');
      const { status, body } = await admin.get(`${of(`/${webhook.id}/deliveries`)}&cursor=${cursor}`);
      expect([value, status, body]).toMatchObject([value, 422, { code: 'invalid_value' }]);
    }
  });

  test("another site's webhook is not found", async () => {
    const { id } = await create(['comment.received']);
    await submit();
    const [delivery] = await listed(id);
    const other = await createTestSite(service, `other-${count}`);
    const as = `?site=${other.site.slug}`;
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { enabled: false }],
      ['DELETE', ''],
      ['POST', '/rotate', {}],
      ['POST', '/test'],
      ['POST', '/replay'],
      ['GET', '/deliveries'],
      ['GET', `/deliveries/${delivery?.id}`],
      ['POST', `/deliveries/${delivery?.id}/replay`],
    ] as const) {
      const answer = await admin.call(method, `/v1/webhooks/${id}${path}${as}`, { body });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await admin.post(of(`/${id}/deliveries/${delivery?.id}/replay`))).status).toBe(409);
  });
});
