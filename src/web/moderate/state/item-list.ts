/** The list before a moderator: whatever comes and goes, the focus stays on the comment that it is on. */
import type { Note, QueueItem } from './types.ts';

interface Identified {
  readonly id: string;
}

export interface Listed<T extends Identified = QueueItem> {
  readonly items: readonly T[];
  /** Where the focus is. */
  readonly at: number;
  readonly selected: ReadonlySet<string>;
}

/** These items instead; when the one in focus is not among them, the focus goes to what came next. */
export function withItems<T extends Identified>(
  { items: before, at, selected }: Listed<T>,
  items: readonly T[],
): Listed<T> {
  const places = new Map(items.map(({ id }, place) => [id, place]));
  const next = before.slice(at).find(({ id }) => places.has(id));
  const place = next === undefined ? items.length - 1 : (places.get(next.id) ?? 0);
  return {
    items,
    at: Math.max(0, place),
    selected: new Set([...selected].filter((id) => places.has(id))),
  };
}

export function without<T extends Identified>(listed: Listed<T>, ids: ReadonlySet<string>): Listed<T> {
  return withItems(
    listed,
    listed.items.filter(({ id }) => !ids.has(id)),
  );
}

/** What comes back by itself stands behind the comment in focus: it must not change under the finger. */
export function withNext<T extends Identified>(listed: Listed<T>, back: readonly T[]): Listed<T> {
  const focused = listed.items[listed.at];
  const fresh = back.filter(({ id }) => id !== focused?.id);
  const rest = without(listed, idsOf(fresh));
  const behind = focused === undefined ? 0 : rest.at + 1;
  return withItems(rest, [...rest.items.slice(0, behind), ...fresh, ...rest.items.slice(behind)]);
}

/** What was asked back comes into focus. */
export function withFocused<T extends Identified>(listed: Listed<T>, back: readonly T[]): Listed<T> {
  const rest = without(listed, idsOf(back));
  return { ...rest, items: [...rest.items.slice(0, rest.at), ...back, ...rest.items.slice(rest.at)] };
}

/** With this note on the comment of that id. */
export function withNote({ items }: Listed, id: string, note: Note): Pick<Listed, 'items'> {
  const others = (item: QueueItem): readonly Note[] => item.notes.filter((one) => one.id !== note.id);
  return {
    items: items.map((item) => (item.id === id ? { ...item, notes: [...others(item), note] } : item)),
  };
}

export function idsOf(items: readonly Identified[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id));
}
