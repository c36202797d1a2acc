/** Checks a submitted comment and stores it, together with those that arrive with it. */
import type { Refusal } from '../../core/policy.ts';
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { RefusedError } from '../refused-error.ts';
import {
  assessComment,
  NOTHING_TO_REFUSE,
  type Circumstances as PolicyCircumstances,
} from '../site/score.ts';
import type { SiteContext } from '../site/site-context.ts';
import { isTrackback } from '../site/trackback.ts';
import type { CheckResult } from './check-result.ts';
import { type Circumstances, type GroupCircumstances, readCircumstances } from './circumstances.ts';
import { createGroupCommit, GROUP_LIMITS, type GroupCommit } from './group-commit.ts';
import { refuseRepeated } from './idempotency.ts';
import { type Check, type CheckOptions, prepareCheck } from './prepare-check.ts';
import { requireProof, spendProof } from './proof-of-work.ts';
import { type CheckedComment, storeGroup, toCheckedComment } from './store-group.ts';
import type { Submission } from './submission.ts';
import { noteGrowth } from './upkeep.ts';

/** A result, or why there is none; nothing is stored then. */
export type CheckOutcome = { readonly result: CheckResult } | { readonly error: unknown };

/**
 * Checks and stores a comment.
 *
 * @throws {RefusedError} `post_closed`, `duplicate`, `flood` (with `retry_after` seconds), `parent_not_found`,
 *   `proof_of_work_required` or `idempotency_key_reused`; nothing is stored then.
 * @throws {RepeatedError} with the answer when `options.call` was answered before
 */
export async function checkComment(
  service: Service,
  site: SiteContext,
  submission: Submission,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const { altcha } = options;
  // 1. Was the form filled in by a person?
  const proof = altcha === undefined ? null : await requireProof(service, site, altcha).catch(toRefusal);
  // 2. Addresses in clear end here; text → features → score.
  const check = await prepareCheck(service, site, submission, options, proof);
  // 3. One transaction with the checks that arrive together.
  const [outcome] = await groupsOf(service).submit(site.id, [check]);
  if (outcome === undefined) throw new Error('a check has an outcome');
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

/**
 * Checks and stores comments one after another, as many of them in a transaction as fit.
 *
 * Yields an outcome for each, in their order. When the database fails, those that were not stored have its failure for
 * an outcome.
 */
export async function* checkComments(
  service: Service,
  site: SiteContext,
  submissions: readonly Submission[],
  options: CheckOptions = {},
): AsyncGenerator<CheckOutcome> {
  const prepare = (at: number) =>
    Promise.allSettled(
      submissions
        .slice(at, at + GROUP_LIMITS.groupSize)
        .map((submission) => prepareCheck(service, site, submission, options, null)),
    );
  let next = prepare(0);
  for (let at = 0; at < submissions.length; at += GROUP_LIMITS.groupSize) {
    const prepared = await next;
    const checks = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const stored = groupsOf(service)
      .submit(site.id, checks)
      .catch((error: unknown): CheckOutcome[] => checks.map(() => ({ error })));
    // While the database stores these, the next are scored.
    next = prepare(at + GROUP_LIMITS.groupSize);
    const outcomes = (await stored).values();
    for (const one of prepared) {
      const outcome = one.status === 'fulfilled' ? outcomes.next().value : { error: one.reason as unknown };
      if (outcome !== undefined) yield outcome;
    }
  }
}

async function checkGroup(service: Service, checks: readonly Check[]): Promise<readonly CheckOutcome[]> {
  const outcomes = await inTransaction(service.db, async (trx) => {
    // 4. What is known around them: post, parent, author, copies.
    const around = await readCircumstances(service, trx, checks);
    const accepted: CheckedComment[] = [];
    const outcomes: CheckOutcome[] = [];
    for (const check of around.checks) {
      try {
        const checked = await judge(service, trx, check, around);
        accepted.push(checked);
        outcomes.push({ result: checked.result });
      } catch (error) {
        outcomes.push({ error });
      }
    }
    // 7. Comments, queue items, events, answers: all of it or nothing.
    await storeGroup(trx, accepted, around);
    return outcomes;
  });
  noteGrowth(service, outcomes.length);
  return outcomes;
}

async function judge(
  service: Service,
  trx: Transaction,
  check: Check,
  around: GroupCircumstances,
): Promise<CheckedComment> {
  const now = service.now();
  // A repeat is answered as before, whatever has become of its proof, its post and its parent.
  if (check.request) refuseRepeated(check.request, around.keptFor(check), now);
  if (check.proof instanceof RefusedError) throw check.proof;
  const circumstances = around.of(check, now);
  if (!circumstances.parentFound) {
    throw new RefusedError('parent_not_found', '`parent` must be a published comment on the same post.');
  }
  // 5. Score × rules × settings → verdict and disposition.
  const known = policyInput(check, circumstances, now);
  const assessment = assessComment(service, check.site, check.scorable, known, check.score);
  // 6. A refusal stores nothing.
  if (assessment.policy.refusal) throw refuse(assessment.policy.refusal);
  if (check.proof) await spendProof(trx, check.site.id, check.proof);
  const checked = toCheckedComment(service, check, { circumstances, known, assessment, now });
  around.note(checked, circumstances.post);
  return checked;
}

function toRefusal(error: unknown): RefusedError {
  if (error instanceof RefusedError) return error;
  throw error;
}

function policyInput(
  { comment, facts, site, options }: Check,
  circumstances: Circumstances,
  now: Date,
): PolicyCircumstances {
  const { post, postClosed, duplicate, secondsSinceLast, author } = circumstances;
  const threadAgeDays = Math.max(0, (now.getTime() - post.createdAt.getTime()) / 86_400_000);
  return {
    ...(options.refuseNothing ? NOTHING_TO_REFUSE : { postClosed, duplicate, secondsSinceLast }),
    isTrackback: isTrackback(
      { type: comment.commentType, authorUrl: comment.authorUrl, postUrl: comment.postUrl ?? post.url },
      site,
    ),
    honeypotFilled: (comment.honeypot ?? '') !== '',
    elapsedSeconds: comment.elapsedMs === null ? null : comment.elapsedMs / 1000,
    postPremoderated: post.premoderated,
    author,
    ruleCircumstances: site.rules.length === 0 ? {} : { ...facts, threadAgeDays },
  };
}

function refuse(refusal: Refusal): RefusedError {
  switch (refusal.code) {
    case 'post_closed':
      return new RefusedError('post_closed', 'This post takes no more comments.');
    case 'duplicate':
      return new RefusedError('duplicate', 'This author has said the same on this post already.');
    case 'flood':
      return new RefusedError('flood', 'This author comments too quickly: try again later.', {
        retry_after: refusal.retryAfterSeconds,
      });
  }
}

const groups = new WeakMap<Service['db'], GroupCommit<Check, CheckOutcome>>();

function groupsOf(service: Service): GroupCommit<Check, CheckOutcome> {
  const known = groups.get(service.db);
  if (known !== undefined) return known;
  const made = createGroupCommit<Check, CheckOutcome>((checks) => checkGroup(service, checks));
  groups.set(service.db, made);
  return made;
}
