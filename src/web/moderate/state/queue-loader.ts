/** What comes to the desk: the pages of a folder, what is new in it, and the next few held for oneself. */
import { call, PATIENCE_MS, ProblemAnswer } from '../../page/service.ts';
import { Claims, type Taken } from './claims.ts';
import { countIn, SOURCES } from './folder-list.ts';
import { idsOf, withFocused, withItems } from './item-list.ts';
import type { Store } from './queue-state.ts';
import type { Context, QueueItem, QueuePage } from './types.ts';

/** Burst speed, a decision each 20 ms, ran a list of 30 empty before the next page had come. */
const PAGE = 40;
const LEAST_AHEAD = 30;
const MOST_LOOKS = 100;

interface Outside {
  /** The comments whose decisions are on their way. */
  readonly waiting: () => readonly QueueItem[];
  /** The campaigns that are being decided on. */
  readonly campaigns: () => ReadonlySet<string>;
  /** What is known around the comments that were taken. */
  readonly onContexts: (contexts: readonly Context[]) => void;
  /** Called when another has the comment that was in focus. */
  readonly onLost: (item: QueueItem) => void;
}

export class Supply {
  readonly #store: Store;
  readonly #waiting: Outside['waiting'];
  readonly #campaigns: Outside['campaigns'];
  readonly #onLost: Outside['onLost'];
  readonly #claims: Claims;
  #cursor: string | null = null;
  /** Something may have come since the first page was read. */
  #news = false;
  /** What was decided on here does not come again: one that is escalated waits on. */
  #passed = new Set<string>();
  #opened = 0;
  #resting = false;
  /** The comment of the address, until it was read. */
  #wanted: string | null = null;
  /** Comments that were asked for by name stay, also when another has them. */
  readonly #pinned = new Set<string>();

  constructor(store: Store, { waiting, campaigns, onContexts, onLost }: Outside) {
    this.#store = store;
    this.#waiting = waiting;
    this.#campaigns = campaigns;
    this.#onLost = onLost;
    this.#claims = new Claims(store.inSite, onContexts);
  }

  /** Reads another list, with this comment in focus. */
  open(comment: string | null): void {
    this.#passed = new Set(this.#waiting().map(({ id }) => id));
    this.#wanted = comment !== null && !this.#passed.has(comment) ? comment : null;
    this.reload();
  }

  /** Reads the list anew; the comment in focus stays. */
  reload(): void {
    this.#opened += 1;
    this.#cursor = null;
    this.#news = false;
    this.#resting = false;
    const state = this.#store.state();
    const focused = state.items[state.at];
    this.#store.set({ ...withItems(state, focused ? [focused] : []), loading: true });
    // The service would keep from the list what the page that was left still holds.
    void this.#claims.release().then(async () => await this.#load());
  }

  /** What leaves the list by a decision. */
  pass(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#passed.add(id);
    this.#claims.forget(ids);
  }

  /** What is being read, and what can be, may be of a campaign that is being decided on: it is read after that. */
  rest(): void {
    this.#opened += 1;
    this.#news = true;
    this.#resting = true;
    this.#store.set({ loading: true });
  }

  /** What comes back. */
  regain(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#passed.delete(id);
  }

  /** Those of these comments that wait and that nobody else holds, as they are now. */
  async fetch(ids: readonly string[]): Promise<readonly QueueItem[]> {
    return ids.length === 0 ? [] : await this.#claims.takeByIds(ids.slice(0, PAGE));
  }

  /** The list or the focus has changed: holds the next few, and reads on when little is left ahead. */
  follow(): void {
    this.#claim();
    this.#fillUp();
  }

