/** What a moderator has on the desk: the list, the one in focus, what is selected, and what was decided. */
import { call, ProblemAnswer } from '../service.ts';
import { fill, type Strings } from '../strings/index.ts';
import { Claims } from './claims.ts';
import { type Folder, SOURCES } from './folder-list.ts';
import { type Answer, Outbox } from './outbox.ts';
import type { Counts, Decision, Filter, Holder, Outgoing, QueueItem, QueuePage } from './types.ts';
import { readUndoable, type Undoable, undoAtService } from './undoable.ts';

export interface DeskState {
  readonly folder: Folder;
  readonly filter: Filter;
  readonly items: readonly QueueItem[];
  readonly at: number;
  readonly selected: ReadonlySet<string>;
  readonly loading: boolean;
  readonly counts: Counts | null;
  readonly holders: readonly Holder[];
  readonly message: string;
  /** Decisions that wait for the service to be back. */
  readonly unreached: number;
  /** Grows with each decision that the service has taken. */
  readonly settled: number;
}

const PAGE = 30;
const LEAST_AHEAD = 10;
const MOST_UNDOABLE = 50;

const EMPTY: DeskState = {
  folder: 'riskiest',
  filter: {},
  items: [],
  at: 0,
  selected: new Set(),
  loading: true,
  counts: null,
  holders: [],
  message: '',
  unreached: 0,
  settled: 0,
};

/** A desk for one site; `onChange` is called after each change of its state. */
export class Desk {
  readonly site: string;
  readonly #strings: Strings;
  readonly #onChange: () => void;
  readonly #outbox: Outbox;
  readonly #claims: Claims;
  #state = EMPTY;
  #cursor: string | null = null;
  #undoable: readonly Undoable[] = [];
  #opened = 0;

  constructor(site: string, strings: Strings, onChange: () => void) {
    this.site = site;
    this.#strings = strings;
    this.#onChange = onChange;
    this.#claims = new Claims((path) => this.inSite(path));
    this.#outbox = new Outbox(`leave-a-reply-outbox-${site}`, {
      onSent: (outgoing, answer) => this.#noteSent(outgoing, answer),
      onRefused: (outgoing, problem) => this.#noteRefused(outgoing, problem),
      onReach: (reached) => this.set({ unreached: reached ? 0 : this.#outbox.waiting().length }),
    });
  }

  state(): DeskState {
    return this.#state;
  }

