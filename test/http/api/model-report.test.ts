import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isHeldBack } from '../../../src/core/filter/training.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, trainAndActivate, uploadSamples } from '../../support/trained-site.ts';

interface Comparison {
  ham: number;
  spam: number;
  p: number;
  only_active_right: number;
  candidate: { metrics: { mcc: number | null }; intervals: { mcc: [number, number] | null } };
}
interface Finding {
  code: string;
  detail: string;
  remedy: string;
}
interface Model {
  version: string;
  state: string;
  metrics: { hamBlocked: number | null; spamCaught: number | null; measuredSpam: number };
  report: { gate: Report['gate'] };
}
interface Report {
  active: string;
  thresholds: { ham: number; spam: number };
  by_campaign: Comparison | null;
  by_time: (Comparison & { since: string }) | null;
  gate: { passed: boolean; findings: Finding[]; warnings: Finding[] };
  outcomes: Record<'active' | 'candidate', Record<string, number>>;
  flips: { decided: number; waiting: number };
  plots: Record<string, Record<string, number | null>[]>;
}
interface Trained {
  version: string;
  report: Report;
}

/** What a hostile source would send: copies with the other label, but for those that are held back. */
const turned = plainSamples(400).flatMap(({ content, label }) =>
  ['.', '!', '?'].map((end) => ({ content: content + end, label: label === 'ham' ? 'spam' : 'ham' })),
);

