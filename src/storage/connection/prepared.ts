/** Names the statements that are prepared once for each connection instead of being planned each time. */

/** A statement that is to be prepared begins with its name in a comment. */
const NAMED = /^\/\* (\w+) \*\//;

const names = new Map<string, string>();

/**
 * The name to prepare a statement under, always the same for the same text; undefined: it is not prepared.
 *
 * Only for statements of few texts: a connection keeps each until it ends.
 */
export function preparedNameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  const base = NAMED.exec(text)?.[1];
  if (base === undefined) return undefined;
  const name = `${base}_${names.size}`;
  names.set(text, name);
  return name;
}
