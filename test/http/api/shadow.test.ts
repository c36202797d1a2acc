/** A candidate in the shadow of the active filter. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createId } from '../../../src/core/id.ts';
import { updateSite } from '../../../src/storage/sites.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

interface Checked {
  readonly id: string;
  readonly verdict: string;
  readonly disposition: string;
  readonly spam_probability: number;
  readonly model_version: string;
}
interface Item {
  readonly id: string;
  readonly content: string;
  readonly label: string | null;
  readonly active: { readonly model_version: string; readonly verdict: string; readonly disposition: string };
  readonly shadow: {
    readonly model_version: string;
    readonly verdict: string;
    readonly disposition: string;
    readonly spam_probability: number;
  };
}
interface Shadow {
  readonly code?: string;
  readonly running: boolean;
  readonly compared: number;
  readonly differing: number;
  readonly pairs: readonly { readonly count: number }[];
  readonly labelled: { readonly count: number; readonly active_right: number; readonly shadow_right: number };
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

const TEXTS = [
  'the council voted on the budget, alpha bravo',
  'our school needs teachers, kilo golf',
  'earn money from home click here, delta echo',
  'subscribe to my channel please, hotel india',
  'free followers visit my page, juliet',
  'I cycled over the bridge today',
  'cheap watches best price buy now',
];

describe.each(DATABASES)('a model in the shadow on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  async function trained(slug: string): Promise<TestSite & { version: string; shadow: string }> {
    const site = await createTestSite(service, slug, { max_ham_blocked: 0.05, second_look_share: 0 });
    await uploadSamples(site.client, plainSamples(800));
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const { body } = await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`);
    const version = body.result.model_version;
    return { ...site, version, shadow: `/v1/models/${version}/shadow` };
  }

  async function post({ client }: TestSite, content: string): Promise<Checked> {
    const { status, body } = await client.post<Checked>(
      '/v1/comments',
      submission({ content, author_name: 'Reader' }),
    );
    expect(status).toBe(201);
    return body;
  }

  test('changes nothing that happens, and what it said is what it says when it is active', async () => {
    const site = await trained(`shadowed-${kind}`);
    const before = [];
    for (const text of TEXTS) before.push(await post(site, text));
    expect((await site.client.post<Shadow>(site.shadow)).body).toMatchObject({ running: true, compared: 0 });
    const meanwhile = [];
    for (const text of TEXTS) meanwhile.push(await post(site, text));
    const outcome = ({ verdict, disposition, spam_probability, model_version }: Checked) => ({
      verdict,
      disposition,
      spam_probability,
      model_version,
    });
    expect(meanwhile.map(outcome)).toEqual(before.map(outcome));

    const { body } = await site.client.get<Shadow>(site.shadow);
    expect(body.compared).toBe(TEXTS.length);
    expect(body.pairs.reduce((sum, { count }) => sum + count, 0)).toBe(TEXTS.length);
    expect(body.differing).toBe(body.items.length);
    expect(body.differing).toBeGreaterThan(0);

    expect((await site.client.post(`/v1/models/${site.version}/activate`, {})).status).toBe(200);
    const active = new Map<string, Checked>();
    for (const text of TEXTS) active.set(text, await post(site, text));
    for (const { content, shadow } of body.items)
      expect(shadow).toEqual(outcome(active.get(content) as Checked));
    const agreeing = meanwhile.filter(({ id }) => !body.items.some((item) => item.id === id));
    for (const one of agreeing) {
      const text = TEXTS[meanwhile.indexOf(one)] ?? '';
      expect(active.get(text)).toMatchObject({ verdict: one.verdict, disposition: one.disposition });
    }
    const after = (await site.client.get<Shadow>(site.shadow)).body;
    expect(after).toMatchObject({ running: false, compared: TEXTS.length });
  });

  test('where it differs is a queue of its own: page by page, and out of it when a human has decided', async () => {
    const site = await trained(`queued-${kind}`);
    await site.client.post(site.shadow);
    for (let round = 0; round < 3; round++) for (const text of TEXTS) await post(site, `${text} ${round}`);
    const all = (await site.client.get<Shadow>(site.shadow)).body;
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: Shadow = (await site.client.get<Shadow>(`${site.shadow}?limit=2${at}`)).body;
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(all.items.map(({ id }) => id));
    expect(seen).toEqual([...seen].sort().reverse());

    const [first] = all.items;
    const label = first?.shadow.verdict === 'ham' ? 'ham' : 'spam';
    const decision = label === 'ham' ? 'approve' : 'spam';
    await site.client.post(`/v1/comments/${first?.id}/decisions`, { decision });
    const left = (await site.client.get<Shadow>(`${site.shadow}?labelled=false`)).body;
    expect(left.items.map(({ id }) => id)).toEqual(seen.slice(1));
    expect(left.labelled).toEqual({
      count: 1,
      active_right: first?.active.verdict === label ? 1 : 0,
      shadow_right: first?.shadow.verdict === label ? 1 : 0,
    });
    await site.client.post(`/v1/comments/${seen[1]}/decisions`, { decision: 'reject', reason: 'insult' });
    const unrejected = (await site.client.get<Shadow>(`${site.shadow}?labelled=false`)).body;
    expect(unrejected.items.map(({ id }) => id)).toEqual(seen.slice(2));
    const { verdict } = first?.shadow ?? { verdict: 'ham' };
    const narrowed = (await site.client.get<Shadow>(`${site.shadow}?shadow=${verdict}`)).body.items;
    expect(narrowed).toEqual(
      (await site.client.get<Shadow>(site.shadow)).body.items.filter(
        (item) => item.shadow.verdict === verdict,
      ),
    );
    expect((await site.client.get<Shadow>(`${site.shadow}?cursor=nonsense`)).status).toBe(422);
  });

  test('one at a time, never the active one, stopped by hand; each step is in the audit log', async () => {
    const site = await trained(`steps-${kind}`);
    service.clock.advance(60);
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const other = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body
      .result;
    expect((await site.client.post(site.shadow)).status).toBe(200);
    const second = await site.client.post<Shadow>(`/v1/models/${other.model_version}/shadow`);
    expect([second.status, second.body.code]).toEqual([409, 'conflict']);
    expect((await site.client.call<Shadow>('DELETE', site.shadow)).body).toMatchObject({ running: false });
    expect((await site.client.call('DELETE', site.shadow)).status).toBe(409);
    await post(site, 'nothing is compared any more');
    expect((await site.client.get<Shadow>(site.shadow)).body.compared).toBe(0);

    await site.client.post(`/v1/models/${site.version}/activate`, {});
    expect((await site.client.post(site.shadow)).status).toBe(409);
    expect((await site.client.post(`/v1/models/no-such/shadow`)).status).toBe(404);
    const stranger = await createTestSite(service, `stranger-${kind}`);
    expect((await stranger.client.get(site.shadow)).status).toBe(404);
    expect((await stranger.client.post(site.shadow)).status).toBe(404);

    const rows = await service.db
      .selectFrom('audit')
      .select(['action', 'subject'])
      .where('site_id', '=', site.site.id)
      .where('action', 'like', 'shadow.%')
      .orderBy('seq')
      .execute();
    expect(rows).toEqual([
      { action: 'shadow.start', subject: site.version },
      { action: 'shadow.stop', subject: site.version },
    ]);
  });

  test('whose bytes are damaged scores nothing, and comments are answered as before', async () => {
    const site = await trained(`damaged-shadow-${kind}`);
    await service.db
      .updateTable('model')
      .set({ bytes: new Uint8Array([1, 2, 3]) } as never)
      .where('version', '=', site.version)
      .execute();
    const refused = await site.client.post<Shadow>(site.shadow);
    expect([refused.status, refused.body.code]).toEqual([409, 'model_not_usable']);
    await service.db
      .insertInto('shadow_run')
      .values({
        id: createId(service.now().getTime(), service.random(10)),
        site_id: site.site.id,
        model_version: site.version,
        started_by: 'key:before-the-damage',
        started_at: service.now(),
      })
      .execute();
    await updateSite(service.db, site.site.id, {});
    service.clock.advance(2);
    expect((await post(site, TEXTS[0] ?? '')).model_version).toBe(service.starter.version);
    expect((await site.client.get<Shadow>(site.shadow)).body.compared).toBe(0);
    const complaints = service.logged.filter(({ event }) => event === 'shadow-not-usable');
    expect(complaints).toMatchObject([{ siteId: site.site.id, modelVersion: site.version }]);
  });
});
