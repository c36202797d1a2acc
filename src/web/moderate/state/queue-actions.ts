/** What a moderator has on the desk: the list, the one in focus, what is selected, and what was decided. */

import { fill, type Strings } from '../../../strings/index.ts';
import { BASE } from '../../page/base.ts';
import { call, ProblemAnswer } from '../../page/service.ts';
import type { Place } from './address.ts';
import { isLook, isNote } from './api-answers.ts';
import { Contexts } from './contexts.ts';
import { allows, type Extra, type Folder, folderFor, SOURCES } from './folder-list.ts';
import { idsOf, withFocused, without } from './item-list.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { Outcomes } from './outbox-results.ts';
import { Supply } from './queue-loader.ts';
import { type DeskState, EMPTY } from './queue-state.ts';
import type { Context, Counts, Decision, Filter, Kept, Outgoing, QueueItem } from './types.ts';
import { Presses } from './undo-history.ts';

export type { DeskState } from './queue-state.ts';

/** Older refusals leave the log. */
const MOST_REFUSALS = 50;

/** A desk of one person for one site; `onChange` is called after each change of its state. */
export class Desk {
  readonly site: string;
  readonly contexts: Contexts;
  readonly #strings: Strings;
  readonly #onChange: () => void;
  readonly #outbox: Outbox;
  readonly #supply: Supply;
  readonly #presses: Presses;
  readonly #outcomes: Outcomes;
  #state = EMPTY;
  /** Whether the press that is just being taken back comes back. */
  #undoing: Promise<boolean> | null = null;

