/** WordPress's statuses as decisions: what its clients call a status change is a human's word here. */
import { createHmac } from 'node:crypto';
import type { Status } from '../../core/comment.ts';
import type { Service } from '../../service.ts';
import { findNumberedComment, type NumberedComment } from '../../storage/clients/wordpress.ts';
import { findComment } from '../../storage/comments.ts';
import { findStandingDecisions } from '../../storage/queue/decisions.ts';
import type { Actor } from '../actor.ts';
import { type Decision, decideComment, undoDecision } from '../queue/decide.ts';
import { RefusedError } from '../refused-error.ts';

/** Every status that WordPress takes on the way in. */
export const WORDPRESS_STATUSES = [
  'approve',
  'approved',
  '1',
  'hold',
  '0',
  'spam',
  'unspam',
  'trash',
  'untrash',
] as const;
export type WordPressStatus = (typeof WORDPRESS_STATUSES)[number];

/** The reason of a rejection that came as WordPress's “trash”, which gives none; see `reject_reasons`. */
const TRASHED = 'other';

/** @throws {RefusedError} `not_found` for a number that is none of the site's. */
export async function requireNumbered(
  service: Service,
  siteId: string,
  number: number,
): Promise<NumberedComment> {
  const comment = await findNumberedComment(service.db, siteId, number);
  if (!comment) throw new RefusedError('not_found', 'There is no such comment.');
  return comment;
}

/**
 * Brings a comment to a status: by a decision, or by undoing the one that stands (`hold`, `unspam`, `untrash`). Where the
 * filter alone put it, there is nothing to undo: `hold` and `untrash` then bring it before a human, out of sight and
 * without a label; `unspam` says that it is none.
 *
 * @throws {RefusedError} `version_conflict`; what decideComment and undoDecision throw.
 */
export async function changeStatus(
  service: Service,
  siteId: string,
  actor: Actor,
  comment: NumberedComment,
  wanted: WordPressStatus,
): Promise<void> {
  const { id, version, status } = comment;
  const desk: Desk = { service, siteId, actor };
  switch (wanted) {
    case 'approve':
    case 'approved':
    case '1':
      if (status !== 'approved') await decide(desk, id, { decision: 'approve', version });
      return;
    case 'spam':
      if (status !== 'spam') await decide(desk, id, { decision: 'spam', version });
      return;
    case 'trash':
      if (status !== 'trash') await decide(desk, id, { decision: 'reject', reason: TRASHED, version });
      return;
    case 'hold':
    case '0':
      if (status !== 'hold') await takeBackOr(desk, id, (now) => now === 'hold', HOLD);
      return;
    case 'unspam':
      if (status === 'spam') await takeBackOr(desk, id, (now) => now !== 'spam', { decision: 'approve' });
      return;
    case 'untrash':
      if (status === 'trash') await takeBackOr(desk, id, (now) => now !== 'trash', HOLD);
      return;
  }
}

interface Desk {
  readonly service: Service;
  readonly siteId: string;
  readonly actor: Actor;
}

const HOLD: Decision = { decision: 'escalate', hold: true };

async function decide({ service, siteId, actor }: Desk, id: string, decision: Decision): Promise<void> {
  await decideComment(service, siteId, actor, id, decision);
}

/** Undoes what a human decided; when the comment is not where it is wanted then, decides. */
async function takeBackOr(
  desk: Desk,
  id: string,
  isDone: (status: Status) => boolean,
  otherwise: Decision,
): Promise<void> {
  const { service, siteId, actor } = desk;
  const standing = (await findStandingDecisions(service.db, [id])).get(id);
  // Who escalated asked for another's opinion: that is no decision to take back.
  if (standing && standing.decision !== 'escalate') await undoDecision(service, siteId, actor, standing.id);
  const now = await findComment(service.db, siteId, id);
  if (!now) throw new RefusedError('not_found', 'There is no such comment.');
  if (!isDone(now.status)) await decide(desk, id, { ...otherwise, version: now.version });
}

/** What WordPress puts beside `unapproved=` so that a theme can tell the author that the comment waits. */
export function moderationHash(service: Service, commentId: string): string {
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a moderation hash needs a pseudonym key');
  return createHmac('sha256', newest.key)
    .update(`moderation-hash|v1|${commentId}`)
    .digest('hex')
    .slice(0, 32);
}
