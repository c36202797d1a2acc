import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusedError } from '../../../src/moderation/refused-error.ts';
import { readSiteContext, type SiteContext } from '../../../src/moderation/site/site-context.ts';
import { type CheckOutcome, checkComment } from '../../../src/moderation/submit/check.ts';
import { RepeatedError } from '../../../src/moderation/submit/idempotency.ts';
import type { Submission } from '../../../src/moderation/submit/submission.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createTestSite } from '../../support/site.ts';

/** Few of everything, so that duplicates, floods, campaigns and known authors are frequent. */
const submissions = fc.array(
  fc.record({
    post: fc.constantFrom('one', 'two'),
    author: fc.constantFrom(
      { authorName: 'Ann', authorEmail: 'ann@example.org', authorIp: '192.0.2.1' },
      { authorName: 'Ann', authorEmail: 'ann+tag@example.org', authorIp: '192.0.2.9' },
      { authorName: 'Bob', authorEmail: 'bob@example.org', authorIp: '192.0.2.1' },
      { authorName: 'Nobody', authorEmail: null, authorIp: null },
      { authorName: 'Somebody', authorEmail: null, authorIp: null },
    ),
    content: fc.constantFrom(
      'The bridge should be repaired before winter comes.',
      'The bridge should be repaired before the winter comes!',
      'Wonderful concert in the park, thank you all so much.',
      'forbidden word in this one, which goes to the trash',
      'short',
    ),
    postTitle: fc.constantFrom(null, 'A title', 'Another title'),
    isFromPage: fc.boolean(),
    idempotencyKey: fc.constantFrom(null, null, null, 'one', 'two'),
  }),
  { minLength: 1, maxLength: 16 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 16 });

type Drawn = Submission & { readonly idempotencyKey: string | null };

function toSubmission({
  author,
  ...fields
}: { author: Pick<Submission, 'authorName' | 'authorEmail' | 'authorIp'> } & Pick<
  Drawn,
  'post' | 'content' | 'postTitle' | 'idempotencyKey'
>): Drawn {
  return {
    authorUrl: null,
    authorUserAgent: null,
    referrer: null,
    parent: null,
    postUrl: null,
    dateGmt: null,
    honeypot: null,
    elapsedMs: null,
    ...author,
    ...fields,
  };
}

describe.each(DATABASES)('checks in groups on %s', (kind) => {
  let service: TestService;
  let sites = 0;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  const createSite = async (floodSeconds: number): Promise<SiteContext> => {
    const settings = { flood_seconds: floodSeconds, banned_words: ['forbidden'], recent_rejections: 2 };
    const { site } = await createTestSite(service, `grouped-${sites++}`, settings);
    const context = await readSiteContext(service, site.id);
    if (!context) throw new Error('the site was just made');
    return context;
  };
  const check = async (
    site: SiteContext,
    { idempotencyKey, ...submission }: Drawn,
  ): Promise<CheckOutcome> => {
    const call =
      idempotencyKey === null
        ? null
        : {
            keyId: site.id,
            idempotencyKey,
            content: JSON.stringify(submission),
            answerTo: ({ id }: { readonly id: string }) => ({ status: 201, location: null, body: id }),
          };
    try {
      return { result: await checkComment(service, site, submission, { call }) };
    } catch (error) {
      return { error };
    }
  };
  /** What does not depend on chance: a campaign is told by the place of the first comment that is in it. */
  const view = async (site: SiteContext, outcomes: readonly CheckOutcome[]) => {
    const rows = await service.db
      .selectFrom('comment')
      .select(['id', 'campaign_id'])
      .where('site_id', '=', site.id)
      .execute();
    const campaigns = new Map(rows.map(({ id, campaign_id }) => [id, campaign_id]));
    const posts = await service.db
      .selectFrom('post')
      .select(['id', 'title'])
      .where('site_id', '=', site.id)
      .orderBy('id')
      .execute();
    const ofOutcomes = outcomes.map((outcome) =>
      'result' in outcome ? (campaigns.get(outcome.result.id) ?? null) : null,
    );
    const answers = outcomes.map((outcome, at) => {
      if ('error' in outcome && outcome.error instanceof RepeatedError) {
        const { body: id } = outcome.error.answer;
        return { repeats: outcomes.findIndex((other) => 'result' in other && other.result.id === id) };
      }
      if ('error' in outcome)
        return outcome.error instanceof RefusedError ? outcome.error.code : outcome.error;
      const { id: _, ...result } = outcome.result;
      return {
        ...result,
        campaign: ofOutcomes[at] == null ? null : ofOutcomes.indexOf(ofOutcomes[at] ?? null),
      };
    });
    return { answers, posts, stored: rows.length };
  };

  it('gives the answers of one after another, however the checks are grouped', async () => {
    await fc.assert(
      fc.asyncProperty(submissions, cuts, fc.constantFrom(0, 10), async (drawn, sizes, floodSeconds) => {
        const all = drawn.map(toSubmission);
        const one = await createSite(floodSeconds);
        const alone: CheckOutcome[] = [];
        for (const submission of all) alone.push(await check(one, submission));
        const other = await createSite(floodSeconds);
        const grouped: CheckOutcome[] = [];
        for (let turn = 0; grouped.length < all.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          const group = all.slice(grouped.length, grouped.length + size);
          grouped.push(...(await Promise.all(group.map((submission) => check(other, submission)))));
        }
        expect(await view(other, grouped)).toEqual(await view(one, alone));
      }),
      { numRuns: kind === 'pglite' ? 25 : 40 },
    );
  });
});