  constructor(site: string, strings: Strings, onChange: () => void, person: string) {
    this.site = site;
    this.#strings = strings;
    this.#onChange = onChange;
    this.#outbox = openOutbox(`leave-a-reply-outbox-${person}-${site}`, {
      onSent: (kept, answer) => this.#outcomes.noteSent(kept, answer),
      onRefused: (kept, problem) => this.#outcomes.noteRefused(kept, problem),
      onUnreached: (unreached) => this.#noteUnreached(unreached),
      onSignedOut: this.tell,
    });
    this.#presses = new Presses(this.inSite);
    this.contexts = new Contexts(this.inSite);
    this.#supply = new Supply(this, {
      waiting: () => this.#decisions().flatMap(({ items }) => items),
      campaigns: () => new Set(this.#decisions().flatMap(({ body }) => body.campaign ?? [])),
      onContexts: (contexts) => this.contexts.add(contexts),
      onLost: ({ comment }) => this.set({ message: fill(strings.lost, { name: comment.author_name }) }),
    });
    this.#outcomes = new Outcomes(this, strings, {
      presses: this.#presses,
      supply: this.#supply,
      goOn: (outgoing) => this.#outbox.goOn(outgoing),
      onLook: () => this.#readCounts(),
    });
  }

  readonly state = (): DeskState => this.#state;

  readonly set = (change: Partial<DeskState>): void => {
    // Only what says so is an act that can be undone from where it is shown.
    const undoable = 'message' in change ? { undoable: false } : {};
    this.#state = { ...this.#state, ...undoable, ...change };
    this.#onChange();
  };

  readonly inSite = (path: string): string =>
    `${path}${path.includes('?') ? '&' : '?'}site=${encodeURIComponent(this.site)}`;

  readonly tell = (error: unknown): void => {
    if (error instanceof ProblemAnswer && error.status === 401)
      location.assign(`${BASE}/sign-in?next=${encodeURIComponent(`/moderate${location.search}`)}`);
    const detail = error instanceof Error ? error.message : '';
    this.set({ loading: false, message: fill(this.#strings.failed, { detail }) });
  };

  readonly refuse = (text: string): void => {
    const refusals = this.#state.refusals;
    const number = (refusals.at(-1)?.number ?? 0) + 1;
    this.set({ refusals: [...refusals, { number, text }].slice(-MOST_REFUSALS) });
  };

  /** What was not done has been seen. */
  clearRefusals(): void {
    this.set({ refusals: [] });
  }

  start(place: Place): void {
    const kept = this.#outbox.waiting().length;
    this.go(place);
    if (kept > 0) this.set({ message: fill(this.#strings.keptUnsent, { count: kept }) });
    this.#outbox.send();
    this.#presses.read().catch(this.tell);
    this.#readCounts();
  }

  #readCounts(): void {
    call<Counts>('GET', this.inSite('/v1/queue/counts')).then((counts) => this.set({ counts }), this.tell);
  }

  /** Offline, then back: what was kept is told to be sent. */
  #noteUnreached(unreached: number): void {
    const before = this.#state.unreached;
    if (unreached === before) return;
    if (unreached > 0) this.set({ unreached });
    else this.set({ unreached, message: fill(this.#strings.keptUnsent, { count: before }) });
  }

  /** Opens a folder, or all that waits when the filter cannot narrow that folder; `words`: of the filter's reason. */
  open(wanted: Folder, filter: Filter = {}, words = ''): void {
    this.go({ folder: folderFor(wanted, filter), filter, comment: null }, words);
  }

  /** Goes where an address leads. */
  readonly go = ({ folder, filter, comment }: Place, words = ''): void => {
    const list = { items: [], at: 0, selected: new Set<string>(), total: null };
    this.set({ folder, filter, words, ...list, message: '', unread: false });
    this.#supply.open(comment);
  };

  /** Reads further pages of the list. */
  readOn(): void {
    this.#supply.readOn();
  }

  /** Reads the list anew; the comment in focus stays. */
  reload(): void {
    this.#supply.reload();
  }

  focus(at: number): void {
    this.set({ at: Math.max(0, Math.min(at, this.#state.items.length - 1)) });
    this.#supply.follow();
  }

  /** Selects from the comment that was selected last to this one. */
  selectTo(at: number): void {
    if (!this.permits('select')) return;
    const { items, selected } = this.#state;
    const last = items.findLastIndex(({ id }, place) => place !== at && selected.has(id));
    const from = last < 0 ? this.#state.at : last;
    const range = items.slice(Math.min(from, at), Math.max(from, at) + 1);
    this.set({ selected: new Set([...selected, ...range.map(({ id }) => id)]) });
  }

  toggle(id: string): void {
    if (!this.permits('select')) return;
    const selected = new Set(this.#state.selected);
    if (!selected.delete(id)) selected.add(id);
    this.set({ selected });
  }

  /** Whether that can be done in this folder; a word says so when not. */
  permits(extra: Extra): boolean {
    if (allows(this.#state.folder, extra)) return true;
    this.set({ message: this.#strings.notHere });
    return false;
  }

  /** Decides on the comment of that id, or on the one in focus. */
  decide(decision: Decision, id?: string): void {
    this.#afterUndo(() => {
      const { items, at, folder } = this.#state;
      const item = id === undefined ? items[at] : items.find((one) => one.id === id);
      if (id !== undefined && !item) this.set({ message: this.#strings.notListed });
      if (!item || (decision.decision === 'escalate' && !this.permits('escalate'))) return;
      const path = folder === 'second' ? `/v1/second-looks/${item.id}` : `/v1/comments/${item.id}/decisions`;
      this.#send([item], path, folder === 'second' ? decision : { ...decision, version: item.version });
    });
  }

  decideSelected(decision: Decision): void {
    this.#afterUndo(() => {
      const items = this.#state.items.filter(({ id }) => this.#state.selected.has(id));
      if (items.length === 0 || !this.permits('select')) return;
      const targets = items.map((item) => ({ id: item.id, version: item.version }));
      this.#send(items, '/v1/decisions', { ...decision, items: targets });
    });
  }

  /** Decides on all that wait of a campaign, by default of that of the comment in focus. */
  decideCampaign(decision: Decision, of = this.#state.items[this.#state.at]?.near_duplicates.campaign): void {
    this.#afterUndo(() => {
      if (of === null || of === undefined || !this.permits('campaign')) return;
      const items = this.#state.items.filter(({ near_duplicates: alike }) => alike.campaign === of);
      this.#send(items, '/v1/decisions', { ...decision, campaign: of });
    });
  }

  /** Decides on all comments of the author of this one, in every status. */
  decideAuthor(decision: Decision, id: string): void {
    this.#afterUndo(() => {
      const items = this.#state.items.filter((one) => one.id === id);
      if (items.length === 0) this.set({ message: this.#strings.notListed });
      else this.#send(items, '/v1/decisions', { ...decision, author: id });
    });
  }

  /** Decides what becomes of the author's next comments. */
  setStanding(id: string, wanted: { standing: string; until: string | null; reason: string | null }): void {
    const path = this.inSite(`/v1/queue/${encodeURIComponent(id)}/author`);
    call<Context>('PUT', path, wanted).then((context) => this.#noteContext(context), this.#refuseCall);
  }

  /** Closes the article of a comment, opens it, or has every comment on it held. */
  changeArticle(id: string, post: string, change: { closed?: boolean; premoderated?: boolean }): void {
    const path = this.inSite(`/v1/posts/${encodeURIComponent(post)}`);
    call<unknown>('PATCH', path, change)
      .then(async () => {
        this.contexts.forgetAll();
        this.#noteContext(await this.contexts.read(id));
      })
      .catch(this.#refuseCall);
  }

  #noteContext(context: Context): void {
    this.contexts.forgetAll();
    this.contexts.add([context]);
    this.set({ message: this.#strings.saved });
  }

  readonly #refuseCall = (error: unknown): void => {
    const detail = error instanceof Error ? error.message : '';
    if (error instanceof ProblemAnswer && error.status === 401) this.tell(error);
    else this.refuse(fill(this.#strings.failed, { detail }));
  };

  /** One after the other, however quick the presses are. */
  undo(): void {
    const before = this.#undoing ?? Promise.resolve(true);
    const undoing = before
      .then(async () => await this.#undo())
      .catch((error: unknown) => {
        this.tell(error);
        return false;
      })
      .finally(() => {
        if (this.#undoing === undoing) this.#undoing = null;
      });
    this.#undoing = undoing;
  }

  addNote(id: string, text: string): void {
    if (!this.permits('note')) return;
    this.#outbox.add({ path: this.inSite(`/v1/comments/${id}/notes`), body: { text }, noteOn: id });
  }

  /** What others did leaves the list; the one in focus stays until it is decided on. */
  noteChanges(changes: readonly { readonly id: string; readonly status?: string }[]): void {
    if (!SOURCES[this.#state.folder].held) return;
    const current = this.#state.items[this.#state.at]?.id;
    const gone = changes.filter(
      ({ id, status }) => status !== undefined && status !== 'hold' && id !== current,
    );
    if (gone.length === 0) return;
    this.set(without(this.#state, idsOf(gone)));
    this.#supply.follow();
  }

  noteNews(): void {
    this.#supply.noteNews();
  }

  renew(): void {
    this.#supply.renew();
  }

  release(): void {
    this.#supply.release();
  }

  /** Those that the service does not have. */
  #decisions(): readonly Outgoing[] {
    return this.#outbox.waiting().flatMap((kept) => (isNote(kept) ? [] : kept));
  }

  /** What is decided while something is taken back is about what comes back, or about nothing. */
  #afterUndo(run: () => void): void {
    if (this.#undoing === null) run();
    else void this.#undoing.then((cameBack) => cameBack && run());
  }

  #send(items: readonly QueueItem[], path: string, body: Outgoing['body']): void {
    const ids = idsOf(items);
    this.#supply.pass(ids);
    this.set({ ...without(this.#state, ids), message: this.#sayDone(items, body), undoable: true });
    if (body.campaign !== undefined) this.#supply.rest();
    this.#outbox.add({ path: this.inSite(path), body, items });
    this.#supply.follow();
  }

  #sayDone(items: readonly QueueItem[], { decision, campaign, author }: Outgoing['body']): string {
    const [first] = items;
    if (author !== undefined) {
      return fill(this.#strings.doneAuthor[decision], { name: first?.comment.author_name ?? '' });
    }
    const count = campaign === undefined ? items.length : (first?.near_duplicates.count ?? 0) + 1;
    if (count > 1) return fill(this.#strings.doneMany[decision], { count });
    const name = first?.comment.author_name || this.#strings.anonymous;
    return fill(this.#strings.done[decision], { name });
  }

  /** Whether something came back. */
  async #undo(): Promise<boolean> {
    const looks = this.#state.folder === 'second';
    const isOfHere = (kept: Kept): kept is Outgoing => !isNote(kept) && isLook(kept) === looks;
    const unsent = await this.#outbox.takeBack(isOfHere);
    const back = unsent && this.#bringBack(unsent.items, unsent.items[0]?.comment.author_name ?? '');
    // Of a campaign that was decided on in part, that part is taken back, too.
    if (back !== undefined && unsent?.after === undefined) return back;
    const look = looks ? await this.#presses.takeBackLook() : null;
    if (look) {
      this.#readCounts();
      return this.#bringBack([look], look.comment.author_name);
    }
    const taken = looks ? null : await this.#presses.takeBack();
    if (taken === null) {
      this.set({ message: this.#strings.nothingToUndo });
      return false;
    }
    const { ids, name, refused } = taken;
    const items = taken.items.length === 0 ? await this.#supply.fetch(ids) : taken.items;
    this.#bringBack(items, name, ids.length);
    // From before a reload, and not of the queue: it is where the folder shows it.
    if (items.length === 0) this.reload();
    if (refused.length > 0) this.refuse(fill(this.#strings.notTakenBack, { detail: refused.join(' ') }));
    return items.length > 0;
  }

  #bringBack(items: readonly QueueItem[], name: string, count = items.length): boolean {
    const said = count > 1 ? this.#strings.takenBackMany : this.#strings.takenBack;
    this.#supply.regain(idsOf(items));
    this.set({ ...withFocused(this.#state, items), message: fill(said, { name, count }) });
    this.set({ settled: this.#state.settled + 1 });
    this.#supply.follow();
    return items.length > 0;
  }
}
