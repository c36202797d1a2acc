/** What became of a decision, as the service answers. */
import { sayProblem } from '../../page/service.ts';
import type { Kept, Note, Outgoing, OutgoingNote, QueueItem } from './types.ts';

/** To a decision or to many; to a note it is the note. */
export interface Answer extends Partial<Note> {
  readonly decision_id?: string;
  readonly results?: readonly Result[];
}

interface Result {
  readonly id: string;
  readonly decision_id?: string;
  readonly code?: string;
  /** What stands instead. */
  readonly decided?: Standing;
}

interface Standing {
  readonly decision_id: string;
  readonly decision: string;
  readonly mine: boolean;
}

/** A comment, and the decision that stands for it. */
export interface Decided {
  readonly id: string;
  readonly decision: string;
}

export interface Refused {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
}

export interface Outcome {
  readonly decided: readonly Decided[];
  readonly refused: readonly Refused[];
}

/** What was done and what not. An answer may have been lost on its way: the own decision, sent again, stands already. */
export function readOutcome(outgoing: Outgoing, answer: Answer): Outcome {
  const results: readonly Result[] = answer.results ?? [{ id: outgoing.items[0]?.id ?? '', ...answer }];
  const decided: Decided[] = [];
  const refused: Refused[] = [];
  for (const result of results) {
    const { id, decision_id: made, code, decided: standing } = result;
    const decision =
      made ?? (standing && isOwnAlready(outgoing, standing) ? standing.decision_id : undefined);
    if (decision !== undefined) decided.push({ id, decision });
    else if (code !== undefined) {
      const told = asDecided(outgoing, id, { ...result });
      refused.push({ id, code: String(told.code), detail: sayProblem(told) });
    }
  }
  return { decided, refused };
}

/**
 * A refusal of a comment that waited when it was pressed: when somebody decided on it meanwhile, that is why, and not that
 * its version is another now.
 */
export function asDecided(
  outgoing: Outgoing,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { code, decided } = body as { code?: string; decided?: Standing };
  const item = outgoing.items.find((one) => one.id === id);
  const waited = item !== undefined && isWaiting(item);
  const isDecided = decided !== undefined && decided.decision !== 'escalate';
  return code === 'version_conflict' && waited && isDecided ? { ...body, code: 'already_decided' } : body;
}

/** The own decision on one comment that stands already although this one was refused, or none. */
export function findOwn(outgoing: Outgoing, body: Readonly<Record<string, unknown>>): Decided | null {
  const { decided: standing } = body as { decided?: Standing };
  const [item, ...others] = outgoing.items;
  if (!standing || !item || others.length > 0 || !isOwnAlready(outgoing, standing)) return null;
  return { id: item.id, decision: standing.decision_id };
}

function isOwnAlready(outgoing: Outgoing, { mine, decision }: Standing): boolean {
  return mine && decision === outgoing.body.decision;
}

/** Somebody else dealt with it: it does not wait here any more. */
export function isGone(code: string): boolean {
  return code === 'already_decided' || code === 'conflict' || code === 'not_found';
}

export function isNote(kept: Kept): kept is OutgoingNote {
  return 'noteOn' in kept;
}

/** A second look, which changes nothing about the comment. */
export function isLook({ path }: Outgoing): boolean {
  return path.startsWith('/v1/second-looks/');
}

interface Judged {
  readonly decided?: { readonly decision: string } | null;
}

/** Whether nobody had decided on it when it was looked at; an escalation asks for a decision. */
function isWaiting(item: QueueItem & Judged): boolean {
  return item.comment.status === 'hold' && (item.decided?.decision ?? 'escalate') === 'escalate';
}
