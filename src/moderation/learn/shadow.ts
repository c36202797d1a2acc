/** A candidate in the shadow of the active filter: it scores the same comments, and nothing follows from it. */
import type { Insertable } from 'kysely';
import type { Disposition, ScorableComment, Status, Verdict } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import type { CommentRow } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { findModel } from '../../storage/learn/models.ts';
import {
  countLabelledPairs,
  countPairs,
  type DisagreementFilter,
  type DisagreementRow,
  findNewestRun,
  findOpenRun,
  insertRun,
  listDisagreements,
  type PairCount,
  stopRun,
} from '../../storage/learn/shadow.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import type { ShadowScoreTable } from '../../storage/schema/learn.ts';
import { findSite, updateSite } from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';
import { type Assessment, assessComment, type Circumstances } from '../site/score.ts';
import { forgetSite, type SiteContext } from '../site/site-context.ts';

/**
 * Puts a model into the shadow; other processes do so within a second.
 *
 * @throws {RefusedError} `not_found`; `model_not_usable`; `conflict` for the active model, or when another is there.
 */
export async function startShadow(
  service: Service,
  siteId: string,
  actor: Actor,
  version: string,
): Promise<ShadowView> {
  await requireModel(service, siteId, version);
  await loadModel(service, siteId, version);
  const at = service.now();
  await inTransaction(service.db, async (trx) => {
    const site = await updateSite(trx, siteId, {});
    if (site?.active_model === version) {
      throw new RefusedError(
        'conflict',
        'This model is the active one: there is nothing to compare it with.',
      );
    }
    const id = createId(at.getTime(), service.random(10));
    const by = actorReference(actor);
    const run = { id, site_id: siteId, model_version: version, started_by: by, started_at: at };
    if (!(await insertRun(trx, run))) {
      const open = await findOpenRun(trx, siteId);
      throw new RefusedError('conflict', `“${open?.model_version}” is in the shadow already: stop it first.`);
    }
    await appendAudit(trx, { siteId, actor: by, action: 'shadow.start', subject: version, detail: {}, at });
  });
  forgetSite(service, siteId);
  return await showShadow(service, siteId, version, { filter: {}, cursorText: undefined, limit: 0 });
}

/** @throws {RefusedError} `not_found`; `conflict` when the model is not in the shadow. */
export async function stopShadow(
  service: Service,
  siteId: string,
  actor: Actor,
  version: string,
): Promise<ShadowView> {
  await requireModel(service, siteId, version);
  await inTransaction(service.db, async (trx) => {
    await updateSite(trx, siteId, {});
    if (!(await endShadow(trx, siteId, actorReference(actor), version, service.now()))) {
      throw new RefusedError('conflict', 'This model is not in the shadow.');
    }
  });
  forgetSite(service, siteId);
  return await showShadow(service, siteId, version, { filter: {}, cursorText: undefined, limit: 0 });
}

/** Ends a model's run, such as when it becomes the active one; false when there was none. */
export async function endShadow(
  trx: Transaction,
  siteId: string,
  by: string,
  version: string,
  at: Date,
): Promise<boolean> {
  if (!(await stopRun(trx, siteId, version, at))) return false;
  await appendAudit(trx, { siteId, actor: by, action: 'shadow.stop', subject: version, detail: {}, at });
  return true;
}

/** What the model in the shadow would have done with a comment; null when there is none. Never throws. */
export function assessInShadow(
  service: Service,
  site: SiteContext,
  comment: ScorableComment,
  circumstances: Circumstances,
): Assessment | null {
  if (site.shadow === null) return null;
  return assessComment(service, { ...site, ...site.shadow }, comment, circumstances);
}

/** Both verdicts, as they are kept next to the comment; null when no model is in the shadow. */
export function toShadowScore(
  site: SiteContext,
  row: Pick<CommentRow, 'id' | 'model_version' | 'verdict' | 'disposition'>,
  assessment: Assessment | null,
): Insertable<ShadowScoreTable> | null {
  if (assessment === null || site.shadow === null) return null;
  const { score, policy } = assessment;
  return {
    comment_id: row.id,
    site_id: site.id,
    model_version: site.shadow.model.version,
    active_version: row.model_version,
    active_verdict: row.verdict,
    active_disposition: row.disposition,
    shadow_verdict: policy.verdict,
    shadow_disposition: policy.disposition,
    spam_probability: score?.spamProbability ?? null,
    differs: policy.verdict !== row.verdict || policy.disposition !== row.disposition,
  };
}

