/** What a moderator has on the desk: the list, the one in focus, what is selected, and what was decided. */

import { fill, type Strings } from '../../../strings/index.ts';
import { call, ProblemAnswer } from '../../page/service.ts';
import { isLook, isNote } from './api-answers.ts';
import { allows, type Extra, type Folder, folderFor, SOURCES } from './folder-list.ts';
import { idsOf, withFocused, without } from './item-list.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { Outcomes } from './outbox-results.ts';
import { Supply } from './queue-loader.ts';
import { type DeskState, EMPTY } from './queue-state.ts';
import type { Counts, Decision, Filter, Kept, Outgoing, QueueItem } from './types.ts';
import { Presses } from './undo-history.ts';

export type { DeskState } from './queue-state.ts';

/** A desk of one person for one site; `onChange` is called after each change of its state. */
export class Desk {
  readonly site: string;
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
      onUnreached: (unreached) => unreached !== this.#state.unreached && this.set({ unreached }),
      onSignedOut: this.tell,
    });
    this.#presses = new Presses(this.inSite);
    this.#supply = new Supply(this, {
      waiting: () => this.#decisions().flatMap(({ items }) => items),
      campaigns: () => new Set(this.#decisions().flatMap(({ body }) => body.campaign ?? [])),
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
    this.#state = { ...this.#state, ...change };
    this.#onChange();
  };

  readonly inSite = (path: string): string =>
    `${path}${path.includes('?') ? '&' : '?'}site=${encodeURIComponent(this.site)}`;

  readonly tell = (error: unknown): void => {
    if (error instanceof ProblemAnswer && error.status === 401) location.assign('/sign-in?next=/moderate');
    const detail = error instanceof Error ? error.message : '';
    this.set({ loading: false, message: fill(this.#strings.failed, { detail }) });
  };

  start(): void {
    const kept = this.#outbox.waiting().length;
    this.open('riskiest');
    if (kept > 0) this.set({ message: fill(this.#strings.keptUnsent, { count: kept }) });
    this.#outbox.send();
    this.#presses.read().catch(this.tell);
    this.#readCounts();
  }

  #readCounts(): void {
    call<Counts>('GET', this.inSite('/v1/queue/counts')).then((counts) => this.set({ counts }), this.tell);
  }

  /** Opens a folder, or all that waits when the filter cannot narrow that folder; `words`: of the filter's reason. */
  open(wanted: Folder, filter: Filter = {}, words = ''): void {
    const folder = folderFor(wanted, filter);
    this.set({ folder, filter, words, items: [], at: 0, selected: new Set(), message: '', unread: false });
    this.#supply.open();
  }

  /** Reads the list anew; the comment in focus stays. */
  reload(): void {
    this.#supply.reload();
  }

  focus(at: number): void {
    this.set({ at: Math.max(0, Math.min(at, this.#state.items.length - 1)) });
    this.#supply.follow();
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
    this.set({ ...without(this.#state, ids), message: '' });
    if (body.campaign !== undefined) this.#supply.rest();
    this.#outbox.add({ path: this.inSite(path), body, items });
    this.#supply.follow();
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
    if (refused.length > 0)
      this.set({ message: fill(this.#strings.notTakenBack, { detail: refused.join(' ') }) });
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