  set(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change };
    this.#onChange();
  }

  inSite(path: string): string {
    return `${path}${path.includes('?') ? '&' : '?'}site=${encodeURIComponent(this.site)}`;
  }

  start(): void {
    this.#outbox.send();
    this.open('riskiest');
    readUndoable((path) => this.inSite(path)).then((undoable) => {
      this.#undoable = [...undoable, ...this.#undoable].slice(-MOST_UNDOABLE);
    }, this.#tell);
    call<Counts>('GET', this.inSite('/v1/queue/counts')).then((counts) => this.set({ counts }), this.#tell);
  }

  open(folder: Folder, filter: Filter = {}): void {
    this.#opened += 1;
    this.#cursor = null;
    this.#claims.release(this.#state.items);
    this.set({ folder, filter, items: [], at: 0, selected: new Set(), loading: true, message: '' });
    this.#load().catch(this.#tell);
  }

  focus(at: number): void {
    const { items, loading } = this.#state;
    this.set({ at: Math.max(0, Math.min(at, items.length - 1)) });
    if (this.#cursor !== null && items.length - this.#state.at < LEAST_AHEAD && !loading) {
      this.set({ loading: true });
      this.#load().catch(this.#tell);
    } else this.#claim();
  }

  toggle(id: string): void {
    const selected = new Set(this.#state.selected);
    if (!selected.delete(id)) selected.add(id);
    this.set({ selected });
  }

  decide(decision: Decision): void {
    const { items, at, folder } = this.#state;
    const item = items[at];
    if (!item || (folder === 'second' && decision.decision === 'escalate')) return;
    const path = folder === 'second' ? `/v1/second-looks/${item.id}` : `/v1/comments/${item.id}/decisions`;
    const version = item.comment.status === 'hold' ? {} : { version: item.version };
    this.#send([item], path, { ...decision, ...version });
  }

  decideSelected(decision: Decision): void {
    const items = this.#state.items.filter(({ id }) => this.#state.selected.has(id));
    if (items.length > 0) this.#send(items, '/v1/decisions', { ...decision, ids: items.map(({ id }) => id) });
  }

  decideCampaign(decision: Decision): void {
    const campaign = this.#state.items[this.#state.at]?.near_duplicates.campaign;
    if (campaign === null || campaign === undefined) return;
    const items = this.#state.items.filter(({ near_duplicates: alike }) => alike.campaign === campaign);
    this.#send(items, '/v1/decisions', { ...decision, campaign });
  }

  undo(): void {
    this.#undo().catch(this.#tell);
  }

  addNote(id: string, text: string): void {
    call<QueueItem['notes'][number]>('POST', this.inSite(`/v1/comments/${id}/notes`), { text }).then(
      (note) => {
        const items = this.#state.items.map((item) =>
          item.id === id ? { ...item, notes: [...item.notes, note] } : item,
        );
        this.set({ items });
      },
      this.#tell,
    );
  }

  /** What others did leaves the list; the one in focus stays until it is decided on. */
  noteChanges(changes: readonly { readonly id: string; readonly status: string }[]): void {
    if (!SOURCES[this.#state.folder].held) return;
    const current = this.#state.items[this.#state.at]?.id;
    const gone = changes.filter(({ id, status }) => status !== 'hold' && id !== current).map(({ id }) => id);
    if (this.#state.items.some(({ id }) => gone.includes(id))) this.#remove(new Set(gone));
  }

  /** Gives back what this tab holds, also while it closes. */
  release(): void {
    this.#claims.release(this.#state.items);
  }

  renew(): void {
    this.#claims.renew(this.#state.items.slice(this.#state.at));
  }

  #send(items: readonly QueueItem[], path: string, body: Outgoing['body']): void {
    this.#outbox.add({ path: this.inSite(path), body, items });
    this.#remove(new Set(items.map(({ id }) => id)));
  }

  #noteSent({ items }: Outgoing, answer: Answer): void {
    const results: NonNullable<Answer['results']> = answer.results ?? [{ id: '', ...answer }];
    const decisions = results.flatMap(({ decision_id: id }) => id ?? []);
    const name = items[0]?.comment.author_name ?? '';
    if (decisions.length > 0)
      this.#undoable = [...this.#undoable, { decisions, items, name }].slice(-MOST_UNDOABLE);
    const detail = results.find((result) => result.detail !== undefined)?.detail;
    this.set({
      settled: this.#state.settled + 1,
      ...(detail !== undefined && { message: fill(this.#strings.failed, { detail }) }),
    });
  }

  #noteRefused({ items }: Outgoing, problem: ProblemAnswer): void {
    const decided = problem.code === 'already_decided';
    const text = decided ? this.#strings.alreadyDecided : this.#strings.failed;
    const back = decided || problem.status === 404 ? [] : items;
    this.set({ items: [...back, ...this.#state.items], message: fill(text, { detail: problem.message }) });
    if (problem.status === 401) this.#tell(problem);
  }

  async #undo(): Promise<void> {
    const unsent = await this.#outbox.takeBack();
    const last = unsent ?? this.#undoable.at(-1);
    if (!last) {
      this.set({ message: this.#strings.nothingToUndo });
      return;
    }
    if ('decisions' in last) {
      await undoAtService((path) => this.inSite(path), last.decisions);
      this.#undoable = this.#undoable.filter((one) => one !== last);
      this.set({ settled: this.#state.settled + 1 });
    }
    const name = 'name' in last ? last.name : (last.items[0]?.comment.author_name ?? '');
    if (last.items.length === 0) this.open(this.#state.folder, this.#state.filter);
    const back = last.items.map((item) => ({ ...item, claim: null }));
    const message = fill(this.#strings.takenBack, { name });
    this.set({ items: [...back, ...this.#state.items], at: 0, message });
    this.#claim();
  }

  async #load(): Promise<void> {
    const opening = this.#opened;
    const page = await call<QueuePage>('GET', this.#pagePath());
    if (opening !== this.#opened) return;
    this.#cursor = page.next_cursor ?? null;
    const waiting = this.#outbox.waiting().flatMap(({ items }) => items);
    const known = new Set([...this.#state.items, ...waiting].map(({ id }) => id));
    const items = [...this.#state.items, ...page.items.filter(({ id }) => !known.has(id))];
    this.set({ items, loading: false });
    this.#claim();
  }

  #pagePath(): string {
    const { folder, filter } = this.#state;
    const { path, query } = SOURCES[folder];
    const parameters = new URLSearchParams({ ...query, ...filter, limit: String(PAGE) });
    if (this.#cursor !== null) parameters.set('cursor', this.#cursor);
    return this.inSite(`${path}?${parameters}`);
  }

  #claim(): void {
    const { folder, items, at } = this.#state;
    if (!SOURCES[folder].held) return;
    this.#claims.take(items.slice(at)).then((taken) => {
      if (taken === null) return;
      const { mine, lost } = taken;
      const left = this.#state.items
        .filter(({ id }) => !lost.has(id))
        .map((item) => mine.get(item.id) ?? item);
      this.set({ items: left, at: Math.max(0, Math.min(this.#state.at, left.length - 1)) });
    }, this.#tell);
  }

  #remove(ids: ReadonlySet<string>): void {
    const { items, at, selected } = this.#state;
    const before = items.slice(0, at).filter(({ id }) => ids.has(id)).length;
    this.set({
      items: items.filter(({ id }) => !ids.has(id)),
      selected: new Set([...selected].filter((id) => !ids.has(id))),
      message: '',
    });
    this.focus(at - before);
  }

  readonly #tell = (error: unknown): void => {
    if (error instanceof ProblemAnswer && error.status === 401) location.assign('/sign-in?next=/moderate');
    const detail = error instanceof Error ? error.message : '';
    this.set({ loading: false, message: fill(this.#strings.failed, { detail }) });
  };
}