describe.each(DATABASES)('the report on a candidate, on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  async function train(client: Client): Promise<Trained> {
    const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const done = (await client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body;
    const version = done.result.model_version;
    return { version, report: (await client.get<Report>(`/v1/models/${version}/report`)).body };
  }

  /** The attacker avoids what is held back: only there would the wrong labels be seen as right. */
  async function leaveOutHeldBack(): Promise<void> {
    const rows = await service.db.selectFrom('sample').select(['id', 'content', 'content_hash']).execute();
    const sent = new Set(turned.map(({ content }) => content));
    const seen = rows.filter((row) => sent.has(row.content) && isHeldBack(row.content_hash));
    const ids = seen.map(({ id }) => id);
    await service.db.deleteFrom('sample').where('id', 'in', ids).execute();
  }

  test('compares it with the active filter on what neither has learnt, by campaign and by time', async () => {
    const { client } = await createTestSite(service, 'compared');
    await uploadSamples(client, plainSamples(300));
    service.clock.advance(86_400);
    await uploadSamples(client, plainSamples(400));
    const { report } = await train(client);
    expect(report.active).toBe(service.starter.version);
    expect(report.by_campaign?.candidate.metrics.mcc).toBeGreaterThan(0.9);
    expect(report.by_campaign?.candidate.intervals.mcc?.[0]).toBeGreaterThan(0.5);
    const { by_time: byTime } = report;
    expect(new Date(byTime?.since ?? 0).getTime()).toBe(service.now().getTime());
    expect((byTime?.ham ?? 0) + (byTime?.spam ?? 0)).toBe(100);
    expect(report.gate).toEqual({ passed: true, findings: [], warnings: [] });
    const sizes = report.plots.learning_curve?.map(({ samples }) => samples ?? 0) ?? [];
    expect(sizes.length).toBe(4);
    expect(sizes.at(-1)).toBe(400);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
    const counted = report.plots.histogram?.reduce((sum, row) => sum + (row.ham ?? 0) + (row.spam ?? 0), 0);
    expect(counted).toBe((report.by_campaign?.ham ?? 0) + (report.by_campaign?.spam ?? 0));
  });

  test('lists the decisions that would flip, each explained by both filters, and what waits', async () => {
    const { client } = await createTestSite(service, 'flips', { premoderate: true });
    const decided: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const content = `subscribe to my channel please, delta golf ${count}`;
      const { id } = (await client.post<{ id: string }>('/v1/comments', submission({ content }))).body;
      decided.push(id);
    }
    const held = submission({ content: 'subscribe to my channel please, alpha hotel' });
    const waiting = (await client.post<{ id: string }>('/v1/comments', held)).body.id;
    await client.post('/v1/decisions', { decision: 'approve', ids: decided });
    const others = plainSamples(300).map((sample) =>
      sample.content.startsWith('subscribe') ? { ...sample, label: 'ham' } : sample,
    );
    await uploadSamples(client, others);
    const { version, report } = await train(client);
    expect(report.flips).toEqual({ decided: 6, waiting: 1 });
    const first = await client.get<{ items: { id: string; label: string }[]; next_after: number | null }>(
      `/v1/models/${version}/flips?limit=4`,
    );
    expect(first.body.items.length).toBe(4);
    expect(first.body.items[0]).toMatchObject({ label: 'ham', to: { verdict: 'ham' } });
    const rest = await client.get<{ items: { id: string }[]; next_after: number | null }>(
      `/v1/models/${version}/flips?limit=4&after=${first.body.next_after}`,
    );
    const ids = [...first.body.items, ...rest.body.items].map(({ id }) => id);
    expect([...ids].sort()).toEqual([...decided].sort());
    expect(rest.body.next_after).toBeNull();
    const undecided = await client.get<{
      items: { id: string; evidence: unknown[]; evidence_before: unknown[] }[];
    }>(`/v1/models/${version}/flips?of=waiting`);
    expect(undecided.body.items.map(({ id }) => id)).toEqual([waiting]);
    expect(undecided.body.items[0]?.evidence.length).toBeGreaterThan(0);
    expect(undecided.body.items[0]?.evidence_before.length).toBeGreaterThan(0);
  });

  test('a candidate that is worse is refused with the reason, and forcing it is logged', async () => {
    const { client } = await createTestSite(service, 'worse');
    await uploadSamples(client, plainSamples(400));
    await trainAndActivate(service, client);
    service.clock.advance(86_400);
    await uploadSamples(client, turned);
    await leaveOutHeldBack();
    const { version, report } = await train(client);
    expect(report.gate.passed).toBe(false);
    expect(report.gate.findings[0]).toMatchObject({ code: 'worse' });
    expect(report.gate.findings[0]?.remedy).toContain('suspicious labels');
    const refused = await client.post<{ code: string }>(`/v1/models/${version}/activate`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'gate_unmet']);
    expect((await client.post(`/v1/models/${version}/activate`, { force: true })).status).toBe(200);
    const forced = await service.db
      .selectFrom('audit')
      .select('detail')
      .where('subject', '=', version)
      .where('action', '=', 'model.activate')
      .execute();
    expect(forced.map(({ detail }) => detail)).toEqual([{ force: true, gate: 'unmet' }]);
  });

  test('counts every comment that would flip, and lists the thousand largest changes', async () => {
    const { client } = await createTestSite(service, 'many-flips', { premoderate: true });
    const content = 'subscribe to my channel please, delta golf';
    const { id } = (await client.post<{ id: string }>('/v1/comments', submission({ content }))).body;
    await client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    await sql`insert into comment overriding system value
      select (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'number', one.number + nr, 'content', one.content || ' ' || nr))).*
      from comment one, generate_series(1, 1004) nr where one.id = ${id}`.execute(service.db);
    await uploadSamples(
      client,
      plainSamples(300).map((sample) =>
        sample.content.startsWith('subscribe') ? { ...sample, label: 'ham' } : sample,
      ),
    );
    const { version, report } = await train(client);
    expect(report.flips.decided).toBe(1005);
    const last = await client.get<{ items: unknown[]; next_after: number | null }>(
      `/v1/models/${version}/flips?after=989`,
    );
    expect(last.body.items).toHaveLength(10);
    expect(last.body.next_after).toBeNull();
  });

  test('a candidate that proves no promise does not replace one that does', async () => {
    const { client } = await createTestSite(service, 'unbound', { max_ham_blocked: 0.05 });
    await uploadSamples(client, plainSamples(900));
    await trainAndActivate(service, client);
    const rows = await service.db
      .selectFrom('sample')
      .innerJoin('site', 'site.id', 'sample.site_id')
      .select(['sample.id', 'content_hash'])
      .where('slug', '=', 'unbound')
      .where('label', '=', 'ham')
      .execute();
    const heldBack = rows.filter(({ content_hash }) => isHeldBack(content_hash)).slice(40);
    for (const { id } of heldBack) {
      expect((await client.call('DELETE', `/v1/samples/${id}`)).status).toBe(204);
    }
    service.clock.advance(1);
    const { version, report } = await train(client);
    expect(report.gate.findings.map(({ code }) => code)).toEqual(['unbound']);
    expect(report.gate.findings[0]?.remedy).toContain('Decide on more good comments');
    const refused = await client.post<{ code: string; report: { gate: Report['gate'] } }>(
      `/v1/models/${version}/activate`,
      {},
    );
    expect([refused.status, refused.body.code]).toEqual([409, 'gate_unmet']);
    expect(refused.body.report.gate.findings).toEqual(report.gate.findings);
    expect((await client.post(`/v1/models/${version}/activate`, { force: true })).status).toBe(200);
  });

  test('a candidate that could be held against nothing says that it was not measured', async () => {
    const { client } = await createTestSite(service, 'unmeasured');
    await uploadSamples(client, plainSamples(40));
    const { version, report } = await train(client);
    expect([report.by_campaign, report.by_time]).toEqual([null, null]);
    expect(report.gate).toMatchObject({ passed: true, findings: [], warnings: [{ code: 'not_measured' }] });
    const more = await client.post<Model>(`/v1/models/${version}/thresholds`, { ham: 0.9, spam: 1 });
    expect(more.body).toMatchObject({
      state: 'refused',
      report: { gate: { findings: [{ code: 'not_measured' }] } },
    });
  });

  test('a candidate is compared anew when another filter has become active since, and not activated before', async () => {
    const { client } = await createTestSite(service, 'outdated', { max_ham_blocked: 0.05 });
    await uploadSamples(client, plainSamples(40));
    const weak = await train(client);
    await uploadSamples(client, plainSamples(900));
    const versions: string[] = [];
    for (let count = 0; count < 2; count++) {
      service.clock.advance(1);
      versions.push((await train(client)).version);
    }
    const [first = '', second = ''] = versions;
    const activate = (version: string) =>
      client.post<{ code: string; detail: string }>(`/v1/models/${version}/activate`, {});
    expect((await activate(first)).status).toBe(200);
    for (const version of [second, weak.version]) {
      const early = await activate(version);
      expect([early.status, early.body.code]).toEqual([409, 'gate_unmet']);
      expect(early.body.detail).toContain(`“${first}” is active now: compare it again`);
    }

    const good = await client.post<Report>(`/v1/models/${second}/report`);
    expect(good.body).toMatchObject({ active: first, by_time: null, gate: { passed: true } });
    expect(good.body.by_campaign?.only_active_right).toBe(0);
    expect(good.body.gate.warnings.map(({ code }) => code)).toEqual(['not_compared']);
    expect((await client.get<Report>(`/v1/models/${second}/report`)).body).toEqual(good.body);
    const poor = await client.post<Report>(`/v1/models/${weak.version}/report`);
    expect(poor.body.gate.findings.map(({ code }) => code)).toContain('unbound');
    expect((await client.get<Model>(`/v1/models/${weak.version}`)).body).toMatchObject({
      state: 'refused',
      report: { gate: poor.body.gate },
    });
    expect((await activate(second)).status).toBe(200);
    // A way back needs no comparison: it was looked at, and served.
    expect((await activate(first)).status).toBe(200);
    expect((await client.post(`/v1/models/${first}/report`)).status).toBe(409);
  });

  test('moved thresholds are reported on anew: their flips, their figures, the gate', async () => {
    const { client } = await createTestSite(service, 'dragged', { premoderate: true });
    await uploadSamples(client, plainSamples(400));
    const version = await trainAndActivate(service, client);
    const decided: string[] = [];
    for (const { content } of plainSamples(420).slice(400)) {
      decided.push((await client.post<{ id: string }>('/v1/comments', submission({ content }))).body.id);
    }
    await client.post('/v1/decisions', { decision: 'approve', ids: decided });
    const reportOn = async (name: string) => (await client.get<Report>(`/v1/models/${name}/report`)).body;
    const before = (await client.get<Model>(`/v1/models/${version}`)).body;
    expect(before.metrics.spamCaught).toBe(0);

    // Nothing was marked spam for want of labels, so the one for spam is 1: the one for ham alone can move.
    const { body: held } = await client.post<Model>(`/v1/models/${version}/thresholds`, { ham: 0, spam: 1 });
    expect(held.state).toBe('candidate');
    const cautious = await reportOn(held.version);
    expect(cautious.active).toBe(version);
    expect(cautious.flips.decided).toBeGreaterThan(0);
    const { items } = (
      await client.get<{ items: { from: { verdict: string }; to: { verdict: string } }[] }>(
        `/v1/models/${held.version}/flips?limit=20`,
      )
    ).body;
    expect(items).toHaveLength(Math.min(20, cautious.flips.decided));
    for (const { from, to } of items) expect([from.verdict, to.verdict]).toEqual(['ham', 'unsure']);

    const { body: absurd } = await client.post<Model>(`/v1/models/${version}/thresholds`, {
      ham: 0.9999,
      spam: 1,
    });
    expect(absurd.state).toBe('refused');
    const report = await reportOn(absurd.version);
    expect(report.gate.findings.map(({ code }) => code)).toEqual(['publishes_spam']);
    expect(report.gate.findings[0]?.remedy).toContain('threshold for ham');
    expect(report.outcomes.candidate?.spam_published).toBe(report.outcomes.candidate?.spam);
    expect(report.outcomes.active?.spam_published).toBeLessThan(5);
    const refused = await client.post<{ code: string }>(`/v1/models/${absurd.version}/activate`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'gate_unmet']);
  });

  test('other thresholds are another version, which may not break the promise', async () => {
    const { client } = await createTestSite(service, 'moved', { max_ham_blocked: 0.05 });
    await uploadSamples(client, plainSamples(900));
    const { version, report } = await train(client);
    const { spam } = report.thresholds;
    expect(spam).toBeLessThan(1);
    const lower = await client.post<{ code: string }>(`/v1/models/${version}/thresholds`, {
      ham: 0.1,
      spam: spam - 0.05,
    });
    expect(lower.body.code).toBe('gate_unmet');
    const crossed = await client.post<{ code: string }>(`/v1/models/${version}/thresholds`, { ham: 1, spam });
    expect(crossed.body.code).toBe('invalid_value');
    // The threshold of the training has more digits than anybody is shown.
    for (const own of [spam, Number(spam.toFixed(4))]) {
      const same = await client.post<Model>(`/v1/models/${version}/thresholds`, { ham: 0.1, spam: own });
      expect(same.status).toBe(201);
      const { thresholds } = (await client.get<Report>(`/v1/models/${same.body.version}/report`)).body;
      expect(thresholds).toEqual({ ham: 0.1, spam, payload: { ham: 0.1, spam } });
    }
    const paired = await client.post<Model>(`/v1/models/${version}/thresholds`, {
      ham: 0.2,
      spam,
      payload: { ham: 0.1, spam: spam - 0.05 },
    });
    expect(paired.body).toMatchObject({ code: 'gate_unmet' });
    const moved = await client.post<{ version: string; state: string }>(`/v1/models/${version}/thresholds`, {
      ham: 0.2,
      spam: 0.99,
    });
    expect(moved.body).toMatchObject({ state: 'candidate' });
    const trained = (await client.get<Model>(`/v1/models/${version}`)).body.metrics;
    const { metrics } = (await client.get<Model>(`/v1/models/${moved.body.version}`)).body;
    expect(metrics.spamCaught).toBeLessThan(trained.spamCaught ?? 0);
    expect(metrics.measuredSpam).toBe(trained.measuredSpam);
    expect((await client.post(`/v1/models/${moved.body.version}/activate`, {})).status).toBe(200);
    const { body } = await client.post<{ id: string }>('/v1/comments', submission());
    const shown = await client.get<{ thresholds: unknown }>(`/v1/comments/${body.id}/explanation`);
    expect(shown.body.thresholds).toEqual({ ham: 0.2, spam: 0.99 });
  });

  test('each plot is a table, also as CSV', async () => {
    const { client } = await createTestSite(service, 'plots');
    await uploadSamples(client, plainSamples(200));
    const { version } = await train(client);
    for (const name of ['histogram', 'thresholds', 'calibration', 'learning_curve']) {
      const { rows } = (
        await client.get<{ rows: Record<string, number>[] }>(`/v1/models/${version}/plots/${name}`)
      ).body;
      const csv = await client.get<string>(`/v1/models/${version}/plots/${name}?format=csv`);
      expect(String(csv.text).trimEnd().split('\r\n').length).toBe(rows.length + 1);
      expect(String(csv.text).split('\r\n')[0]).toBe(Object.keys(rows[0] ?? {}).join(','));
    }
    expect((await client.get(`/v1/models/${version}/plots/nothing`)).status).toBe(404);
  });
});
