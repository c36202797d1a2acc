/** Holding the next few comments, so that nobody else has them before them meanwhile. */
import { call } from '../service.ts';
import type { QueueItem, QueuePage } from './types.ts';

/** What one decides on within the time that a claim and its renewal take. */
const AHEAD = 5;
/** A tab that is lost frees its comments after this long; one that is open renews them every minute. */
const SECONDS = 120;

/** What came of asking: those that are one's own now, and those that another has or nobody any more. */
export interface Taken {
  readonly mine: ReadonlyMap<string, QueueItem>;
  readonly lost: ReadonlySet<string>;
}

export class Claims {
  readonly #inSite: (path: string) => string;

  constructor(inSite: (path: string) => string) {
    this.#inSite = inSite;
  }

  /** Takes the first few of these; null when they are one's own already. */
  async take(items: readonly QueueItem[]): Promise<Taken | null> {
    const wanted = items.slice(0, AHEAD);
    if (wanted.every(({ claim }) => claim?.mine)) return null;
    const ids = wanted.map(({ id }) => id);
    const page = await call<QueuePage>('POST', this.#inSite('/v1/queue/claims'), { ids, seconds: SECONDS });
    const mine = new Map(page.items.map((item) => [item.id, item]));
    return { mine, lost: new Set(ids.filter((id) => !mine.has(id))) };
  }

  renew(items: readonly QueueItem[]): void {
    const ids = own(items.slice(0, AHEAD));
    if (ids.length === 0) return;
    void call('POST', this.#inSite('/v1/queue/claims'), { ids, seconds: SECONDS }).catch(() => undefined);
  }

  /** Also while the page is left: the request outlives it. */
  release(items: readonly QueueItem[]): void {
    const ids = own(items);
    if (ids.length === 0) return;
    void call('DELETE', this.#inSite('/v1/queue/claims'), { ids }, { keepalive: true }).catch(
      () => undefined,
    );
  }
}

function own(items: readonly QueueItem[]): string[] {
  return items.filter(({ claim }) => claim?.mine).map(({ id }) => id);
}
