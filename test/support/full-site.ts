/** A site that has one of everything with an id. */
import { expect } from 'vitest';
import { SCOPES } from '../../src/moderation/actor.ts';
import type { Client } from './client.ts';
import type { TestService } from './databases.ts';
import { startReceiver } from './receiver.ts';
import { createTestSite, submission, type TestSite } from './site.ts';
import { plainSamples, uploadSamples } from './trained-site.ts';

/** What stands in paths: by the collection, or by the parameter where that is not `id`. */
export interface FullSiteIds {
  readonly comments: string;
  readonly decisions: string;
  readonly 'second-looks': string;
  readonly models: string;
  readonly jobs: string;
  readonly samples: string;
  readonly imports: string;
  readonly rules: string;
  readonly keys: string;
  readonly users: string;
  readonly webhooks: string;
  readonly delivery: string;
  readonly sites: string;
  readonly posts: string;
}

export interface FullSite extends TestSite {
  /** With a key that has every scope, for this site. */
  readonly all: Client;
  readonly ids: FullSiteIds;
  /** Of its near-copies that wait. */
  readonly campaign: string;
}

/** The service must send to 127.0.0.1 (`outgoingPrivateRanges`). */
export async function createFullSite(service: TestService, slug: string): Promise<FullSite> {
  const site = await createTestSite(service, slug, { premoderate: true });
  const all = site.client.as(await site.keyFor(SCOPES, 'all'));
  const { comment, campaign } = await submitNearCopies(all, `${slug}-post`);
  const decided = await make(all, '/v1/comments', submission({ post: `${slug}-post` }));
  const decision = await make(all, `/v1/comments/${decided.id}/decisions`, { decision: 'approve' });
  const { job, version } = await train(service, all);
  const sample = await service.db
    .selectFrom('sample')
    .select('id')
    .where('site_id', '=', site.site.id)
    .executeTakeFirstOrThrow();
  const { webhook, delivery } = await sendToWebhook(all);
  const [key, user, rule, load] = [
    await make(all, '/v1/keys', { scopes: ['read'] }),
    await make(all, '/v1/users', { name: 'Mo', email: `mo@${slug}.example` }),
    await make(all, '/v1/rules', { kind: 'words', pattern: slug }),
    await make(all, '/v1/imports', { format: 'wxr' }),
  ];
  const ids = {
    comments: comment,
    decisions: decision.decision_id ?? '',
    'second-looks': comment,
    models: version,
    jobs: job,
    samples: sample.id,
    imports: load.id,
    rules: rule.id,
    keys: key.id,
    users: user.id,
    webhooks: webhook,
    delivery,
    sites: site.site.id,
    posts: `${slug}-post`,
  };
  for (const [name, id] of Object.entries(ids))
    expect([name, id]).toEqual([name, expect.stringMatching(/.{8}/)]);
  return { ...site, all, ids, campaign };
}

async function make(client: Client, path: string, body?: unknown) {
  const { status, body: made } = await client.post<{ id: string; decision_id?: string }>(path, body);
  expect([path, status < 300]).toEqual([path, true]);
  return made;
}

async function submitNearCopies(client: Client, post: string) {
  let comment = '';
  for (let at = 0; at < 3; at++) {
    const content = `Earn $${at}00 a day from home, write to agent${at} now and get rich quickly!`;
    comment = (await make(client, '/v1/comments', submission({ post, content }))).id;
  }
  const { body } = await client.get<{
    items: { id: string; near_duplicates: { campaign: string | null } }[];
  }>('/v1/queue');
  const campaign = body.items.find(({ id }) => id === comment)?.near_duplicates.campaign ?? '';
  expect(campaign).not.toBe('');
  return { comment, campaign };
}

/** A webhook that was told something. */
async function sendToWebhook(client: Client) {
  const receiver = await startReceiver();
  const url = `${receiver.url}/hook`;
  const { id } = await make(client, '/v1/webhooks', { url, events: ['model.activated'] });
  await make(client, `/v1/webhooks/${id}/test`);
  await receiver.close();
  const { body } = await client.get<{ items: { id: string }[] }>(`/v1/webhooks/${id}/deliveries`);
  return { webhook: id, delivery: body.items[0]?.id ?? '' };
}

/** A candidate in the shadow. */
async function train(service: TestService, client: Client) {
  await uploadSamples(client, plainSamples(400));
  const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
  await service.settled();
  const { result } = (await client.get<{ result: { model_version: string } | null }>(`/v1/jobs/${job}`)).body;
  const version = result?.model_version ?? '';
  await make(client, `/v1/models/${version}/shadow`);
  return { job, version };
}
