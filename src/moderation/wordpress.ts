/** WordPress's statuses as decisions: what its clients call a status change is a human's word here. */
import { createHmac } from 'node:crypto';
import type { Service } from '../service.ts';
import { findStandingDecisions } from '../storage/decisions.ts';
import { findNumberedComment, type NumberedComment } from '../storage/wordpress.ts';
import type { Actor } from './actor.ts';
import { decideComment, undoDecision } from './decide.ts';
import { RefusedError } from './refused-error.ts';

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
 * Brings a comment to a status: by a decision, or by undoing the one that stands (`hold`, `unspam`, `untrash`).
 *
 * @throws {RefusedError} `not_undoable` when nothing stands that could be undone; what decideComment throws.
 */
export async function changeStatus(
  service: Service,
  siteId: string,
  actor: Actor,
  comment: NumberedComment,
  wanted: WordPressStatus,
): Promise<void> {
  const { id, version, status } = comment;
  const decide = async (decision: 'approve' | 'spam' | 'reject', reason: string | null = null) => {
    await decideComment(service, siteId, actor, id, { decision, reason, version });
  };
  switch (wanted) {
    case 'approve':
    case 'approved':
    case '1':
      if (status !== 'approved') await decide('approve');
      return;
    case 'spam':
      if (status !== 'spam') await decide('spam');
      return;
    case 'trash':
      if (status !== 'trash') await decide('reject', TRASHED);
      return;
    case 'hold':
    case '0':
      if (status !== 'hold') await takeBack(service, siteId, actor, id);
      return;
    case 'unspam':
      if (status === 'spam') await takeBackOr(service, siteId, actor, id, () => decide('approve'));
      return;
    case 'untrash':
      if (status === 'trash') await takeBack(service, siteId, actor, id);
      return;
  }
}

async function takeBack(service: Service, siteId: string, actor: Actor, id: string): Promise<void> {
  const standing = (await findStandingDecisions(service.db, [id])).get(id);
  if (!standing)
    throw new RefusedError('not_undoable', 'Nobody has decided on this comment: decide instead.');
  await undoDecision(service, siteId, actor, standing.id);
}

/** What the filter called spam has no decision to undo: saying it is none is a decision. */
async function takeBackOr(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  otherwise: () => Promise<void>,
): Promise<void> {
  const standing = (await findStandingDecisions(service.db, [id])).get(id);
  if (standing) await undoDecision(service, siteId, actor, standing.id);
  else await otherwise();
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
