/** What can be done, by key, button or touch: one table for all of them. */
import { useEffect } from 'preact/hooks';
import type { Desk } from './desk.ts';
import type { Decision } from './types.ts';

/** What a decision is about. */
export type Scope = 'focus' | 'selection' | 'campaign';

/** The dialog that is open. */
export type Asking =
  | { readonly kind: 'reject'; readonly scope: Scope }
  | { readonly kind: 'campaign' | 'note' | 'search' | 'help' }
  | null;

export interface Actions {
  /** By `KeyboardEvent.key`; the capitals are those with shift. */
  readonly byKey: Readonly<Record<string, () => void>>;
  readonly rejectFor: (scope: Scope, reason: string) => void;
  /** In the dialog of a campaign. */
  readonly campaignByKey: Readonly<Record<string, () => void>>;
  readonly reasons: readonly string[];
}

export function actionsOf(desk: Desk, reasons: readonly string[], ask: (asking: Asking) => void): Actions {
  const current = () => desk.state().items[desk.state().at];
  const some = () => desk.state().selected.size > 0;
  const step = (by: number) => () => desk.focus(desk.state().at + by);
  const decideCampaign = (decision: Decision) => () => {
    ask(null);
    desk.decideCampaign(decision);
  };
  return {
    reasons,
    byKey: {
      j: step(1),
      k: step(-1),
      a: () => desk.decide({ decision: 'approve' }),
      s: () => desk.decide({ decision: 'spam' }),
      e: () => desk.decide({ decision: 'escalate' }),
      r: () => current() && ask({ kind: 'reject', scope: 'focus' }),
      u: () => desk.undo(),
      x: () => {
        const item = current();
        if (!item) return;
        desk.toggle(item.id);
        step(1)();
      },
      A: () => desk.decideSelected({ decision: 'approve' }),
      S: () => desk.decideSelected({ decision: 'spam' }),
      R: () => some() && ask({ kind: 'reject', scope: 'selection' }),
      c: () => (current()?.near_duplicates.count ?? 0) > 0 && ask({ kind: 'campaign' }),
      n: () => current() && ask({ kind: 'note' }),
      '/': () => ask({ kind: 'search' }),
      '?': () => ask({ kind: 'help' }),
    },
    rejectFor: (scope, reason) => {
      ask(null);
      const decision: Decision = { decision: 'reject', reason };
      if (scope === 'selection') desk.decideSelected(decision);
      else if (scope === 'campaign') desk.decideCampaign(decision);
      else desk.decide(decision);
    },
    campaignByKey: {
      a: decideCampaign({ decision: 'approve' }),
      s: decideCampaign({ decision: 'spam' }),
      r: () => ask({ kind: 'reject', scope: 'campaign' }),
    },
  };
}

/** What a key does while a dialog is open, or none. */
function actionOf(key: string, actions: Actions, asking: Asking): (() => void) | undefined {
  if (asking === null) return actions.byKey[key];
  if (asking.kind === 'campaign') return actions.campaignByKey[key];
  if (asking.kind !== 'reject') return undefined;
  const reason = actions.reasons[Number(key) - 1];
  return reason === undefined ? undefined : () => actions.rejectFor(asking.scope, reason);
}

/** Listens to keys; what is typed into a field, and what the browser means by ctrl or alt, is left alone. */
export function useKeys(actions: Actions, asking: Asking): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (
        event.target instanceof HTMLElement &&
        event.target.closest('input:not([type=checkbox]), textarea, select')
      )
        return;
      const act = actionOf(event.key, actions, asking);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [actions, asking]);
}
