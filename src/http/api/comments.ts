/** `/v1/comments`: submission, one comment, its explanation, its changes. */
import { z } from '@hono/zod-openapi';
import { describeError } from '../../logging.ts';
import type { Actor } from '../../moderation/actor.ts';
import { editComment, removeComment, showComment } from '../../moderation/queue/comments.ts';
import { explain } from '../../moderation/queue/explain.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { SiteContext } from '../../moderation/site/site-context.ts';
import { MAX_CONTENT_BYTES } from '../../moderation/site/storable-text.ts';
import { checkComment, checkComments } from '../../moderation/submit/check.ts';
import type { CheckResult } from '../../moderation/submit/check-result.ts';
import { RepeatedError } from '../../moderation/submit/idempotency.ts';
import type { Submission } from '../../moderation/submit/submission.ts';
import type { Service } from '../../service.ts';
import type { Answer } from '../../storage/submissions.ts';
import { chooseLanguage } from '../../strings/index.ts';
import { readAcceptLanguage } from '../embed/plain-strings.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { resolveSite } from '../routing/auth.ts';
import { toFieldErrors } from '../routing/body.ts';
import { browserCircumstances, isPublicKey, ownPage } from '../routing/cors.ts';
import { type ProblemCode, ProblemError, problemBody, toProblem } from '../routing/problem.ts';
import { limitRate } from '../routing/rate-limit.ts';
import { addRoute, idParam } from '../routing/route.ts';
import { text } from './fields.ts';
import { addPublicLists, publicComment } from './public-lists.ts';
import { sign } from './queue.schema.ts';
import {
  prepareFields,
  type SubmissionBody,
  schemaFor,
  strictSchema,
  toSubmission,
} from './submission-body.ts';

const checkResult = z
  .object({
    id: z.string(),
    status: z.enum(['approved', 'hold', 'spam', 'trash']),
    verdict: z.enum(['ham', 'unsure', 'spam']),
    disposition: z.enum(['publish', 'hold', 'spam', 'discard']),
    spam_probability: z.number().min(0).max(1).nullable(),
    reasons: z.array(z.string()),
    model_version: z.string(),
  })
  .openapi('CheckResult');

const receivedComment = z
  .object({ id: z.string(), status: z.enum(['approved', 'hold']) })
  .openapi('ReceivedComment', {
    description: 'What a public key gets: the status without the reason.',
  });

const moderatorComment = publicComment
  .extend({
    comment_type: z.string().nullable().openapi({
      description: 'What an Akismet client calls it, such as `trackback`; null: a comment of a reader.',
    }),
    status: z.string(),
    verdict: z.string(),
    disposition: z.string(),
    spam_probability: z.number().nullable(),
    model_version: z.string(),
    reasons: z.array(z.object({ rule: z.string(), disposition: z.string(), detail: z.string() })),
    label: z.string().nullable(),
    version: z.int(),
    received_at: z.string(),
    updated_at: z.string(),
    decisions: z.array(
      z.object({
        id: z.string(),
        decision: z.string(),
        reason: z.string().nullable(),
        note: z.string().nullable(),
        by: z.string(),
        at: z.string(),
        undoes: z.string().nullable(),
      }),
    ),
  })
  .openapi('ModeratorComment');

const explanation = z
  .object({
    id: z.string(),
    model_version: z.string(),
    verdict: z.string(),
    disposition: z.string(),
    prior: z.number(),
    evidence: z.array(z.object({ feature: z.string(), group: z.string(), log_odds: z.number() })),
    log_odds: z
      .number()
      .openapi({ description: 'prior + the log_odds of all evidence, added in this order.' }),
    spam_probability: z.number(),
    has_payload: z.boolean().openapi({
      description:
        'Whether it has a link, an author URL, a mail address, a phone number or a handle: such comments have thresholds of their own.',
    }),
    thresholds: z.object({ ham: z.number(), spam: z.number() }),
    rules: z.array(z.object({ rule: z.string(), disposition: z.string(), detail: z.string() })),
    summary: z.array(sign).openapi({
      description:
        'At most five sentences on what moved the score most, in the language of `Accept-Language`.',
    }),
  })
  .openapi('Explanation');

export function addCommentRoutes(app: App): void {
  addSubmission(app);
  addBatch(app);
  // In front of /v1/comments/{id}, which would take their paths for ids.
  addPublicLists(app);
  addReading(app);
  addChanging(app);
}

const stored = {
  description:
    'The comment is stored; `status` says whether it is published. A public key gets only `id` and `status`.',
  schema: z.union([checkResult, receivedComment]),
};

