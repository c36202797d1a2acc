/** What becomes of the decisions and notes that were sent: what is shown, what comes back, what `u` can take back. */

import { fill, type Strings } from '../../../strings/index.ts';
import { type ProblemAnswer, sayProblem } from '../../page/service.ts';
import {
  type Answer,
  asDecided,
  type Decided,
  findOwn,
  isGone,
  isLook,
  isNote,
  type Refused,
  readOutcome,
} from './api-answers.ts';
import { allows } from './folder-list.ts';
import { idsOf, withNext, withNote, without } from './item-list.ts';
import type { Supply } from './queue-loader.ts';
import type { Store } from './queue-state.ts';
import { type Kept, MOST_ALIKE, type Outgoing, type OutgoingNote } from './types.ts';
import type { Presses } from './undo-history.ts';

interface DeskParts {
  readonly presses: Presses;
  readonly supply: Supply;
  /** Sends the next part of what was sent. */
  readonly goOn: (outgoing: Outgoing) => void;
  /** Called when a second look was given: no event tells of it. */
  readonly onLook: () => void;
}

export class Outcomes {
  readonly #store: Store;
  readonly #strings: Strings;
  readonly #desk: DeskParts;

  constructor(store: Store, strings: Strings, desk: DeskParts) {
    this.#store = store;
    this.#strings = strings;
    this.#desk = desk;
  }

  noteSent(kept: Kept, answer: Answer): void {
    if (isNote(kept)) this.#showNote(kept, answer);
    else this.#noteDecided(kept, answer);
  }

  noteRefused(kept: Kept, problem: ProblemAnswer): void {
    if (isNote(kept)) this.#tellNote(kept, problem);
    else this.#noteProblem(kept, problem);
  }

  #showNote({ noteOn, body }: OutgoingNote, { id = '', by = '', text = body.text }: Answer): void {
    if (allows(this.#store.state().folder, 'note'))
      this.#store.set(withNote(this.#store.state(), noteOn, { id, by, text }));
  }

  /** With its words: they are nowhere else any more. */
  #tellNote({ body }: OutgoingNote, problem: ProblemAnswer): void {
    this.#store.refuse(fill(this.#strings.failed, { detail: `${problem.message} “${body.text}”` }));
  }

  #noteDecided(outgoing: Outgoing, answer: Answer): void {
    const { items } = outgoing;
    this.#store.set({ settled: this.#store.state().settled + 1 });
    if (isLook(outgoing)) {
      for (const item of items) this.#desk.presses.addLook(item);
      this.#desk.onLook();
      return;
    }
    const { decided, refused } = readOutcome(outgoing, answer);
    const name = items[0]?.comment.author_name ?? '';
    if (decided.length > 0) this.#desk.presses.add({ decided, items, name }, outgoing.after?.decision);
    if (outgoing.body.author !== undefined) {
      // The service knows which comments are the author's; the list learns it from the answer.
      const gone = idsOf(decided);
      this.#desk.supply.pass(gone);
      this.#store.set(without(this.#store.state(), gone));
      this.#store.set({
        message: fill(this.#strings.doneMany[outgoing.body.decision], { count: decided.length }),
        undoable: decided.length > 0,
      });
    }
    if (outgoing.body.campaign !== undefined) this.#goOn(outgoing, decided, refused.length);
    if (refused.length === 0) this.#desk.supply.follow();
    else this.#giveSomeBack(outgoing, refused, decided.length + refused.length);
  }

  #giveSomeBack(outgoing: Outgoing, refused: readonly Refused[], total: number): void {
    const detail = [...new Set(refused.map((one) => one.detail))].join(' ');
    const codes = new Map(refused.map(({ id, code }) => [id, code]));
    this.#giveBack(
      outgoing,
      (id) => codes.get(id) ?? null,
      fill(this.#strings.someFailed, { count: refused.length, total, detail }),
    );
  }

  /** The service decides on a part of a large campaign at once: the next part, with a word on how far it is. */
  #goOn(outgoing: Outgoing, decided: readonly Decided[], refused: number): void {
    const { items, after, body } = outgoing;
    const count = (after?.count ?? 0) + decided.length;
    const decision = after?.decision ?? decided[0]?.decision;
    const isMore = decided.length > 0 && decided.length + refused >= MOST_ALIKE;
    if (decision !== undefined && isMore && body.decision !== 'escalate') {
      const done = idsOf(decided);
      const left = items.filter(({ id }) => !done.has(id));
      this.#desk.goOn({ ...outgoing, items: left, after: { decision, count } });
      this.#store.set({ message: fill(this.#strings.goesOn, { count }) });
      return;
    }
    if (body.campaign !== undefined && count > 0) {
      const message = fill(this.#strings.doneMany[body.decision], { count });
      this.#store.set({ message, undoable: true });
    }
    // All of it or a part may have been decided on before: by a request whose answer was lost.
    this.#desk.presses.read().catch(this.#store.tell);
  }

  #noteProblem(outgoing: Outgoing, problem: ProblemAnswer): void {
    const own = findOwn(outgoing, problem.body);
    if (own) {
      this.#noteDecided(outgoing, { decision_id: own.decision });
      return;
    }
    const told = asDecided(outgoing, outgoing.items[0]?.id ?? '', problem.body);
    const code = typeof told.code === 'string' ? told.code : '';
    const text = isGone(code) ? this.#strings.alreadyDecided : this.#strings.failed;
    this.#giveBack(outgoing, () => code, fill(text, { detail: sayProblem(told, problem.status) }));
  }

  /** What was refused comes back, unless it does not wait any more; `codeOf`: why, or null for what was done. */
  #giveBack(outgoing: Outgoing, codeOf: (id: string) => string | null, message: string): void {
    const refused = outgoing.items.filter(({ id }) => codeOf(id) !== null);
    const changed = refused.filter(({ id }) => codeOf(id) === 'version_conflict');
    const isHere = isLook(outgoing) === (this.#store.state().folder === 'second');
    const back = refused.filter(
      (item) => isHere && !isGone(codeOf(item.id) ?? '') && !changed.includes(item),
    );
    this.#desk.supply.regain(idsOf(refused));
    this.#store.set({ ...withNext(this.#store.state(), back), message: '' });
    this.#store.refuse(message);
    // It is to be looked at again as it is now.
    if (changed.length > 0) this.#desk.supply.reload();
    else this.#desk.supply.follow();
  }
}
