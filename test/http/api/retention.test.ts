import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createId } from '../../../src/core/id.ts';
import { seeToTime } from '../../../src/moderation/background/maintenance.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

interface Day {
  readonly day: string;
  readonly submissions: number;
}
const DAY = 86_400;

describe.each(DATABASES)('deletion by age on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  const later = async (days: number) => {
    service.clock.advance(days * DAY);
    await seeToTime(service);
  };
  const banned = { banned_words: ['zeppelin'] };
  const trash = () => submission({ content: 'A zeppelin for everybody who reads this.' });
  const send = async ({ client }: TestSite, fields: Record<string, unknown>) =>
    (await client.post<{ id: string }>('/v1/comments', fields)).body.id;
  const statusOf = async ({ client }: TestSite, id: string) =>
    (await client.get<{ status?: unknown }>(`/v1/comments/${id}`)).body.status;

  test('takes what went to the trash without a human after 15 days, not before, and nothing else', async () => {
    const site = await createTestSite(service, 'aging', banned);
    const unseen = await send(site, trash());
    const seen = await send(site, trash());
    await site.client.post(`/v1/comments/${seen}/decisions`, { decision: 'spam' });
    const published = await send(site, submission());
    const { body } = await site.client.get<{ days: Day[] }>('/v1/stats/days?days=30');
    const today = body.days.at(-1);
    expect(today?.submissions).toBe(3);
    await later(14.9);
    expect(await statusOf(site, unseen)).toBe('trash');
    await later(0.2);
    expect(await statusOf(site, unseen)).toBe(404);
    expect(await statusOf(site, seen)).toBe('spam');
    expect(await statusOf(site, published)).toBe('approved');
    const after = await site.client.get<{ days: Day[] }>('/v1/stats/days?days=30');
    expect(after.body.days.find(({ day }) => day === today?.day)).toEqual(today);
  });

  test('leaves what waits for a random check, and what is to be kept for ever', async () => {
    const audited = await createTestSite(service, 'audited', { ...banned, audit_share: 0.5 });
    for (let sent = 0; sent < 40; sent += 1) await send(audited, trash());
    const waiting = async () =>
      (await audited.client.get<{ items: unknown[] }>('/v1/queue?limit=100')).body.items.length;
    const before = await waiting();
    expect(before).toBeGreaterThan(0);
    const forever = await createTestSite(service, 'forever', { ...banned, delete_spam_after_days: null });
    const kept = await send(forever, trash());
    await later(40);
    expect(await statusOf(forever, kept)).toBe('trash');
    expect(await waiting()).toBe(before);
    const { body } = await audited.client.get<{ comments: Record<string, number> }>('/v1/stats');
    expect(body.comments.trash).toBe(before);
  });

  test('takes addresses, browsers and referrers from comments after seven days, and leaves the comments', async () => {
    const connection = {
      author_ip: '198.51.100.7',
      author_user_agent: 'Reader/1.0',
      referrer: 'https://news.example/a',
    };
    const site = await createTestSite(service, 'visitors');
    const longer = await createTestSite(service, 'longer', { forget_visitors_after_days: 60 });
    const [id, other] = [
      await send(site, submission(connection)),
      await send(longer, submission(connection)),
    ];
    const read = (one: string) =>
      service.db
        .selectFrom('comment')
        .select(['author_ip', 'author_user_agent', 'referrer', 'status'])
        .where('id', '=', one)
        .executeTakeFirstOrThrow();
    const stored = await read(id);
    expect(stored.author_ip).not.toBeNull();
    await later(6.9);
    expect(await read(id)).toEqual(stored);
    await later(0.2);
    expect(await read(id)).toEqual({
      author_ip: null,
      author_user_agent: null,
      referrer: null,
      status: 'approved',
    });
    expect(await read(other)).toMatchObject({ author_user_agent: 'Reader/1.0' });
  });

  test('goes through many in pieces, whoever else does the same', async () => {
    const site = await createTestSite(service, 'many', banned);
    const { number: _, ...one } = await service.db
      .selectFrom('comment')
      .selectAll()
      .where('id', '=', await send(site, trash()))
      .executeTakeFirstOrThrow();
    const copy = () => ({
      ...one,
      id: createId(service.now().getTime(), service.random(10)),
      reasons: JSON.stringify(one.reasons),
    });
    await service.db
      .insertInto('comment')
      .values(Array.from({ length: 1199 }, copy))
      .execute();
    const { body } = await site.client.get<{ comments: Record<string, number> }>('/v1/stats');
    expect(body.comments.trash).toBe(1200);
    service.clock.advance(16 * DAY);
    await Promise.all([seeToTime(service), seeToTime(service), seeToTime(service)]);
    await seeToTime(service);
    const after = await site.client.get<{ comments: Record<string, number> }>('/v1/stats');
    expect(after.body.comments.trash).toBe(0);
    const days = await site.client.get<{ days: Day[] }>('/v1/stats/days?days=30');
    expect(days.body.days.reduce((sum, { submissions }) => sum + submissions, 0)).toBe(1200);
  });
});