const SUBMISSION_PROBLEMS: readonly ProblemCode[] = [
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'post_closed',
  'duplicate',
  'flood',
  'parent_not_found',
  'proof_of_work_required',
];

function addSubmission(app: App): void {
  addRoute<SubmissionBody>(app, {
    method: 'post',
    path: '/v1/comments',
    tag: 'Comments',
    summary: 'Submit a comment',
    description:
      'Checks the fields, pseudonymises e-mail and IP address, scores, decides and stores. An unknown field is refused. ' +
      'What the reader did not write (referrer, user agent, title and address of the article, a date in the future) is ' +
      'cut or left out rather than refused; the header `Adjusted-Fields` names it.',
    scope: 'submit',
    body: strictSchema,
    bodyFor: async (c, actor) => schemaFor((await resolveSite(c, actor)).settings),
    prepare: (data, isForm, c) => {
      const { fields, adjusted } = prepareFields(data, isForm, c.var.service.now());
      if (adjusted.length > 0) c.header('adjusted-fields', adjusted.join(', '));
      return fields;
    },
    form: true,
    headers: z.object({ 'Idempotency-Key': z.string().min(1).max(255).optional() }),
    answers: { 201: stored },
    problems: SUBMISSION_PROBLEMS,
    handle: async (call) => {
      const { c, service, actor, body, bodyText } = call;
      const fromPage = await isPublicKey(c, actor);
      const circumstances = fromPage
        ? { ...browserCircumstances(c), postUrl: await ownPage(c, actor, body.post_url) }
        : {};
      const submission = { ...toSubmission(body), ...circumstances };
      const idempotencyKey = readIdempotencyKey(c);
      const { answer, replayed } = await checkOnce(service, call.site, submission, {
        ...(fromPage && { altcha: body.altcha ?? null }),
        call:
          idempotencyKey === null
            ? null
            : {
                keyId: ownerOf(actor, call.site.id),
                idempotencyKey,
                content: contentOf(c, fromPage ? withoutProof(body) : bodyText),
                answerTo: created,
              },
      });
      c.header('location', answer.location ?? '');
      if (replayed) c.header('idempotency-replayed', 'true');
      const told = fromPage ? JSON.stringify(tellReader(JSON.parse(answer.body))) : answer.body;
      return c.body(told, 201, { 'content-type': 'application/json' });
    },
  });
}

/** A repeat of a request is answered as it was before. */
async function checkOnce(
  ...check: Parameters<typeof checkComment>
): Promise<{ readonly answer: Answer; readonly replayed: boolean }> {
  try {
    return { answer: created(await checkComment(...check)), replayed: false };
  } catch (error) {
    if (error instanceof RepeatedError) return { answer: error.answer, replayed: true };
    throw error;
  }
}

function created(result: CheckResult): Answer {
  return { status: 201, location: `/v1/comments/${result.id}`, body: JSON.stringify(result) };
}

/**
 * What whoever writes in a page is told: where the comment stands, not why. A spammer would learn from a probability
 * or a reason, and from the difference between “spam” and “waiting”.
 */
function tellReader(result: CheckResult) {
  return { id: result.id, status: result.status === 'approved' ? 'approved' : 'hold' };
}

function ownerOf(actor: Actor, siteId: string): string {
  return `${actor.id}:${siteId}`;
}

/** What a repeated request is known by. */
function contentOf(c: AppContext, bodyText: string): string {
  const type = (c.req.header('content-type') ?? '').split(';')[0];
  return `${type}\n${bodyText}`;
}

/** Sent again after an answer was lost, a page's comment has no proof of work yet, or another. */
function withoutProof(body: SubmissionBody): string {
  return JSON.stringify({ ...body, altcha: undefined });
}

function readIdempotencyKey(c: AppContext): string | null {
  const key = c.req.header('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new ProblemError(
      'idempotency_key_invalid',
      'An Idempotency-Key has 1 to 255 visible ASCII characters.',
    );
  }
  return key;
}

const batchSchema = z
  .strictObject({ comments: z.array(z.unknown()).min(1).max(1000) })
  .openapi('Batch', { description: 'Up to 1,000 submissions; each is checked on its own.' });

