/** What can be done, by key, button or touch: one table for all of them. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { authorOf } from './author.tsx';
import { clearFilter } from './folders.tsx';
import { returnHome, scrollBySpace } from './home.ts';
import type { Folder } from './state/folder-list.ts';
import type { Desk } from './state/queue-actions.ts';
import type { Decision, QueueItem } from './state/types.ts';
import { keyOf } from './use-key.ts';

/** What a rejection is about: as it was when it was begun, whatever comes and goes meanwhile. */
export type Scope =
  | { readonly of: 'focus'; readonly id: string }
  | { readonly of: 'selection' }
  | { readonly of: 'campaign'; readonly campaign: string }
  | { readonly of: 'author'; readonly id: string };

/** The dialog that is open, with what it is about. */
export type Asking =
  | { readonly kind: 'reject'; readonly scope: Scope }
  | { readonly kind: 'campaign' | 'note' | 'escalate' | 'author'; readonly item: QueueItem }
  | { readonly kind: 'help' }
  | null;

export interface Actions {
  /** By the key as {@link keyOf} tells it; the capitals are those with shift. */
  readonly byKey: Readonly<Record<string, () => void>>;
  readonly rejectFor: (scope: Scope, reason: string) => void;
  /** `why` may be empty. */
  readonly escalateFor: (id: string, why: string) => void;
  /** In the dialog of a campaign. */
  readonly campaignByKey: (item: QueueItem) => Readonly<Record<string, () => void>>;
  readonly reasons: readonly string[];
}

export function actionsOf(
  desk: Desk,
  reasons: readonly string[],
  ask: (asking: Asking) => void,
  folders: readonly Folder[],
): Actions {
  const step = (by: number) => () => desk.focus(desk.state().at + by);
  return {
    reasons,
    byKey: {
      j: step(1),
      k: step(-1),
      ArrowRight: step(1),
      ArrowLeft: step(-1),
      Home: () => desk.focus(0),
      End: () => desk.focus(Number.POSITIVE_INFINITY),
      ...Object.fromEntries(folders.map((folder, place) => [String(place + 1), () => desk.open(folder)])),
      ...onFocused(desk, ask),
      u: () => desk.undo(),
      A: () => desk.decideSelected({ decision: 'approve' }),
      S: () => desk.decideSelected({ decision: 'spam' }),
      R: () => {
        if (desk.permits('select') && desk.state().selected.size > 0)
          ask({ kind: 'reject', scope: { of: 'selection' } });
      },
      '/': () => document.querySelector<HTMLElement>('input[type=search]')?.focus(),
      Escape: () => letGo(desk),
      '?': () => ask({ kind: 'help' }),
    },
    rejectFor: (scope, reason) => {
      ask(null);
      const decision: Decision = { decision: 'reject', reason };
      if (scope.of === 'selection') desk.decideSelected(decision);
      else if (scope.of === 'campaign') desk.decideCampaign(decision, scope.campaign);
      else if (scope.of === 'author') desk.decideAuthor(decision, scope.id);
      else desk.decide(decision, scope.id);
    },
    escalateFor: (id, why) => desk.decide({ decision: 'escalate', ...(why !== '' && { note: why }) }, id),
    campaignByKey: (item) => onCampaign(desk, ask, item.near_duplicates.campaign ?? ''),
  };
}

/** Lets go of the selection first, then of the filter. */
function letGo(desk: Desk): void {
  const { selected, filter } = desk.state();
  if (selected.size > 0) desk.set({ selected: new Set() });
  else if (Object.keys(filter).length > 0) clearFilter(desk);
}

