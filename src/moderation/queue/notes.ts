/** Notes on a comment, from one moderator to the next. They teach nothing and the public never sees them. */
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { lockComments } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { findNote, insertNote, type NoteRow } from '../../storage/queue/notes.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';

export interface NoteView {
  readonly id: string;
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

/**
 * Writes a note. The same words by the same actor again change nothing: the first answer may have been lost on the way.
 *
 * @throws {RefusedError} `not_found`.
 */
export async function addNote(
  service: Service,
  siteId: string,
  actor: Actor,
  commentId: string,
  text: string,
): Promise<NoteView> {
  const now = service.now();
  const row: NoteRow = {
    id: createId(now.getTime(), service.random(10)),
    site_id: siteId,
    comment_id: commentId,
    actor: actorReference(actor),
    actor_name: actor.name,
    text,
    created_at: now,
  };
  return await inTransaction(service.db, async (trx) => {
    const [comment] = await lockComments(trx, siteId, [commentId]);
    if (!comment) throw new RefusedError('not_found', 'There is no such comment.');
    const known = await findNote(trx, row);
    if (!known) await insertNote(trx, row);
    return viewNote(known ?? row);
  });
}

/** A note as moderators see it. */
export function viewNote({
  id,
  actor_name,
  created_at,
  text,
}: Pick<NoteRow, 'id' | 'actor_name' | 'created_at' | 'text'>): NoteView {
  return { id, by: actor_name, at: created_at.toISOString(), text };
}
