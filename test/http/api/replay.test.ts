/** What another model or other rules would have done with comments that are there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

interface Checked {
  readonly id: string;
  readonly verdict: string;
  readonly disposition: string;
  readonly spam_probability: number;
  readonly reasons: readonly string[];
}
interface Change {
  readonly did: string;
  readonly would: string;
  readonly count: number;
}
interface Outcome {
  readonly verdict: string;
  readonly disposition: string;
  readonly spam_probability: number;
  readonly reasons: readonly string[];
}
interface Replay {
  readonly model_version: string;
  readonly comments: number;
  readonly changed: number;
  readonly verdicts: readonly Change[];
  readonly dispositions: readonly Change[];
  readonly labelled: readonly (Change & { readonly label: string })[];
  readonly examples: readonly { readonly id: string; readonly did: Outcome; readonly would: Outcome }[];
}

/** With something in it that only its arrival told: a honeypot, a quick form, links, words. */
const COMMENTS: readonly Record<string, unknown>[] = [
  { content: 'the council voted on the budget' },
  { content: 'our school needs teachers', elapsed_ms: 300 },
  { content: 'earn money from home click here', honeypot: 'x' },
  { content: 'see https://a.example and https://b.example and https://c.example for the bridge' },
  { content: 'subscribe to my channel please' },
  { content: 'I cycled over the bridge today' },
  { content: 'cheap watches best price buy now' },
];

describe.each(DATABASES)('a replay on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  async function siteWith(slug: string) {
    const site = await createTestSite(service, `${slug}-${kind}`, { second_look_share: 0 });
    const from = service.now().toISOString();
    const checked: Checked[] = [];
    for (const fields of COMMENTS) {
      checked.push((await site.client.post<Checked>('/v1/comments', submission(fields))).body);
      service.clock.advance(1);
    }
    service.clock.advance(60);
    return { ...site, from, checked };
  }

  async function replay({ client }: TestSite, request: Record<string, unknown>): Promise<Replay> {
    const started = await client.post<{ job: string; waits_for: string | null }>('/v1/replays', request);
    expect(started.status, started.text).toBe(202);
    await service.settled();
    const { body } = await client.get<{ state: string; done: number; total: number; result: Replay }>(
      `/v1/jobs/${started.body.job}`,
    );
    expect(body.state).toBe('succeeded');
    expect([body.done, body.total]).toEqual([body.result.comments, body.result.comments]);
    return body.result;
  }

  const sum = (changes: readonly Change[]) => changes.reduce((total, { count }) => total + count, 0);

  test('under the same model and rules changes nothing, whatever held a comment then', async () => {
    const site = await siteWith('same');
    const result = await replay(site, { from: site.from });
    expect(result).toMatchObject({ comments: COMMENTS.length, changed: 0, examples: [] });
    expect(result.model_version).toBe(service.starter.version);
    expect(result.dispositions.every(({ did, would }) => did === would)).toBe(true);
    expect([sum(result.verdicts), sum(result.dispositions)]).toEqual([COMMENTS.length, COMMENTS.length]);
    const held = site.checked.flatMap(({ reasons }) => reasons);
    expect(held).toEqual(expect.arrayContaining(['honeypot', 'too_fast', 'links']));
  });

  test('under a candidate tells what the candidate says once it is active, and changes nothing', async () => {
    const site = await siteWith('candidate');
    await uploadSamples(site.client, plainSamples(600));
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const version = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body
      .result.model_version;
    const to = service.now().toISOString();
    const result = await replay(site, { from: site.from, to, model: version });
    expect(result).toMatchObject({ model_version: version, comments: COMMENTS.length });
    expect(result.changed).toBeGreaterThan(0);

    expect((await site.client.post(`/v1/models/${version}/activate`, {})).status).toBe(200);
    const now = new Map<string, Checked>();
    for (const [at, fields] of COMMENTS.entries()) {
      const { body } = await site.client.post<Checked>('/v1/comments', submission(fields));
      now.set(site.checked[at]?.id ?? '', body);
    }
    const changed = [...now].filter(([id, { verdict, disposition }]) => {
      const then = site.checked.find((one) => one.id === id);
      return then?.verdict !== verdict || then.disposition !== disposition;
    });
    expect(result.examples.map(({ id }) => id).sort()).toEqual(changed.map(([id]) => id).sort());
    for (const { id, did, would } of result.examples) {
      const { verdict, disposition, spam_probability, reasons } = now.get(id) as Checked;
      expect({ ...would, reasons: [...would.reasons].sort() }).toEqual({
        verdict,
        disposition,
        spam_probability,
        reasons: [...reasons].sort(),
      });
      const then = site.checked.find((one) => one.id === id);
      expect(did).toMatchObject({ verdict: then?.verdict, disposition: then?.disposition });
    }
    const items = await service.db
      .selectFrom('comment')
      .select(['id', 'verdict', 'disposition'])
      .where('site_id', '=', site.site.id)
      .where('created_at', '<', new Date(to))
      .orderBy('id')
      .execute();
    expect(items).toEqual(site.checked.map(({ id, verdict, disposition }) => ({ id, verdict, disposition })));
  });

  test('under given rules, or none, tells what they would have held, and whom the labels prove right', async () => {
    const site = await siteWith('rules');
    const bridge = { kind: 'words', pattern: 'bridge', disposition: 'discard' };
    const given = await replay(site, { from: site.from, rules: [bridge] });
    expect(given.changed).toBe(2);
    const discarded = given.dispositions.filter(({ would }) => would === 'discard');
    expect(sum(discarded)).toBe(2);
    expect(given.examples.map(({ would }) => would.reasons.includes('rule:given-1'))).toEqual([true, true]);

    await site.client.post(`/v1/comments/${site.checked[5]?.id}/decisions`, { decision: 'approve' });
    expect((await replay(site, { from: site.from, rules: [bridge] })).labelled).toEqual([
      { label: 'ham', did: site.checked[5]?.disposition, would: 'discard', count: 1 },
    ]);

    expect((await site.client.post('/v1/rules', bridge)).status).toBe(201);
    service.clock.advance(2);
    expect((await replay(site, { from: site.from })).changed).toBe(2);
    expect((await replay(site, { from: site.from, rules: 'none' })).changed).toBe(0);
    expect((await replay(site, { from: site.from, examples: 1 })).examples).toHaveLength(1);
  });

  test('looks at its span alone, and refuses what it cannot do', async () => {
    const site = await siteWith('span');
    await siteWith('span-of-another');
    const later = service.now().toISOString();
    await site.client.post('/v1/comments', submission());
    service.clock.advance(60);
    expect((await replay(site, { from: site.from, to: later })).comments).toBe(COMMENTS.length);
    expect((await replay(site, { from: later })).comments).toBe(1);
    const refused = async (request: Record<string, unknown>) => {
      const { status, body } = await site.client.post<{ code: string }>('/v1/replays', request);
      return [status, body.code];
    };
    expect(await refused({ from: later, to: later })).toEqual([422, 'invalid_value']);
    expect(await refused({ from: later, model: 'no-such' })).toEqual([404, 'not_found']);
    expect(await refused({ from: 'yesterday' })).toEqual([422, 'invalid']);
    const bad = { kind: 'pattern', pattern: '(' };
    expect(await refused({ from: later, rules: [bad] })).toEqual([422, 'invalid_value']);
  });
});