  /** The end of the list is in sight. */
  readOn(): void {
    const { loading } = this.#store.state();
    if (loading || this.#resting || this.#cursor === null) return;
    this.#store.set({ loading: true });
    void this.#load();
  }

  /** What is new enters the list where it is short. */
  noteNews(): void {
    const { folder, items, counts, unread } = this.#store.state();
    const isMore = counts !== null && (countIn(folder, counts) ?? 0) > items.length;
    if (!isMore && !unread) return;
    this.#news = true;
    this.#fillUp();
  }

  /** Holds the next few for longer; what another has meanwhile leaves the list. */
  renew(): void {
    if (this.#isHeld()) this.#apply(this.#claims.renew(this.#ahead()));
  }

  /** Gives back what is held, also while the page is left. */
  release(): void {
    void this.#claims.releaseNow();
  }

  #isHeld(): boolean {
    return SOURCES[this.#store.state().folder].held;
  }

  #ahead(): readonly QueueItem[] {
    const { items, at } = this.#store.state();
    return items.slice(at);
  }

  /** What is new first, then further down. */
  #fillUp(): void {
    if (this.#resting && this.#campaigns().size > 0) return;
    if (this.#resting) this.#store.set({ loading: false });
    this.#resting = false;
    const { loading } = this.#store.state();
    const isShort = this.#ahead().length < LEAST_AHEAD;
    if (loading || !isShort || (this.#cursor === null && !this.#news)) return;
    this.#store.set({ loading: true });
    void this.#load();
  }

  async #load(): Promise<void> {
    const opening = this.#opened;
    const further = this.#news ? null : this.#cursor;
    this.#news = false;
    try {
      const patience = { timeoutMs: PATIENCE_MS };
      const [page, wanted] = await Promise.all([
        call<QueuePage>('GET', this.#pagePath(further), undefined, patience),
        this.#readWanted(),
      ]);
      if (opening === this.#opened) this.#take(page, further, wanted);
    } catch (error) {
      if (opening !== this.#opened) return;
      if (further === null) this.#news = true;
      this.#store.set({ unread: true });
      this.#store.tell(error);
    }
  }

  /** The comment of the address; null when none is asked for or there is none any more. */
  async #readWanted(): Promise<QueueItem | null> {
    const id = this.#wanted;
    if (id === null) return null;
    this.#wanted = null;
    this.#pinned.add(id);
    try {
      return await call<QueueItem>('GET', this.#store.inSite(`/v1/queue/${encodeURIComponent(id)}`));
    } catch (error) {
      if (error instanceof ProblemAnswer && error.status !== 401) return null;
      throw error;
    }
  }

  #take(page: QueuePage, further: string | null, wanted: QueueItem | null): void {
    if (further !== null || this.#cursor === null) this.#cursor = page.next_cursor ?? null;
    const state = this.#store.state();
    const { items, unread, message, undoable } = state;
    const known = idsOf(items);
    const under = this.#campaigns();
    const fresh = page.items.filter(
      ({ id, near_duplicates: { campaign } }) =>
        !known.has(id) && !this.#passed.has(id) && !(campaign !== null && under.has(campaign)),
    );
    const read = { loading: false, unread: false, message: unread ? '' : message, undoable };
    const listed = { ...state, items: [...items, ...fresh] };
    const place = listed.items.findIndex(({ id }) => id === wanted?.id);
    const focusing = place >= 0 ? { ...listed, at: place } : withFocused(listed, wanted ? [wanted] : []);
    this.#store.set({ items: focusing.items, at: focusing.at, total: page.total ?? null, ...read });
    // A list without cursors has the next ones at its beginning.
    if (page.next_cursor === undefined && fresh.length > 0) this.#news = page.items.length >= PAGE;
    this.follow();
  }

  #pagePath(cursor: string | null): string {
    const {
      folder,
      filter: { status, ...filter },
      items,
    } = this.#store.state();
    const { path, query } = SOURCES[folder];
    const limit = folder === 'second' ? Math.min(MOST_LOOKS, PAGE + items.length) : PAGE;
    const parameters = new URLSearchParams({
      ...query,
      ...filter,
      ...(status !== undefined && { folder: status }),
      limit: String(limit),
    });
    if (cursor !== null) parameters.set('cursor', cursor);
    return this.#store.inSite(`${path}?${parameters}`);
  }

  #claim(): void {
    if (this.#isHeld()) this.#apply(this.#claims.take(this.#ahead()));
  }

  #apply(taking: Promise<Taken | null>): void {
    taking.then(
      (taken) => taken && this.#noteTaken(taken),
      // A service that cannot be reached is told by the decisions that wait for it.
      (error: unknown) => error instanceof ProblemAnswer && this.#store.tell(error),
    );
  }

  #noteTaken({ asked, mine }: Taken): void {
    const lost = new Set(asked.filter(({ id }) => !mine.has(id) && !this.#pinned.has(id)));
    const state = this.#store.state();
    const focused = state.items[state.at];
    const left = state.items.filter((item) => !lost.has(item));
    this.#store.set(
      withItems(
        state,
        left.map((item) => mine.get(item.id) ?? item),
      ),
    );
    if (focused && lost.has(focused)) this.#onLost(focused);
    if (lost.size > 0) this.follow();
  }
}