/** What is about the comment in focus. */
function onFocused(desk: Desk, ask: (asking: Asking) => void): Record<string, () => void> {
  const withFocus = (run: (item: QueueItem) => void) => () => {
    const item = desk.state().items[desk.state().at];
    if (item) run(item);
  };
  return {
    a: () => desk.decide({ decision: 'approve' }),
    s: () => desk.decide({ decision: 'spam' }),
    e: withFocus((item) => desk.permits('escalate') && ask({ kind: 'escalate', item })),
    o: withFocus(
      ({ comment: { post_url: url } }) => url !== null && open(url, '_blank', 'noopener,noreferrer'),
    ),
    p: withFocus((item) => {
      const author = authorOf(item);
      if (author !== '') desk.open('search', { author });
    }),
    r: withFocus(({ id }) => ask({ kind: 'reject', scope: { of: 'focus', id } })),
    x: withFocus(({ id }) => {
      if (!desk.permits('select')) return;
      desk.toggle(id);
      desk.focus(desk.state().at + 1);
    }),
    c: withFocus((item) => {
      if (desk.permits('campaign') && item.near_duplicates.count > 0) ask({ kind: 'campaign', item });
    }),
    n: withFocus((item) => desk.permits('note') && ask({ kind: 'note', item })),
  };
}

function onCampaign(desk: Desk, ask: (asking: Asking) => void, campaign: string): Record<string, () => void> {
  const decide = (decision: Decision) => () => {
    ask(null);
    desk.decideCampaign(decision, campaign);
  };
  return {
    a: decide({ decision: 'approve' }),
    s: decide({ decision: 'spam' }),
    r: () => ask({ kind: 'reject', scope: { of: 'campaign', campaign } }),
  };
}

/** What a key does while a dialog is open, or none. */
function actionOf(key: string, actions: Actions, asking: Asking): (() => void) | undefined {
  if (asking === null) return actions.byKey[key];
  if (asking.kind === 'campaign') return actions.campaignByKey(asking.item)[key];
  if (asking.kind !== 'reject') return undefined;
  const reason = actions.reasons[Number(key) - 1];
  return reason === undefined ? undefined : () => actions.rejectFor(asking.scope, reason);
}

/** A key that is held down walks through the list, and decides on nothing. */
const REPEATED = new Set(['j', 'k', 'ArrowLeft', 'ArrowRight']);

/**
 * Listens to keys; what is typed into a field, and what the browser means by ctrl or alt, is left alone. The second of
 * two quick keys finds what the first has opened: the listener reads what was drawn last.
 */
export function useKeys(actions: Actions, asking: Asking): void {
  const latest = useRef({ actions, asking });
  latest.current = { actions, asking };
  // As soon as the page is drawn: a key may come before effects run.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (isTypedInto(event)) return;
      const key = keyOf(event);
      const act = actionOf(key, latest.current.actions, latest.current.asking);
      if (!act) return;
      event.preventDefault();
      if (!event.repeat || REPEATED.has(key)) act();
    };
    document.addEventListener('keydown', onKey);
    const stops = [leaveChoices(), returnHome(), scrollBySpace()];
    return () => {
      document.removeEventListener('keydown', onKey);
      for (const stop of stops) stop();
    };
  }, []);
}

function isTypedInto({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select') !== null
  );
}

/**
 * A list of choices keeps the keys to itself as long as it has the focus. Once something is chosen with the pointer, or
 * Escape is pressed, they are the page's again; with the arrows one goes on choosing.
 */
function leaveChoices(): () => void {
  let pointed: EventTarget | null = null;
  const onPointer = ({ target }: Event): void => {
    pointed = target;
  };
  const onChange = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement && target === pointed) target.blur();
  };
  const onKey = ({ key, target }: KeyboardEvent): void => {
    pointed = null;
    if (key === 'Escape' && target instanceof HTMLSelectElement) target.blur();
  };
  document.addEventListener('pointerdown', onPointer);
  document.addEventListener('change', onChange);
  document.addEventListener('keydown', onKey);
  return () => {
    document.removeEventListener('pointerdown', onPointer);
    document.removeEventListener('change', onChange);
    document.removeEventListener('keydown', onKey);
  };
}
