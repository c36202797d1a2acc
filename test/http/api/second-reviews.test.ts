import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';

interface Look {
  id: string;
  version: number;
  comment: { status: string; content: string };
  author_history: Record<string, unknown>;
  decided: unknown;
  notes: unknown[];
}
interface Agreement {
  units: number;
  alpha: number | null;
  interval: [number, number] | null;
}
interface Stats {
  agreement: Agreement & { waiting: number; by_reason: (Agreement & { reason: string })[] };
}

describe.each(DATABASES)('second looks on %s', (kind) => {
  let service: TestService;
  /** Whether the next decision is drawn. */
  let draw = true;
  beforeAll(async () => {
    const random = (bytes: number) =>
      bytes === 6 ? new Uint8Array(6).fill(draw ? 0 : 255) : new Uint8Array(randomBytes(bytes));
    service = await createTestService(kind, { random });
  });
  afterAll(() => service.close());

  async function siteWith(slug: string, count: number) {
    const site = await createTestSite(service, slug, { premoderate: true });
    const second = site.client.as(await site.keyFor(['moderate'], 'second'));
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      service.clock.advance(1);
      ids.push((await site.client.post<{ id: string }>('/v1/comments', submission())).body.id);
    }
    return { ...site, second, ids };
  }

  const decide = (who: Client, id: string | undefined, decision: string) =>
    who.post<{ decision_id: string }>(`/v1/comments/${id}/decisions`, { decision, reason: 'insult' });
  const open = async (who: Client) =>
    (await who.get<{ items: Look[] }>('/v1/second-looks')).body.items.map(({ id }) => id);
  const look = (who: Client, id: string | undefined, decision: string) =>
    who.post<{ code: string } | undefined>(`/v1/second-looks/${id}`, { decision });

  test('what is drawn goes to another moderator, who does not learn what was decided', async () => {
    const { client, second, ids } = await siteWith('blind', 2);
    await client.post(`/v1/comments/${ids[0]}/notes`, { text: 'This is spam.' });
    draw = true;
    await decide(client, ids[0], 'spam');
    draw = false;
    await decide(client, ids[1], 'spam');
    expect(await open(client)).toEqual([]);
    const { items } = (await second.get<{ items: Look[] }>('/v1/second-looks')).body;
    expect(items).toMatchObject([
      { id: ids[0], version: 1, comment: { status: 'hold' }, decided: null, notes: [] },
    ]);
    expect(items[0]?.author_history).toMatchObject({ approved: 0, rejected: 0, spam: 0, held: 0 });
    expect((await second.get('/v1/queue/counts')).body).toMatchObject({ second_looks: 1 });
  });

  test('those are counted that the caller can give: none that they decided on, also before another did', async () => {
    const { client, second, keyFor, ids } = await siteWith('counted', 3);
    const third = client.as(await keyFor(['moderate'], 'third'));
    draw = true;
    await decide(client, ids[0], 'approve');
    await decide(client, ids[1], 'approve');
    await decide(second, ids[2], 'escalate');
    await decide(client, ids[2], 'approve');
    const counts = await Promise.all(
      [client, second, third].map(async (who) => [
        (await who.get<{ second_looks: number }>('/v1/queue/counts')).body.second_looks,
        (await open(who)).length,
      ]),
    );
    expect(counts).toEqual([
      [0, 0],
      [2, 2],
      [3, 3],
    ]);
  });

  test('a second look is given once, by another, and leaves the comment as it is', async () => {
    const { client, second, keyFor, ids } = await siteWith('once', 1);
    draw = true;
    await decide(client, ids[0], 'approve');
    expect((await look(client, ids[0], 'approve')).body?.code).toBe('conflict');
    expect((await look(second, ids[0], 'reject')).body?.code).toBe('reason_required');
    expect((await look(second, ids[0], 'spam')).status).toBe(204);
    const third = client.as(await keyFor(['moderate'], 'third'));
    expect((await look(third, ids[0], 'spam')).body?.code).toBe('conflict');
    expect((await client.get<{ status: string }>(`/v1/comments/${ids[0]}`)).body.status).toBe('approved');
    const { client: foreign } = await siteWith('once-elsewhere', 0);
    expect((await look(foreign, ids[0], 'spam')).status).toBe(404);
  });

  test('the same second look again, as after a lost answer, changes nothing; another one is refused', async () => {
    const { client, second, ids } = await siteWith('again', 1);
    draw = true;
    await decide(client, ids[0], 'approve');
    expect((await look(second, ids[0], 'spam')).status).toBe(204);
    expect((await look(second, ids[0], 'spam')).status).toBe(204);
    expect((await look(second, ids[0], 'approve')).body?.code).toBe('conflict');
    expect((await client.get<Stats>('/v1/stats')).body.agreement.units).toBe(1);
  });

  test('a second look is taken back by whoever gave it alone, and can be given anew', async () => {
    const { client, second, keyFor, ids } = await siteWith('back', 1);
    draw = true;
    await decide(client, ids[0], 'approve');
    await look(second, ids[0], 'spam');
    const third = client.as(await keyFor(['moderate'], 'third'));
    const given = async (who: Client) =>
      (await who.get<{ items: Look[] }>('/v1/second-looks?given=true')).body.items;
    expect(await given(second)).toMatchObject([{ id: ids[0], comment: { status: 'hold' }, decided: null }]);
    expect(await given(third)).toEqual([]);
    const takeBack = async (who: Client) =>
      await who.call<{ code: string } | undefined>('DELETE', `/v1/second-looks/${ids[0]}`);
    for (const who of [client, third]) expect((await takeBack(who)).body?.code).toBe('not_undoable');
    expect((await takeBack(second)).status).toBe(204);
    expect((await takeBack(second)).body?.code).toBe('not_undoable');
    expect(await open(second)).toEqual(ids);
    expect((await client.get<Stats>('/v1/stats')).body.agreement).toMatchObject({ units: 0, waiting: 1 });
    expect((await look(third, ids[0], 'approve')).status).toBe(204);
  });

  test('a decision that is undone or made anew is no longer looked at', async () => {
    const { client, second, ids } = await siteWith('withdrawn', 2);
    draw = true;
    const { decision_id: slip } = (await decide(client, ids[0], 'spam')).body;
    await decide(client, ids[1], 'spam');
    expect(await open(second)).toEqual(ids);
    await client.post(`/v1/decisions/${slip}/undo`);
    draw = false;
    await client.post(`/v1/comments/${ids[1]}/decisions`, { decision: 'approve', version: 2 });
    expect(await open(second)).toEqual([]);
  });

  test('the agreement stands in the statistics, by reason and never by person', async () => {
    const { client, second, ids } = await siteWith('agreed', 12);
    draw = true;
    for (const [at, id] of ids.entries()) await decide(client, id, at % 2 === 0 ? 'approve' : 'spam');
    // One of eleven is seen otherwise, one is not looked at.
    for (const [at, id] of ids.slice(0, 11).entries()) {
      await look(second, id, at === 0 || at % 2 === 1 ? 'spam' : 'approve');
    }
    const { agreement } = (await client.get<Stats>('/v1/stats')).body;
    expect(agreement).toMatchObject({ units: 11, waiting: 1 });
    expect(agreement.alpha).toBeCloseTo(0.826, 2);
    const [low, high] = agreement.interval ?? [1, 0];
    expect(low).toBeLessThan(agreement.alpha ?? 0);
    expect(high).toBeGreaterThanOrEqual(agreement.alpha ?? 1);
    const premoderation = agreement.by_reason.find(({ reason }) => reason === 'premoderation');
    expect(premoderation).toMatchObject({ units: 11, alpha: agreement.alpha });
    expect(JSON.stringify(agreement)).not.toMatch(/key:|user:|second"|desk/);
  });
});
