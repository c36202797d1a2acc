/** Why a comment got its verdict, recomputed with the model version that gave it. */

import type { ScorableComment } from '../../core/comment.ts';
import { type Evidence, type Explanation, explainComment } from '../../core/filter/classifier.ts';
import type { Highlight } from '../../core/filter/highlight.ts';
import { listMarks } from '../../core/filter/marks.ts';
import { listSigns, type Sign } from '../../core/filter/signs.ts';
import type { Service } from '../../service.ts';
import { type CommentRow, findComment } from '../../storage/comments.ts';
import { findPost } from '../../storage/posts.ts';
import type { StoredReason } from '../../storage/schema/comments.ts';
import { saySign } from '../../strings/signs.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';

export interface EvidenceView {
  readonly feature: string;
  readonly group: string;
  readonly log_odds: number;
}

export interface ExplanationView {
  readonly id: string;
  readonly model_version: string;
  readonly verdict: string;
  readonly disposition: string;
  readonly prior: number;
  readonly evidence: readonly EvidenceView[];
  /** prior + every evidence's log-odds, added in this order. */
  readonly log_odds: number;
  readonly spam_probability: number;
  /** Whether the comment has anything to sell by, and the pair of thresholds that it was judged by for it. */
  readonly has_payload: boolean;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly rules: readonly StoredReason[];
  /** What moved the score most, in words. */
  readonly summary: readonly SignView[];
}

/** A sign, and what it says in a language. */
export interface SignView extends Sign {
  readonly text: string;
}

/** The part of a stored comment that the filter may look at. */
export function scorable(row: Pick<CommentRow, 'content' | 'author_name' | 'author_url'>): ScorableComment {
  return { content: row.content, authorName: row.author_name, authorUrl: row.author_url ?? undefined };
}

/** @throws {RefusedError} `not_found`, or `model_not_usable` when the version's bytes are gone or damaged. */
export async function explain(
  service: Service,
  siteId: string,
  commentId: string,
  language = 'en',
): Promise<ExplanationView> {
  const row = await findComment(service.db, siteId, commentId);
  if (!row) throw new RefusedError('not_found', 'There is no such comment.');
  const model = await loadModel(service, siteId, row.model_version);
  const explanation = explainComment(model, scorable(row));
  const post = await findPost(service.db, siteId, row.post_id);
  return {
    id: row.id,
    model_version: row.model_version,
    verdict: row.verdict,
    disposition: row.disposition,
    prior: explanation.prior,
    evidence: explanation.evidence.map(viewEvidence),
    log_odds: explanation.logOdds,
    spam_probability: explanation.spamProbability,
    has_payload: explanation.hasPayload,
    thresholds: { ham: row.threshold_ham, spam: row.threshold_spam },
    rules: row.reasons,
    summary: viewSigns(explanation, row, post?.title ?? null, language),
  };
}

export interface HighlightView {
  readonly start: number;
  readonly end: number;
  readonly log_odds: number;
  readonly feature: string;
}

/**
 * A comment of 216 characters has 265 features that speak, with their places 36 kB of JSON (`npm run bench:report`): a
 * page of 25 such items took 46 ms, most of it for evidence too weak to be seen. The explanation of a comment has all of it.
 */
const EVIDENCE_IN_QUEUE = 40;

interface QueueExplanation {
  readonly evidence: EvidenceView[];
  readonly highlights: HighlightView[];
  readonly summary: SignView[];
}

/** The strongest evidence, the few words to mark, and the signs; empty when the comment's model cannot be used. */
export async function explainForQueue(
  service: Service,
  row: CommentRow,
  postTitle: string | null,
): Promise<QueueExplanation> {
  try {
    const model = await loadModel(service, row.site_id, row.model_version);
    const explanation = explainComment(model, scorable(row));
    return {
      evidence: viewStrongest(explanation, EVIDENCE_IN_QUEUE),
      highlights: listMarks(row.content, explanation.evidence).map(viewHighlight),
      summary: viewSigns(explanation, row, postTitle, 'en'),
    };
  } catch (error) {
    if (error instanceof RefusedError) return { evidence: [], highlights: [], summary: [] };
    throw error;
  }
}

function viewSigns(
  { evidence }: Explanation,
  { content, verdict }: Pick<CommentRow, 'content' | 'verdict'>,
  postTitle: string | null,
  language: string,
): SignView[] {
  const signs = listSigns(evidence, { content, postTitle, isHam: verdict === 'ham' });
  return signs.map((sign) => ({ ...sign, text: saySign(sign, language) }));
}

function viewHighlight({ start, end, logOdds, feature }: Highlight): HighlightView {
  return { start, end, log_odds: logOdds, feature };
}

/** So much of the evidence, strongest first. */
export function viewStrongest(explanation: Explanation, most: number): EvidenceView[] {
  return strongest(explanation, most).map(viewEvidence);
}

function strongest({ evidence }: Explanation, most: number): Evidence[] {
  return [...evidence].sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds)).slice(0, most);
}

function viewEvidence({ feature, group, logOdds }: Evidence): EvidenceView {
  return { feature, group, log_odds: logOdds };
}
