/** The model of the simulation: what has been acknowledged, and so must be in the database. */

export interface Known {
  readonly id: string;
  readonly email: string;
  content: string;
  /** A word that is in no other text: where it is found, the text is. */
  readonly word: string;
  status: string;
  label: string | null;
  /** The decisions that stand, the newest last, each with what it replaced. */
  readonly decisions: { readonly id: string; readonly status: string; readonly label: string | null }[];
  /** Edited: what it becomes is for the policy to say, and an undo no longer brings back what was. */
  edited: boolean;
}

export interface StoredComment {
  readonly id: string;
  readonly content: string;
  readonly status: string;
  readonly label: string | null;
  readonly queued: boolean;
  readonly standing: number;
}

const OUTCOMES: Readonly<Record<string, { status: string; label: string | null }>> = {
  approve: { status: 'approved', label: 'ham' },
  spam: { status: 'spam', label: 'spam' },
  reject: { status: 'trash', label: null },
};

export class Ledger {
  readonly comments = new Map<string, Known>();
  /** Words of texts that were erased or deleted. */
  readonly erased: string[] = [];
  /** Who holds what until when, in milliseconds. */
  readonly claims = new Map<string, { readonly by: string; readonly until: number }>();

  add(comment: Omit<Known, 'decisions' | 'label' | 'edited'>): void {
    if (this.comments.has(comment.id)) throw new Error(`${comment.id} was acknowledged twice`);
    this.comments.set(comment.id, { ...comment, label: null, decisions: [], edited: false });
  }

  decide(id: string, decision: string, decisionId: string): void {
    const comment = this.known(id);
    const outcome = OUTCOMES[decision];
    if (outcome === undefined) throw new Error(`no such decision: ${decision}`);
    comment.decisions.push({ id: decisionId, status: comment.status, label: comment.label });
    Object.assign(comment, outcome);
    this.claims.delete(id);
  }

  undo(id: string): void {
    const comment = this.known(id);
    const last = comment.decisions.pop();
    if (!last) throw new Error(`${id} has nothing to undo`);
    Object.assign(comment, { status: last.status, label: last.label });
  }

  erase(email: string): number {
    const gone = [...this.comments.values()].filter((comment) => comment.email === email);
    for (const comment of gone) this.remove(comment.id);
    return gone.length;
  }

  remove(id: string): void {
    this.erased.push(this.known(id).word);
    this.comments.delete(id);
    this.claims.delete(id);
  }

  claim(ids: readonly string[], by: string, now: number, seconds: number): void {
    for (const id of ids) {
      const held = this.claims.get(id);
      if (held && held.by !== by && held.until > now) throw new Error(`${id} is claimed by two`);
      this.claims.set(id, { by, until: now + seconds * 1000 });
    }
  }

  known(id: string): Known {
    const comment = this.comments.get(id);
    if (!comment) throw new Error(`${id} is not known`);
    return comment;
  }

  /** What is stored instead of what was acknowledged; empty when all is as it must be. */
  differences(stored: readonly StoredComment[]): string[] {
    const found: string[] = [];
    const there = new Map(stored.map((comment) => [comment.id, comment]));
    for (const comment of this.comments.values()) {
      const row = there.get(comment.id);
      if (!row) found.push(`${comment.id} is lost`);
      else found.push(...differencesOf(comment, row));
    }
    for (const { id } of stored)
      if (!this.comments.has(id)) found.push(`${id} is stored and was never answered`);
    return found;
  }

  /** How many comments have each status. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status } of this.comments.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }
}

function differencesOf(known: Known, row: StoredComment): string[] {
  const found: string[] = [];
  const expect = (what: string, wanted: unknown, got: unknown) => {
    if (wanted !== got) found.push(`${known.id}: ${what} is ${String(got)}, not ${String(wanted)}`);
  };
  expect('content', known.content, row.content);
  expect('status', known.status, row.status);
  expect('label', known.label, row.label);
  // A decision on the text before an edit is kept beside the one on the new text.
  if (!known.edited) expect('standing decisions', known.decisions.length, row.standing);
  expect('place in the queue', known.status === 'hold', row.queued);
  return found;
}
