/** The comments whose verdict a candidate would change. */

import { verdictUnder } from '../../core/comment.ts';
import { explainComment, type Score } from '../../core/filter/classifier.ts';
import type { Model } from '../../core/filter/model.ts';
import type { Service } from '../../service.ts';
import { type FlipRow, findReport, listFlips, readNewest } from '../../storage/learn/model-reports.ts';
import { readComments } from '../../storage/queue/queue-page.ts';
import { type EvidenceView, scorable, viewStrongest } from '../queue/explain.ts';
import { RefusedError } from '../refused-error.ts';
import { loadModel } from '../site/load-model.ts';
import type { SiteContext } from '../site/site-context.ts';
import type { ScoreAll } from './score-all.ts';

export type Flip = Omit<FlipRow, 'model_version' | 'site_id'>;

const NEWEST_DECIDED = 10_000;
const NEWEST_WAITING = 1000;
const MOST_FLIPS = 1000;

export interface FoundFlips {
  /** The largest changes first, decided comments and those that wait apart: at most 1,000 of each. */
  readonly flips: readonly Flip[];
  /** How many there are, kept or not. */
  readonly found: { readonly decided: number; readonly waiting: number };
}

/** What would have another verdict than by the site's active filter. @param score by the active one and the candidate */
export async function collectFlips(
  service: Service,
  site: SiteContext,
  candidate: Pick<Model, 'thresholds'>,
  score: ScoreAll,
): Promise<FoundFlips> {
  const decided = await collect(service, site, candidate, score, { which: 'decided', most: NEWEST_DECIDED });
  const waiting = await collect(service, site, candidate, score, { which: 'waiting', most: NEWEST_WAITING });
  return {
    flips: [...keepLargest(decided), ...keepLargest(waiting)],
    found: { decided: decided.length, waiting: waiting.length },
  };
}

function keepLargest(flips: readonly Omit<Flip, 'rank'>[]): Flip[] {
  return flips
    .toSorted((a, b) => change(b) - change(a))
    .slice(0, MOST_FLIPS)
    .map((flip, rank) => ({ ...flip, rank }));
}

async function collect(
  service: Service,
  site: SiteContext,
  candidate: Pick<Model, 'thresholds'>,
  score: ScoreAll,
  { which, most }: { readonly which: 'decided' | 'waiting'; readonly most: number },
): Promise<Omit<Flip, 'rank'>[]> {
  const flips: Omit<Flip, 'rank'>[] = [];
  for await (const page of readNewest(service.db, site.id, which, most)) {
    const scores = await score(page.map(scorable));
    const looked = page.map((row, at) => {
      const [before, after] = scores[at] as readonly [Score, Score];
      return {
        comment_id: row.id,
        decided: which === 'decided',
        label: row.label,
        from_verdict: verdictUnder(site.model.thresholds, before),
        to_verdict: verdictUnder(candidate.thresholds, after),
        from_probability: before.spamProbability,
        to_probability: after.spamProbability,
      };
    });
    flips.push(...looked.filter((flip) => flip.from_verdict !== flip.to_verdict));
  }
  return flips;
}

function change(flip: Omit<Flip, 'rank'>): number {
  return Math.abs(flip.to_probability - flip.from_probability);
}

export interface FlipView {
  readonly rank: number;
  readonly id: string;
  readonly author_name: string;
  readonly content: string;
  /** What a human decided; null while it waits. */
  readonly label: string | null;
  readonly from: { readonly verdict: string; readonly spam_probability: number };
  readonly to: { readonly verdict: string; readonly spam_probability: number };
  /** What moves the candidate's score most, and what moved the other's. */
  readonly evidence: readonly EvidenceView[];
  readonly evidence_before: readonly EvidenceView[];
}

const MOST_EVIDENCE = 10;

/** A page of the comments that would flip, each explained by both filters. @throws {RefusedError} `not_found`. */
export async function showFlips(
  service: Service,
  siteId: string,
  version: string,
  wanted: { readonly decided: boolean; readonly after: number; readonly limit: number },
): Promise<{ items: FlipView[]; next_after: number | null }> {
  const report = await findReport(service.db, siteId, version);
  if (!report) throw new RefusedError('not_found', `There is no report on a model “${version}”.`);
  const rows = await listFlips(service.db, siteId, version, wanted);
  const comments = await readComments(
    service.db,
    rows.map(({ comment_id: id }) => id),
  );
  const [candidate, active] = await Promise.all([
    loadModel(service, siteId, version),
    loadModel(service, siteId, String(report.active)),
  ]);
  const items = rows.flatMap((row) => {
    const comment = comments.get(row.comment_id);
    if (!comment) return [];
    return {
      rank: row.rank,
      id: row.comment_id,
      author_name: comment.author_name,
      content: comment.content,
      label: row.label,
      from: { verdict: row.from_verdict, spam_probability: row.from_probability },
      to: { verdict: row.to_verdict, spam_probability: row.to_probability },
      evidence: viewStrongest(explainComment(candidate, scorable(comment)), MOST_EVIDENCE),
      evidence_before: viewStrongest(explainComment(active, scorable(comment)), MOST_EVIDENCE),
    };
  });
  const last = rows.length === wanted.limit ? rows.at(-1) : undefined;
  return { items, next_after: last?.rank ?? null };
}
