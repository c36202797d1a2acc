/** What `u` takes back. */
import { call, PATIENCE_MS, ProblemAnswer } from '../../page/service.ts';
import type { Decided } from './api-answers.ts';
import type { QueueItem, QueuePage } from './types.ts';

const MOST_UNDOABLE = 50;
/** Requests at once while a campaign is taken back. */
const AT_ONCE = 6;

/** One press, however many comments it was about. */
interface Press {
  readonly decided: readonly Decided[];
  /** As they were; none after a reload. */
  readonly items: readonly QueueItem[];
  readonly name: string;
}

interface OwnDecision {
  readonly decision_id: string;
  readonly id: string;
  readonly at: string;
  readonly author_name: string;
}

/** What came of taking a press back. */
export interface TakenBack {
  /** The comments that are as before. */
  readonly ids: readonly string[];
  /** Those of them that were before the moderator, in their version of now. */
  readonly items: readonly QueueItem[];
  readonly name: string;
  /** Why others are not: another decision stands. */
  readonly refused: readonly string[];
}

/** The own last presses that stand. Those of the service can be taken back after a reload, too. */
export class Presses {
  readonly #inSite: (path: string) => string;
  #presses: readonly Press[] = [];
  #looks: readonly QueueItem[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(inSite: (path: string) => string) {
    this.#inSite = inSite;
  }

  /** `after`: a decision of the press of which this is a further part. */
  add(press: Press, after?: string): void {
    const known = new Set(press.decided.map(({ decision }) => decision));
    const others = this.#presses.filter(
      ({ decided }) => !decided.some(({ decision }) => known.has(decision)),
    );
    const begun = others.find(({ decided }) => decided.some(({ decision }) => decision === after));
    this.#presses = begun
      ? others.map((one) => (one === begun ? { ...one, decided: [...one.decided, ...press.decided] } : one))
      : [...others, press].slice(-MOST_UNDOABLE);
  }

  addLook(item: QueueItem): void {
    this.#looks = [...this.#looks, item].slice(-MOST_UNDOABLE);
  }

  /** Reads what the service knows and this page does not: decisions from before a reload, or of a lost answer. */
  async read(): Promise<void> {
    this.#reading = this.#read();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const path = this.#inSite(`/v1/decisions?undoable=true&limit=${MOST_UNDOABLE}`);
    const { items } = await call<{ items: readonly OwnDecision[] }>('GET', path);
    const known = new Set(this.#presses.flatMap(({ decided }) => decided.map(({ decision }) => decision)));
    const earlier = new Map<string, Press>();
    for (const { decision_id: decision, id, at, author_name: name } of [...items].reverse()) {
      if (known.has(decision)) continue;
      const decided = [...(earlier.get(at)?.decided ?? []), { id, decision }];
      earlier.set(at, { decided, items: [], name });
    }
    this.#presses = [...earlier.values(), ...this.#presses].slice(-MOST_UNDOABLE);
  }

  /**
   * Takes the last press back; null when there is none. It is gone from the list before the service is asked, and back
   * again, as far as it still stands, when the service cannot be asked.
   */
  async takeBack(): Promise<TakenBack | null> {
    await this.#reading.catch(() => undefined);
    const last = this.#presses.at(-1);
    if (!last) return null;
    this.#presses = this.#presses.slice(0, -1);
    const versions = new Map<string, number>();
    const refused = new Map<string, string>();
    try {
      for (let from = 0; from < last.decided.length; from += AT_ONCE) {
        const some = last.decided.slice(from, from + AT_ONCE);
        const answers = await Promise.all(some.map(async (one) => await this.#undo(one)));
        for (const { id, version, detail } of answers) {
          if (detail === undefined) versions.set(id, version);
          else refused.set(id, detail);
        }
      }
    } catch (error) {
      const decided = last.decided.filter(({ id }) => !refused.has(id));
      this.#presses = [...this.#presses, { ...last, decided }];
      throw error;
    }
    return {
      ids: [...versions.keys()],
      items: last.items.flatMap((item) => {
        const version = versions.get(item.id);
        return version === undefined ? [] : [{ ...item, version, claim: null }];
      }),
      name: last.name,
      refused: [...new Set(refused.values())],
    };
  }

  /** Takes the last second look back, also one from before a reload; null when there is none. */
  async takeBackLook(): Promise<QueueItem | null> {
    const given = this.#inSite('/v1/second-looks?given=true&limit=1');
    const last = this.#looks.at(-1) ?? (await call<QueuePage>('GET', given)).items[0];
    if (!last) return null;
    this.#looks = this.#looks.slice(0, -1);
    try {
      await call('DELETE', this.#inSite(`/v1/second-looks/${last.id}`));
    } catch (error) {
      if (!(error instanceof ProblemAnswer)) this.#looks = [...this.#looks, last];
      throw error;
    }
    return last;
  }

  /** A decision that was taken back already, by a request whose answer was lost, is no failure. */
  async #undo({ id, decision }: Decided): Promise<{ id: string; version: number; detail?: string }> {
    try {
      const path = this.#inSite(`/v1/decisions/${decision}/undo`);
      const patience = { timeoutMs: PATIENCE_MS };
      return { id, version: (await call<{ version: number }>('POST', path, {}, patience)).version };
    } catch (error) {
      if (!(error instanceof ProblemAnswer)) throw error;
      // A comment that was deleted meanwhile: what was pressed before it can still be taken back.
      if (error.code === 'not_found') return { id, version: 0, detail: error.message };
      if (error.code !== 'not_undoable') throw error;
      const { version = 0, decided } = error.body as { version?: number; decided?: unknown };
      return { id, version, ...(decided !== undefined && { detail: error.message }) };
    }
  }
}
