/** Decides what becomes of an author's next comments, by a rule of the site that names only them. */
import type { Disposition } from '../../core/comment.ts';
import type { Service } from '../../service.ts';
import { findComment } from '../../storage/comments.ts';
import { listAuthorRules } from '../../storage/queue/context.ts';
import type { Actor } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { createRule, removeRule } from './rules.ts';

export const STANDINGS = ['none', 'trust', 'hold', 'mute', 'ban'] as const;
export type Standing = (typeof STANDINGS)[number];

const DISPOSITIONS: Readonly<Record<Exclude<Standing, 'none'>, Disposition>> = {
  trust: 'publish',
  hold: 'hold',
  mute: 'spam',
  ban: 'discard',
};

interface WantedStanding {
  readonly standing: Standing;
  /** null: permanently. */
  readonly until: Date | null;
  readonly reason: string | null;
}

/**
 * Trusts the author of a comment, always holds, mutes or bans them; `none` takes that back.
 *
 * @throws {RefusedError} `not_found`; `invalid_value` for an author without an e-mail address, or an end in the past;
 *   `conflict` when a rule names them among others.
 */
export async function setAuthorStanding(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  { standing, until, reason }: WantedStanding,
): Promise<void> {
  const author = await requireAuthor(service, siteId, commentId);
  if (until !== null && until <= service.now()) {
    throw new RefusedError('invalid_value', 'The end must be in the future.');
  }
  const before = await listAuthorRules(service.db, siteId, author);
  const shared = before.find(
    ({ pattern, expires_at: end }) => pattern !== author && (end === null || end > service.now()),
  );
  if (shared) {
    throw new RefusedError(
      'conflict',
      'A rule of the site names this author among others. Change it in the administration, under Rules.',
    );
  }
  if (standing !== 'none') {
    const wanted = {
      kind: 'author',
      pattern: commentId,
      options: {},
      note: reason,
      expiresAt: until,
    } as const;
    await createRule(service, siteId, actor, { ...wanted, disposition: DISPOSITIONS[standing] });
  }
  for (const { id, pattern } of before) if (pattern === author) await removeRule(service, siteId, actor, id);
}

/** The loose pseudonym of a comment's author. */
async function requireAuthor(service: Service, siteId: string, commentId: string): Promise<string> {
  const row = await findComment(service.db, siteId, commentId);
  if (!row) throw new RefusedError('not_found', 'There is no such comment.');
  if (row.author_email_loose === null) {
    throw new RefusedError(
      'invalid_value',
      'This author left no e-mail address, so the next comment cannot be recognised as theirs.',
    );
  }
  return row.author_email_loose;
}
