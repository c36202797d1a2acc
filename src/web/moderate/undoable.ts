/** What `u` takes back. */
import { call, ProblemAnswer } from '../service.ts';
import type { QueueItem } from './types.ts';

/** One press, however many comments it was about. */
export interface Undoable {
  readonly decisions: readonly string[];
  /** As they were; none after a reload. */
  readonly items: readonly QueueItem[];
  readonly name: string;
}

interface OwnDecision {
  readonly decision_id: string;
  readonly author_name: string;
  readonly undoable: boolean;
}

/** The own last decisions that stand, oldest first: they can be taken back after a reload, too. */
export async function readUndoable(inSite: (path: string) => string): Promise<Undoable[]> {
  const { items } = await call<{ items: readonly OwnDecision[] }>('GET', inSite('/v1/decisions?limit=50'));
  return items
    .filter(({ undoable }) => undoable)
    .reverse()
    .map(({ decision_id: id, author_name: name }) => ({ decisions: [id], items: [], name }));
}

/** Requests at once while a campaign is taken back. */
const AT_ONCE = 6;

/** Takes decisions back; one that does not stand any more is no failure, so that a second try finishes the first. */
export async function undoAtService(
  inSite: (path: string) => string,
  decisions: readonly string[],
): Promise<void> {
  for (let from = 0; from < decisions.length; from += AT_ONCE) {
    const some = decisions.slice(from, from + AT_ONCE);
    await Promise.all(
      some.map((id) => call('POST', inSite(`/v1/decisions/${id}/undo`), {}).catch(ignoreUndone)),
    );
  }
}

function ignoreUndone(error: unknown): void {
  if (!(error instanceof ProblemAnswer) || error.code !== 'not_undoable') throw error;
}
