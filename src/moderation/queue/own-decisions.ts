/** What a moderator sees of their own work alone: the last decisions, to undo them, and a quiet statistic. */
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { countOwnDecisions, listOwnDecisions, type OwnDecision } from '../../storage/queue/own-decisions.ts';
import { type Actor, actorReference } from '../actor.ts';

export interface OwnDecisionView {
  readonly decision_id: string;
  /** The comment's id. */
  readonly id: string;
  readonly decision: string;
  readonly reason: string | null;
  readonly at: string;
  readonly author_name: string;
  readonly excerpt: string;
  readonly status: string;
  /** Whether it stands, and can be undone. */
  readonly undoable: boolean;
  readonly undone: boolean;
}

/** The newest decisions of this actor, newest first. */
export async function showOwnDecisions(
  service: Service,
  siteId: string,
  actor: Actor,
  limit: number,
): Promise<OwnDecisionView[]> {
  const rows = await listOwnDecisions(service.db, siteId, actorReference(actor), limit);
  return rows.map(viewOwn);
}

/** Two presses on 1,000 comments and some more; older ones cannot be taken back by a key. */
const MOST_READ = 3000;

/**
 * The decisions of this actor that stand, newest first, of the last `presses` moments: what one press decided on many
 * comments has one moment and comes whole.
 */
export async function showUndoable(
  service: Service,
  siteId: string,
  actor: Actor,
  presses: number,
): Promise<OwnDecisionView[]> {
  const rows = await listOwnDecisions(service.db, siteId, actorReference(actor), MOST_READ);
  const moments = [...new Set(rows.map(({ at }) => at.getTime()))];
  if (rows.length === MOST_READ) moments.pop();
  const standing = rows.filter(({ undoable }) => undoable);
  const wanted = new Set(standing.map(({ at }) => at.getTime()).filter((at) => moments.includes(at)));
  const newest = new Set([...wanted].slice(0, presses));
  return standing.filter(({ at }) => newest.has(at.getTime())).map(viewOwn);
}

function viewOwn(row: OwnDecision): OwnDecisionView {
  return { ...row, at: row.at.toISOString() };
}

export interface OwnStatistics {
  readonly since: string;
  readonly decided: number;
  readonly undone: number;
  /** Median time between one decision and the next, breaks of more than five minutes left out. */
  readonly median_seconds: number | null;
}

/** A working day. */
const USUAL_MS = 12 * 3_600_000;

/** What this actor decided since then (by default in the last twelve hours). Nobody else can ask for it. */
export async function showOwnStatistics(
  service: Service,
  siteId: string,
  actor: Actor,
  since: Date = new Date(service.now().getTime() - USUAL_MS),
): Promise<OwnStatistics> {
  const sinceId = firstIdOf(since.getTime());
  const counts = await countOwnDecisions(service.db, siteId, actorReference(actor), sinceId);
  return {
    since: since.toISOString(),
    decided: counts.decided,
    undone: counts.undone,
    median_seconds: counts.medianSeconds,
  };
}
