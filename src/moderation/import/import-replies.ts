/** Replies that come before what they answer: an export need not list comments in their order. */

export interface Replies {
  /** @param parentId what it answers, when that has come already. */
  readonly note: (id: string, parent: string | null, parentId: string | null) => void;
  /** The replies that were left without what they answer, for which it came later. None comes to answer itself. */
  readonly late: (ids: ReadonlyMap<string, string>) => { id: string; parentId: string }[];
}

/** No thread is so deep; a file made to be slow may be. */
const DEEPEST = 1000;

export function createReplies(): Replies {
  const parentOf = new Map<string, string>();
  const waiting = new Map<string, string>();
  const endsAbove = (id: string, parentId: string): boolean => {
    let at: string | undefined = parentId;
    for (let steps = 0; at !== undefined && at !== id && steps < DEEPEST; steps++) at = parentOf.get(at);
    return at === undefined;
  };
  return {
    note: (id, parent, parentId) => {
      if (parentId !== null) parentOf.set(id, parentId);
      else if (parent !== null) waiting.set(id, parent);
    },
    late: (ids) => {
      const found: { id: string; parentId: string }[] = [];
      for (const [id, parent] of waiting) {
        const parentId = ids.get(parent);
        if (parentId === undefined || !endsAbove(id, parentId)) continue;
        parentOf.set(id, parentId);
        found.push({ id, parentId });
      }
      return found;
    },
  };
}
