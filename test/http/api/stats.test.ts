import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, trainAndActivate, uploadSamples } from '../../support/trained-site.ts';
import { writeWxr } from '../../support/wxr.ts';

interface Kind {
  waiting: number;
  judged: number;
  wrong: number;
  wrong_share: number | null;
}
interface Stats {
  audit: {
    share: number;
    published: Kind;
    marked_spam: Kind;
    ham_blocked: number | null;
    spam_missed: number | null;
  };
  filter: { bounded: boolean; promise: Record<string, unknown> & { message: string } };
}
interface Day {
  day: string;
  submissions: number;
  spam: number;
  spam_share: number | null;
  oldest_waiting_seconds: number | null;
}
interface Model {
  version: string;
  metrics: Record<string, unknown>;
  promise: Record<string, unknown>;
}

describe.each(DATABASES)('what a site learns of its filter on %s', (kind) => {
  let service: TestService;
  /** Whether the next comment that no human would see is drawn for the audit. */
  let draw = false;
  beforeAll(async () => {
    const random = (bytes: number) =>
      bytes === 4 ? new Uint8Array(4).fill(draw ? 0 : 255) : new Uint8Array(randomBytes(bytes));
    service = await createTestService(kind, { random });
  });
  afterAll(() => service.close());

  test('until the promise is proven it says how many good comments are missing', async () => {
    const { client } = await createTestSite(service, 'new', { max_ham_blocked: 0.05 });
    const { filter } = (await client.get<Stats>('/v1/stats')).body;
    expect(filter).toMatchObject({
      bounded: false,
      promise: { proven: false, held_back_ham: 0, needed: 59, missing: 59, ham_labels_missing: 295 },
    });
    expect(filter.promise.message).toMatch(
      /^Nothing is marked as spam without a moderator until .* 59 are missing/,
    );
  });

  test('a trained filter shows its figures and how it stands to the promise, also to a stricter one later', async () => {
    const site = await createTestSite(service, 'trained', { max_ham_blocked: 0.2, confidence: 0.9 });
    await uploadSamples(site.client, plainSamples(400));
    const version = await trainAndActivate(service, site.client);
    const models = (await site.client.get<{ items: Model[] }>('/v1/models')).body.items;
    expect(models.map((model) => model.version)).toEqual([version, service.starter.version]);
    for (const { metrics } of models) {
      expect(metrics).toMatchObject({ brier: expect.any(Number), ece: expect.any(Number) });
    }
    expect(models[0]?.promise).toMatchObject({ proven: true, needed: 11, missing: 0 });
    expect(models[1]?.promise).toMatchObject({ proven: false, held_back_ham: 0, missing: 11 });
    expect((await site.client.get<Stats>('/v1/stats')).body.filter.bounded).toBe(true);

    const admin = site.client.as(await site.keyFor(['admin', 'moderate', 'train']));
    const change = { settings: { max_ham_blocked: 0.001, confidence: 0.95 } };
    expect((await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: change })).status).toBe(200);
    const { filter } = (await site.client.get<Stats>('/v1/stats')).body;
    expect(filter).toMatchObject({ bounded: false, promise: { proven: false, needed: 2995 } });
    const held = await site.client.post('/v1/comments', submission({ content: plainSamples(4)[3]?.content }));
    expect(held.body).toMatchObject({ verdict: 'spam', status: 'hold' });
  });

  test('a random share of what nobody would see goes to the queue, keeps its status, and gives the estimate', async () => {
    const { client } = await createTestSite(service, 'audited', {
      max_ham_blocked: 0.2,
      confidence: 0.9,
      discard_from: 1,
      audit_share: 0.25,
    });
    await uploadSamples(client, plainSamples(400));
    await trainAndActivate(service, client);
    const fresh = plainSamples(440).slice(400);
    const send = async (label: string, drawn: boolean) => {
      draw = drawn;
      service.clock.advance(1);
      const content = fresh.splice(
        fresh.findIndex((sample) => sample.label === label),
        1,
      )[0]?.content;
      const { body } = await client.post<{ id: string; status: string }>(
        '/v1/comments',
        submission({ content }),
      );
      expect(body.status).toBe(label === 'ham' ? 'approved' : 'spam');
      return body.id;
    };
    const [good, missed, spam, blocked, waits] = [
      await send('ham', true),
      await send('ham', true),
      await send('spam', true),
      await send('spam', true),
      await send('spam', true),
    ];
    for (let at = 0; at < 3; at++) await send(at % 2 === 0 ? 'ham' : 'spam', false);

    const { items } = (
      await client.get<{ items: { id: string; comment: { status: string }; audit: boolean }[] }>(
        '/v1/queue?order=oldest&audit=true',
      )
    ).body;
    expect(items.map(({ id, comment }) => [id, comment.status])).toEqual([
      [good, 'approved'],
      [missed, 'approved'],
      [spam, 'spam'],
      [blocked, 'spam'],
      [waits, 'spam'],
    ]);

    const decide = async (id: string, decision: string) =>
      (await client.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision })).body
        .decision_id;
    await decide(good, 'approve');
    const undone = await decide(missed, 'approve');
    await client.post(`/v1/decisions/${undone}/undo`);
    await decide(missed, 'spam');
    await decide(spam, 'spam');
    await decide(blocked, 'escalate');
    await decide(blocked, 'approve');
    const { audit } = (await client.get<Stats>('/v1/stats')).body;
    expect(audit).toMatchObject({
      share: 0.25,
      published: { waiting: 0, judged: 2, wrong: 1, wrong_share: 0.5 },
      marked_spam: { waiting: 1, judged: 2, wrong: 1, wrong_share: 0.5 },
    });
    // Each drawn one stands for four, a judged one marked spam for six (one of three waits): 4 good ones published,
    // 6 marked spam.
    expect(audit.ham_blocked).toBeCloseTo(0.6);
    expect(audit.spam_missed).toBeCloseTo(4 / 10);
  });

  test('day by day: what came, what was held, how soon it was decided, what was missed', async () => {
    const { client } = await createTestSite(service, 'days');
    const published = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    await client.post(`/v1/comments/${published.id}/decisions`, { decision: 'spam' });
    service.clock.advance(86_400);
    const banned = submission({ content: 'Buy now at http://a.example http://b.example http://c.example' });
    const held = (await client.post<{ id: string; status: string }>('/v1/comments', banned)).body;
    expect(held.status).toBe('hold');
    service.clock.advance(90);
    await client.post(`/v1/comments/${held.id}/decisions`, { decision: 'spam' });
    const { days } = (await client.get<{ days: Day[] }>('/v1/stats/days?days=2')).body;
    expect(days).toMatchObject([
      { submissions: 1, held: 0, missed_spam: 1 },
      { submissions: 1, held: 1, decided: 1, median_seconds_to_decision: 90, missed_spam: 0 },
    ]);
    expect(days[1]?.spam_share).toBe((days[1]?.spam ?? 0) / 1);
    const csv = await client.get('/v1/stats/days?format=csv');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(31);
    expect(lines[0]).toMatch(/spam_share,.*oldest_waiting_seconds/);
    const { days: today } = (await client.get<{ days: unknown[] }>('/v1/stats/days?days=1')).body;
    expect(today.length).toBe(1);
  });

  test('a day without comments is there with nothing in it, and imported comments are no submissions', async () => {
    const { client } = await createTestSite(service, 'quiet');
    await client.post('/v1/comments', submission());
    service.clock.advance(3 * 86_400);
    const recent = writeWxr(plainSamples(4), service.now());
    const { id } = (await client.post<{ id: string }>('/v1/imports', { format: 'wxr' })).body;
    await client.call('PUT', `/v1/imports/${id}/parts/0`, { body: recent });
    await client.post(`/v1/imports/${id}/start`);
    await service.settled();
    expect((await client.get(`/v1/imports/${id}`)).body).toMatchObject({ added: 4 });
    const { days } = (await client.get<{ days: Day[] }>('/v1/stats/days?days=4')).body;
    expect(days.map(({ submissions }) => submissions)).toEqual([1, 0, 0, 0]);
    expect(days[1]).toMatchObject({ spam: 0, spam_share: null, median_seconds_to_decision: null });
    const time = (at: number) => Date.parse(days[at]?.day ?? '');
    expect([1, 2, 3].map((at) => time(at) - time(at - 1))).toEqual([86_400_000, 86_400_000, 86_400_000]);
  });

  test('day by day: how long the oldest had waited in the queue, also when it is decided by now', async () => {
    const { client } = await createTestSite(service, 'backlog', { premoderate: true });
    const hour = 3600;
    service.clock.set('2026-05-01T12:00:00Z');
    const first = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    service.clock.advance(6 * hour);
    const second = (await client.post<{ id: string }>('/v1/comments', submission())).body;
    service.clock.set('2026-05-03T06:00:00Z');
    await client.post(`/v1/comments/${first.id}/decisions`, { decision: 'approve' });
    service.clock.set('2026-05-04T20:00:00Z');
    await client.post(`/v1/comments/${second.id}/decisions`, { decision: 'approve' });
    service.clock.set('2026-05-05T10:00:00Z');
    await client.post('/v1/comments', submission());
    service.clock.advance(2 * hour);
    const { days } = (await client.get<{ days: Day[] }>('/v1/stats/days?days=6')).body;
    expect(days.map(({ day, oldest_waiting_seconds: age }) => [day.slice(5), age && age / hour])).toEqual([
      ['04-30', null],
      ['05-01', 12],
      ['05-02', 36],
      ['05-03', 54],
      ['05-04', null],
      ['05-05', 2],
    ]);
  });
});
