/** Finds the threads that the articles of a file belong to, and remembers what the file says of them. */
import type { Insertable } from 'kysely';
import type { Service } from '../../service.ts';
import { findPostNames } from '../../storage/posts.ts';
import type { PostTable } from '../../storage/schema/comments.ts';
import { type NamingSite, postIdOf } from '../site/post-identity.ts';
import type { ImportedThread } from './import-record.ts';

/** An article of the file that went into a thread of another name, as both have the same address. */
export interface MergedPost {
  readonly post: string;
  readonly into: string;
}

/** What was learnt of threads since the last time: to be stored before their comments. */
export interface LearntThreads {
  readonly posts: readonly Insertable<PostTable>[];
  readonly names: readonly { readonly name: string; readonly postId: string }[];
  readonly merged: readonly MergedPost[];
}

export interface Threads {
  /** @param date when its first comment came. */
  readonly note: (thread: ImportedThread, date: Date) => void;
  /** How many wait for {@link Threads.learn}. */
  readonly waiting: () => number;
  readonly learn: () => Promise<LearntThreads>;
  /** The thread of an article that was learnt. */
  readonly placeOf: (thread: ImportedThread) => string;
  /** The threads that took no more comments. */
  readonly closed: () => string[];
}

/**
 * A thread that is here under the name or the address of an article takes its comments; so does an earlier article of the
 * file with the same address. Where one of several articles could be seen, the visible ones tell whether their thread is
 * closed; else it is.
 */
export function createThreads(service: Service, site: NamingSite): Threads {
  const places = new Map<string, string>();
  const states = new Map<string, { isSeen: boolean; isClosed: boolean }>();
  let noted = new Map<string, { readonly thread: ImportedThread; readonly date: Date }>();
  const notedStates = new Map<string, { isSeen: boolean; isClosed: boolean }>();

  const nameOf = (key: string) => postIdOf(site, key) ?? key;
  /** Many sites give the address of their front page for articles that have none. */
  const addressOf = ({ url }: ImportedThread) => {
    const address = url === null ? null : postIdOf(site, url);
    return address === null || /^(?:https:\/\/[^/]*)?\/$/.test(address) ? null : address;
  };

  /**
   * Where the site's own address is not known, the forms in its pages name an article by its path alone. A thread that they
   * have begun is joined; of two hosts with one path the first has it.
   */
  const pathOf = (address: string | null) =>
    site.url === null ? (/^https:\/\/[^/]+(\/.+)$/s.exec(address ?? '')?.[1] ?? null) : null;

  const place = ({ thread, date }: { thread: ImportedThread; date: Date }) => {
    const name = nameOf(thread.key);
    const address = addressOf(thread);
    const known = places.get(name);
    const path = pathOf(address ?? name);
    const begun = path !== null && places.get(path) === path ? path : undefined;
    const id = known ?? (address === null ? undefined : places.get(address)) ?? begun ?? name;
    const names = [...new Set([name, address, path])]
      .filter((one) => one !== null)
      .filter((one) => one !== id && !places.has(one));
    for (const one of [name, ...names]) places.set(one, id);
    return {
      post: {
        ...{ site_id: site.id, id, url: thread.url, title: thread.title, closed_at: null },
        created_at: thread.date ?? date,
      },
      names: names.map((one) => ({ name: one, postId: id })),
      merged: known === undefined && id !== name ? [{ post: name, into: id }] : [],
    };
  };

  return {
    note: (thread, date) => {
      const name = nameOf(thread.key);
      noteState(notedStates, name, thread);
      if (!places.has(name) && !noted.has(name)) noted.set(name, { thread, date });
    },
    waiting: () => noted.size,
    learn: async () => {
      const fresh = [...noted.values()];
      noted = new Map();
      const names = fresh.flatMap(({ thread }) => {
        const [name, address] = [nameOf(thread.key), addressOf(thread)];
        return [name, address ?? '', pathOf(address ?? name) ?? ''];
      });
      const asked = names.filter((name) => name !== '' && !places.has(name));
      for (const [name, id] of await findPostNames(service.db, site.id, asked)) places.set(name, id);
      const learnt = fresh.map(place);
      const posts = new Map(learnt.map(({ post }) => [post.id, post]));
      return {
        posts: [...posts.values()],
        names: learnt.flatMap((one) => one.names),
        merged: learnt.flatMap((one) => one.merged),
      };
    },
    placeOf: (thread) => {
      const name = nameOf(thread.key);
      return places.get(name) ?? name;
    },
    closed: () => {
      for (const [name, { isSeen, isClosed }] of notedStates) {
        noteState(states, places.get(name) ?? name, { isClosed, isHidden: !isSeen });
      }
      return [...states].filter(([, { isSeen, isClosed }]) => isClosed || !isSeen).map(([id]) => id);
    },
  };
}

function noteState(
  states: Map<string, { isSeen: boolean; isClosed: boolean }>,
  name: string,
  { isClosed, isHidden }: Pick<ImportedThread, 'isClosed' | 'isHidden'>,
): void {
  const before = states.get(name);
  if (before === undefined || (!before.isSeen && !isHidden))
    states.set(name, { isSeen: !isHidden, isClosed });
  else if (before.isSeen !== isHidden) before.isClosed ||= isClosed;
}