function addBatch(app: App): void {
  addRoute(app, {
    method: 'post',
    path: '/v1/comments/batch',
    tag: 'Comments',
    summary: 'Submit many comments',
    description:
      'One result for each comment, in order: what a single submission answers, or a problem document. Each counts for the rate limit.',
    scope: 'submit',
    body: batchSchema,
    bodyLimitBytes: 16 * 1024 * 1024,
    answers: {
      200: {
        description: 'A result each.',
        schema: z.object({ results: z.array(z.union([checkResult, z.looseObject({ code: z.string() })])) }),
      },
    },
    problems: [],
    handle: async (call) => {
      const { c, service, actor, body } = call;
      if (await isPublicKey(c, actor)) {
        throw new ProblemError('forbidden', 'A public key sends one comment at a time.');
      }
      await limitRate(c, actor, body.comments.length - 1);
      return c.json({ results: await checkEach(service, call.site, body.comments) }, 200);
    },
  });
}

/**
 * A result for each comment. When the service fails in between, what was stored is shown as such, and what comes after
 * has the failure for a result; nothing stored at all fails as a whole.
 */
async function checkEach(service: Service, site: SiteContext, items: readonly unknown[]): Promise<unknown[]> {
  const { results, valid } = validateEach(site, items, service.now());
  const submissions = valid.map(({ submission }) => submission);
  let done = 0;
  let hasFailed = false;
  for await (const outcome of checkComments(service, site, submissions, { limitFlood: false })) {
    const { at } = valid[done] ?? { at: 0 };
    if ('result' in outcome) results[at] = outcome.result;
    else if (outcome.error instanceof RefusedError) results[at] = problemBody(outcome.error);
    else if (done === 0) throw outcome.error;
    else {
      // One line for a batch: with the database gone all that follow fail alike.
      if (!hasFailed)
        service.log.error('batch-failed', { siteId: site.id, done: at, ...describeError(outcome.error) });
      hasFailed = true;
      results[at] = problemBody(toProblem(outcome.error));
    }
    done += 1;
  }
  return results;
}

function validateEach({ settings }: SiteContext, items: readonly unknown[], now: Date) {
  const schema = schemaFor(settings);
  const results: unknown[] = [];
  const valid: { readonly at: number; readonly submission: Submission }[] = [];
  for (const [at, item] of items.entries()) {
    const data = prepareFields(item, false, now).fields;
    const parsed = schema.safeParse(data);
    if (parsed.success) valid.push({ at, submission: toSubmission(parsed.data) });
    else {
      const errors = toFieldErrors(parsed.error, `/comments/${at}`, data, schema);
      results[at] = problemBody(
        new ProblemError('invalid', 'Correct the fields that are listed in `errors`.', errors),
      );
    }
  }
  return { results, valid };
}

function addReading(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/comments/{id}',
    tag: 'Comments',
    summary: 'Show a comment',
    description: 'With the scope `moderate` all of it; with `read` the public part of an approved one.',
    scope: 'read',
    orScope: 'moderate',
    answers: { 200: { description: 'The comment.', schema: z.union([moderatorComment, publicComment]) } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showComment(call.service, call.site.id, call.actor, idParam(call.c)), 200);
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/comments/{id}/explanation',
    tag: 'Comments',
    summary: 'Explain a verdict',
    description: 'Recomputed with the model version that gave the verdict: the sum is the score.',
    scope: 'moderate',
    answers: { 200: { description: 'Prior, evidence, rules and thresholds.', schema: explanation } },
    problems: ['model_not_usable'],
    handle: async (call) => {
      const { language } = chooseLanguage(readAcceptLanguage(call.c.req.header('accept-language')));
      const [name] = language.split('-');
      return call.c.json(await explain(call.service, call.site.id, idParam(call.c), name), 200);
    },
  });
}

function addChanging(app: App): void {
  addRoute(app, {
    method: 'patch',
    path: '/v1/comments/{id}',
    tag: 'Comments',
    summary: 'Edit a comment',
    description: 'The new text is scored again. An edit never makes a comment more visible than before.',
    scope: 'moderate',
    body: z.strictObject({ content: text({ bytes: MAX_CONTENT_BYTES }) }),
    answers: { 200: { description: 'The comment after the change.', schema: moderatorComment } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await editComment(call.service, call.site, idParam(call.c), call.body.content), 200);
    },
  });
  addRoute(app, {
    method: 'delete',
    path: '/v1/comments/{id}',
    tag: 'Comments',
    summary: 'Delete a comment permanently',
    description:
      'With `branch=true` all that answers it, too (up to 1,000). Else its answers keep their place.',
    scope: 'moderate',
    query: z.strictObject({ branch: z.enum(['true', 'false']).default('false') }),
    answers: { 204: { description: 'It is deleted.', schema: null } },
    problems: [],
    handle: async (call) => {
      const withBranch = call.query.branch === 'true';
      await removeComment(call.service, call.site.id, call.actor, idParam(call.c), withBranch);
      return call.c.body(null, 204);
    },
  });
}
