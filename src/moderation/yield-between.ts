/** Long work in this thread, so that whoever asks meanwhile is answered in between. */
import { setImmediate as breathe } from 'node:timers/promises';

/** Four comments are scored twice in a millisecond or two. */
const AT_ONCE = 4;

/** Does the work on each item, in their order, a few at a time. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [at, item] of items.entries()) {
    results.push(work(item));
    if (at % AT_ONCE === AT_ONCE - 1) await breathe();
  }
  return results;
}
