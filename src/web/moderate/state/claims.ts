/** Holding the next few comments, so that nobody else has them before them meanwhile. */
import { call, PATIENCE_MS } from '../../page/service.ts';
import type { Context, QueueItem, QueuePage } from './types.ts';

/** What is taken at once, and how few of it may be left ahead before more is taken: a request for five decisions. */
const AHEAD = 8;
const LEAST_AHEAD = 3;
/** Further away than this many comments, so many that were taken and not decided on are given back. */
const MOST_HELD = 16;
/** A tab that is lost frees its comments after this long; one that is open renews them every minute. */
const SECONDS = 120;
/** What the service releases at once. */
const MOST_RELEASED = 1000;

/** What came of asking for some items: those that are one's own now, and those that another has or nobody any more. */
export interface Taken {
  readonly asked: readonly QueueItem[];
  readonly mine: ReadonlyMap<string, QueueItem>;
}

export class Claims {
  readonly #inSite: (path: string) => string;
  readonly #onContexts: (contexts: readonly Context[]) => void;
  /** Until when each is one's own. A computer that slept finds that out here before anybody shares a comment. */
  readonly #until = new Map<string, number>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** What is just being taken: quick hands do not ask for it again. */
  readonly #asked = new Set<string>();

  constructor(inSite: (path: string) => string, onContexts: (contexts: readonly Context[]) => void) {
    this.#inSite = inSite;
    this.#onContexts = onContexts;
  }

  /** Takes the first few of these; null when they are one's own already. */
  async take(items: readonly QueueItem[]): Promise<Taken | null> {
    if (items.slice(0, LEAST_AHEAD).every(({ id }) => this.#isOwn(id))) return null;
    return await this.renew(items);
  }

  /** Takes the first few of these, also those that are one's own already, for the whole time again. */
  async renew(items: readonly QueueItem[]): Promise<Taken | null> {
    const asked = items.slice(0, AHEAD);
    if (asked.length === 0) return null;
    this.#releaseFar(new Set(items.slice(0, MOST_HELD).map(({ id }) => id)));
    const own = await this.takeByIds(asked.map(({ id }) => id));
    return { asked, mine: new Map(own.map((item) => [item.id, item])) };
  }

  /** Those of these comments that wait and that nobody else holds. */
  async takeByIds(ids: readonly string[]): Promise<readonly QueueItem[]> {
    const until = Date.now() + SECONDS * 1000;
    const wanted = { ids, seconds: SECONDS, context: true };
    const patience = { timeoutMs: PATIENCE_MS };
    const asking = call<QueuePage & { readonly contexts: readonly Context[] }>(
      'POST',
      this.#inSite('/v1/queue/claims'),
      wanted,
      patience,
    );
    this.#underWay.add(asking);
    for (const id of ids) this.#asked.add(id);
    try {
      const { items, contexts } = await asking;
      this.#onContexts(contexts);
      for (const id of ids) this.#until.delete(id);
      for (const { id } of items) this.#until.set(id, until);
      return items;
    } finally {
      this.#underWay.delete(asking);
      for (const id of ids) this.#asked.delete(id);
    }
  }

  /** What was decided on is nobody's any more. */
  forget(ids: Iterable<string>): void {
    for (const id of ids) this.#until.delete(id);
  }

  /** Gives everything back, after what is just being taken; whoever asks for the queue then finds it free. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.releaseNow();
  }

  /** One who walks through the list does not keep all that was passed: it is given back when it has become much. */
  #releaseFar(near: ReadonlySet<string>): void {
    const far = [...this.#until.keys()].filter((id) => !near.has(id) && !this.#asked.has(id));
    if (far.length < MOST_HELD) return;
    for (const id of far) this.#until.delete(id);
    const path = this.#inSite('/v1/queue/claims');
    call('DELETE', path, { ids: far }).catch(() => undefined);
  }

  /** Also while the page is left: the request outlives it. */
  async releaseNow(): Promise<void> {
    const ids = [...this.#until.keys()].filter((id) => this.#holds(id)).slice(0, MOST_RELEASED);
    this.#until.clear();
    if (ids.length === 0) return;
    // What cannot be given back comes free by itself.
    await call('DELETE', this.#inSite('/v1/queue/claims'), { ids }, { keepalive: true }).catch(
      () => undefined,
    );
  }

  #isOwn(id: string): boolean {
    return this.#asked.has(id) || this.#holds(id);
  }

  #holds(id: string): boolean {
    return (this.#until.get(id) ?? 0) > Date.now();
  }
}
