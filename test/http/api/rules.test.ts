import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldWords } from '../../../src/core/text/words.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { HAS_SHARED_DATA, readShared, readSharedList } from '../../support/shared-data.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';
import { writeWxr } from '../../support/wxr.ts';

interface Rule {
  id: string;
  kind: string;
  pattern: string;
  entries: number;
  disposition: string;
  expires_at: string | null;
}
interface Checked {
  id: string;
  status: string;
  reasons: string[];
}
interface DryRun {
  looked_at: Record<string, number>;
  hits: Record<string, number>;
  examples: { id: string; truth: string; detail: string }[];
  entries_hitting_ham: { entry: string; ham: number; spam: number }[];
  unseen: boolean;
  seen: string;
  unseen_because: string | null;
}

describe.each(DATABASES)('rules on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  let sites = 0;
  const createSite = () => createTestSite(service, `rules-${++sites}`, { minimum_seconds: 0 });

  async function save({ client }: TestSite, body: Record<string, unknown>): Promise<Rule> {
    const answer = await client.post<Rule>('/v1/rules', body);
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v1/rules/${answer.body.id}`);
    return answer.body;
  }

  async function send({ client }: TestSite, fields: Record<string, unknown>): Promise<Checked> {
    const answer = await client.post<Checked>('/v1/comments', submission(fields));
    expect(answer.status, answer.text).toBe(201);
    return answer.body;
  }

  test('a rule counts from the next comment on, is named in its reasons, and no longer counts once removed', async () => {
    const site = await createSite();
    const before = await send(site, { content: 'The roulette of local politics goes on and on.' });
    expect(before.reasons.filter((reason) => reason.startsWith('rule:'))).toEqual([]);
    const rule = await save(site, {
      kind: 'words',
      pattern: 'roulette',
      disposition: 'discard',
      note: 'spring',
    });
    const caught = await send(site, { content: 'Again the Roulette of local politics.' });
    expect(caught).toMatchObject({ status: 'trash' });
    expect(caught.reasons).toContain(`rule:${rule.id}`);
    const shown = await site.client.get<{ reasons: unknown[] }>(`/v1/comments/${caught.id}`);
    expect(shown.body.reasons).toContainEqual({
      rule: `rule:${rule.id}`,
      disposition: 'discard',
      detail: '“roulette” (spring)',
    });
    expect((await site.client.call('DELETE', `/v1/rules/${rule.id}`)).status).toBe(204);
    const after = await send(site, { content: 'And once more the roulette of local politics.' });
    expect(after.reasons).not.toContain(`rule:${rule.id}`);
  });

  test('a held item can be found by the rule that held it', async () => {
    const site = await createSite();
    const rule = await save(site, { kind: 'link_host', pattern: 'shop.example' });
    const held = await send(site, { content: 'I read it at https://www.shop.example/news yesterday' });
    expect(held.status).toBe('hold');
    const queue = await site.client.get<{ items: { id: string }[] }>(`/v1/queue?reason=rule:${rule.id}`);
    expect(queue.status).toBe(200);
    expect(queue.body.items).toHaveLength(1);
  });

  test('a rule ends when it expires, and its end can be moved', async () => {
    const site = await createSite();
    service.clock.set('2026-03-02T00:00:00Z');
    const rule = await save(site, { kind: 'words', pattern: 'marathon', expires_at: '2026-03-02T01:00:00Z' });
    expect((await send(site, { content: 'the marathon was long' })).reasons).toContain(`rule:${rule.id}`);
    service.clock.set('2026-03-02T01:00:00Z');
    expect((await send(site, { content: 'the marathon was too long' })).reasons).not.toContain(
      `rule:${rule.id}`,
    );
    const moved = await site.client.call<Rule>('PATCH', `/v1/rules/${rule.id}`, {
      body: { expires_at: null },
    });
    expect(moved.body.expires_at).toBeNull();
    expect((await send(site, { content: 'the marathon was far too long' })).reasons).toContain(
      `rule:${rule.id}`,
    );
  });

  test('rules see what only the submission tells: address, mail domain, time and honeypot', async () => {
    const site = await createSite();
    const rules = {
      network: await save(site, { kind: 'ip_network', pattern: '203.0.113.0/24' }),
      domain: await save(site, { kind: 'email_domain', pattern: 'mail.example' }),
      disposable: await save(site, { kind: 'disposable_email' }),
      quick: await save(site, { kind: 'minimum_time', pattern: '5' }),
      trap: await save(site, { kind: 'honeypot' }),
    };
    const caught = await send(site, {
      author_email: 'reader@mailinator.com',
      author_ip: '203.0.113.77',
      elapsed_ms: 4000,
      honeypot: 'x',
    });
    const names = [rules.network, rules.disposable, rules.quick, rules.trap].map(({ id }) => `rule:${id}`);
    expect(caught.reasons.filter((reason) => reason.startsWith('rule:')).sort()).toEqual(names.sort());
    const mail = await send(site, { author_email: 'reader@eu.mail.example', elapsed_ms: 60_000 });
    expect(mail.reasons).toContain(`rule:${rules.domain.id}`);
  });

  test('an author is kept as a pseudonym and never shown', async () => {
    const site = await createSite();
    const first = await send(site, { author_email: 'Troll+1@example.org' });
    const rule = await save(site, { kind: 'author', pattern: `${first.id}\nother@example.org` });
    expect(rule).toMatchObject({ pattern: '', entries: 2 });
    for (const address of ['troll@example.org', 'other+tag@example.org']) {
      expect((await send(site, { author_email: address })).reasons).toContain(`rule:${rule.id}`);
    }
    const stored = await service.db.selectFrom('rule').selectAll().where('id', '=', rule.id).execute();
    expect(JSON.stringify(stored)).not.toMatch(/example\.org|troll/i);
  });

  test('old posts, scripts and expressions are told', async () => {
    const site = await createSite();
    const old = await save(site, { kind: 'thread_age', pattern: '14' });
    const script = await save(site, { kind: 'language', pattern: '!Latn' });
    const expression = await save(site, { kind: 'pattern', pattern: 'w[o0]n \\$\\d+' });
    await send(site, { post: 'aging' });
    service.clock.advance(14 * 86_400);
    const caught = await send(site, { post: 'aging', content: 'Заработок без вложений, I w0n $500' });
    expect(caught.reasons).toEqual(
      expect.arrayContaining([`rule:${old.id}`, `rule:${script.id}`, `rule:${expression.id}`]),
    );
  });

  test('a dry run tells ham and spam apart, names the entries that hit good comments, and saves nothing', async () => {
    const site = await createSite();
    const ham = await send(site, {
      content: 'The casino on the hill is a listed building, says the council.',
    });
    const spam = await send(site, { content: 'Win big at our casino with free roulette spins for everyone' });
    const open = await send(site, { content: 'Is the casino open on Sundays or is the road closed?' });
    await send(site, { content: 'Nothing to do with it, I only like the bridge.' });
    const decide = (id: string, decision: string) =>
      site.client.post(`/v1/comments/${id}/decisions`, { decision });
    expect((await decide(ham.id, 'approve')).status).toBe(200);
    expect((await decide(spam.id, 'spam')).status).toBe(200);
    expect((await decide(open.id, 'reject')).status).not.toBe(500);
    const body = { kind: 'words', pattern: 'casino\nroulette\nunheard of', disposition: 'spam' };
    const dry = await site.client.post<DryRun>('/v1/rules/dry-run', body);
    expect(dry.status, dry.text).toBe(200);
    expect(dry.body.hits).toMatchObject({ spam: 1 });
    expect((dry.body.hits.ham ?? 0) + (dry.body.hits.undecided ?? 0)).toBe(2);
    expect(dry.body.entries_hitting_ham).toEqual([{ entry: 'casino', ham: dry.body.hits.ham, spam: 1 }]);
    expect(dry.body.examples.map(({ id }) => id).sort()).toEqual([ham.id, spam.id, open.id].sort());
    expect(dry.body.unseen).toBe(false);
    expect((await site.client.get<{ items: unknown[] }>('/v1/rules')).body.items).toEqual([]);
  });

  test('a dry run sees of the circumstances what comments still tell, and says what it does not see and why', async () => {
    const site = await createTestSite(service, `rules-${++sites}`, { minimum_seconds: 5 });
    const dryRun = async (kind: string, pattern = '') => {
      const { body } = await site.client.post<DryRun>('/v1/rules/dry-run', { kind, pattern });
      const { ham = 0, spam = 0, undecided = 0 } = body.hits;
      return [body.seen, ham + spam + undecided, body.unseen_because];
    };
    await send(site, { author_ip: '203.0.113.7', elapsed_ms: 60_000 });
    await send(site, { author_ip: '203.0.113.8', elapsed_ms: 1500 });
    await send(site, { author_ip: '2001:db8:1:2::9', elapsed_ms: 4200, honeypot: 'x' });
    await send(site, {});

    expect(await dryRun('honeypot')).toEqual(['all', 1, null]);
    expect(await dryRun('minimum_time', '5')).toEqual(['all', 2, null]);
    expect(await dryRun('minimum_time', '2')).toEqual(['all', 1, null]);
    expect(await dryRun('minimum_time', '90')).toEqual(['part', 2, expect.stringMatching(/below 5 s/)]);
    expect(await dryRun('ip_network', '203.0.113.7\n203.0.113.8/32\n2001:db8:1:2::/64')).toEqual([
      'all',
      3,
      null,
    ]);
    expect(await dryRun('ip_network', '203.0.113.7\n198.51.100.0/24')).toEqual([
      'part',
      1,
      expect.stringMatching(/not the 1 other lines/),
    ]);
    expect(await dryRun('ip_network', '0.0.0.0/0')).toEqual([
      'none',
      0,
      expect.stringMatching(/only pseudonyms/),
    ]);
    for (const [kind, pattern] of [
      ['email_domain', 'example.org'],
      ['disposable_email', ''],
    ] as const) {
      expect(await dryRun(kind, pattern)).toEqual([
        'none',
        0,
        expect.stringMatching(/do not tell their domains/),
      ]);
    }
  });

  test.runIf(HAS_SHARED_DATA)(
    'a real list of 62,204 entries warns of those that stand in good comments, and without them hits none (../shared/data)',
    async () => {
      const site = await createSite();
      const known = [
        ...readShared('news-globeandmail-c3').slice(0, 400),
        ...readShared('youtube-psy').filter(({ label }) => label === 'spam'),
      ].map(({ text, label }) => ({ content: text, label }));
      const { id } = (await site.client.post<{ id: string }>('/v1/imports', { format: 'wxr' })).body;
      await site.client.call('PUT', `/v1/imports/${id}/parts/0`, { body: writeWxr(known) });
      await site.client.post(`/v1/imports/${id}/start`);
      await service.settled();

      const pattern = readSharedList('blocklist-splorp');
      const options = { match: 'substring', fields: ['content'] };
      const tried = await site.client.post<DryRun>('/v1/rules/dry-run', { kind: 'words', pattern, options });
      expect(tried.status, tried.text).toBe(200);
      const { looked_at: all, hits, entries_hitting_ham: entries } = tried.body;
      expect(all.ham).toBeGreaterThan(390);
      expect(hits.ham).toBeGreaterThan(0);
      expect(hits.spam).toBeGreaterThan(0);
      const [worst] = entries;
      const stored = await service.db
        .selectFrom('comment')
        .select('content')
        .where('site_id', '=', site.site.id)
        .where('label', '=', 'ham')
        .execute();
      const hit = stored.filter(({ content }) => foldWords(content).includes(worst?.entry ?? ''));
      expect(hit.length).toBe(worst?.ham);

      const except = entries.map(({ entry }) => entry);
      const list = { kind: 'words', pattern, options: { ...options, except } };
      const without = await site.client.post<DryRun>('/v1/rules/dry-run', list);
      expect(without.body).toMatchObject({ hits: { ham: 0 }, entries_hitting_ham: [] });
      const rule = await save(site, list);
      expect(rule.entries).toBeGreaterThan(62_000);
      const again = await send(site, { content: `${hit[0]?.content} Yes.` });
      expect(again.reasons).not.toContain(`rule:${rule.id}`);
    },
  );

  test.each([
    [{ kind: 'pattern', pattern: '(a' }, 'invalid_value', /missing closing/],
    [{ kind: 'ip_network', pattern: '10.0.0.0/99' }, 'invalid_value', /line 1/],
    [{ kind: 'author', pattern: 'nobody' }, 'invalid_value', /line 1/],
    [{ kind: 'words', pattern: '\n \n' }, 'invalid_value', /at least one word/],
    [{ kind: 'mood', pattern: 'x' }, 'invalid', /./],
    [{ kind: 'words', pattern: 'x', disposition: 'publish' }, 'invalid', /./],
  ])('%j is refused as %s', async (body, code, why) => {
    const site = await createSite();
    for (const path of ['/v1/rules', '/v1/rules/dry-run']) {
      const answer = await site.client.post<{ code: string; detail: string }>(path, body);
      expect(answer.status).toBe(422);
      expect(answer.body.code).toBe(code);
      expect(answer.body.detail).toMatch(why);
    }
  });

  test('a list of 62,204 entries is taken, and of another site nothing is seen', async () => {
    const site = await createSite();
    const entries = Array.from({ length: 62_204 }, (_, at) => `entry${at.toString(36)}`);
    const list = { kind: 'words', pattern: entries.join('\n'), options: { match: 'substring' } };
    const rule = await save(site, list);
    expect(rule).toMatchObject({ entries: 62_204 });
    expect(rule.pattern.length).toBe(2000);
    expect((await send(site, { content: 'see xentryzzzx there' })).reasons).toContain(`rule:${rule.id}`);
    const other = await createSite();
    expect((await other.client.call('DELETE', `/v1/rules/${rule.id}`)).status).toBe(404);
    expect((await other.client.get<{ items: unknown[] }>('/v1/rules')).body.items).toEqual([]);
  });
});