interface Judged {
  readonly model_version: string;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  readonly spam_probability: number | null;
}

/** A comment on which both differ. */
export interface Disagreement {
  readonly id: string;
  readonly version: number;
  readonly post: string;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly content: string;
  readonly received_at: string;
  readonly status: Status;
  readonly label: string | null;
  readonly active: Judged;
  readonly shadow: Judged;
}

export interface ShadowView {
  readonly model_version: string;
  readonly running: boolean;
  readonly started_at: string | null;
  readonly stopped_at: string | null;
  /** Comments that both have scored, and of them those with other verdicts or dispositions. */
  readonly compared: number;
  readonly differing: number;
  /** Every pair, those that agree as well. */
  readonly pairs: readonly PairCount[];
  /** Of the differing ones that a human has labelled: whose verdict was the label. */
  readonly labelled: { readonly count: number; readonly active_right: number; readonly shadow_right: number };
  readonly items: readonly Disagreement[];
  readonly next_cursor: string | null;
}

export interface WantedDisagreements {
  readonly filter: DisagreementFilter;
  /** Where the last page ended. */
  readonly cursorText: string | undefined;
  readonly limit: number;
}

/** How a model did in the shadow, in all its runs, and a page of the disagreements, newest first. */
export async function showShadow(
  service: Service,
  siteId: string,
  version: string,
  { filter, cursorText, limit }: WantedDisagreements,
): Promise<ShadowView> {
  await requireModel(service, siteId, version);
  const order = `shadow ${version}`;
  const cursor = readCursor(order, cursorText);
  const { db } = service;
  const [run, pairs, labelled, rows] = await Promise.all([
    findNewestRun(db, siteId, version),
    countPairs(db, siteId, version),
    countLabelledPairs(db, siteId, version),
    listDisagreements(db, siteId, version, filter, { beforeId: cursor?.id ?? null, limit: limit + 1 }),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const sum = (counts: readonly { readonly count: number }[]) =>
    counts.reduce((total, { count }) => total + count, 0);
  return {
    model_version: version,
    running: run !== null && run.stopped_at === null,
    started_at: run?.started_at.toISOString() ?? null,
    stopped_at: run?.stopped_at?.toISOString() ?? null,
    compared: sum(pairs),
    differing: sum(pairs.filter(differs)),
    pairs,
    labelled: {
      count: sum(labelled),
      active_right: sum(labelled.filter(({ active_verdict, label }) => active_verdict === label)),
      shadow_right: sum(labelled.filter(({ shadow_verdict, label }) => shadow_verdict === label)),
    },
    items: page.map((row) => viewDisagreement(row, version)),
    next_cursor: rows.length > limit && last ? writeCursor(order, { value: 0, id: last.comment_id }) : null,
  };
}

function differs(pair: PairCount): boolean {
  return pair.active_verdict !== pair.shadow_verdict || pair.active_disposition !== pair.shadow_disposition;
}

function viewDisagreement(row: DisagreementRow, version: string): Disagreement {
  return {
    id: row.comment_id,
    version: row.version,
    post: row.post_id,
    author_name: row.author_name,
    author_url: row.author_url,
    content: row.content,
    received_at: row.created_at.toISOString(),
    status: row.status,
    label: row.label,
    active: {
      model_version: row.active_version,
      verdict: row.active_verdict,
      disposition: row.active_disposition,
      spam_probability: row.active_probability,
    },
    shadow: {
      model_version: version,
      verdict: row.shadow_verdict,
      disposition: row.shadow_disposition,
      spam_probability: row.shadow_probability,
    },
  };
}

/** The starter may stand in the shadow of a site's own filter, too. */
async function requireModel(service: Service, siteId: string, version: string): Promise<void> {
  if (version === service.starter.version && (await findSite(service.db, siteId))?.active_model != null)
    return;
  if (await findModel(service.db, siteId, version)) return;
  throw new RefusedError('not_found', `There is no model “${version}” that could run as a shadow.`);
}
