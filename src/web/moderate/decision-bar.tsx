/** The decisions as buttons, each with its key; always in reach. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import type { Actions } from './actions.ts';
import { allows, selectable } from './state/folder-list.ts';
import type { DeskState } from './state/queue-actions.ts';

interface Button {
  readonly key: string;
  readonly name: string;
  readonly shown?: boolean;
}

export function DecisionBar(props: { actions: Actions; state: DeskState; strings: Strings }): JSX.Element {
  const { actions, state, strings } = props;
  const alike = state.items[state.at]?.near_duplicates.count ?? 0;
  const several = state.selected.size > 0 && selectable(state.folder);
  const count = { count: state.selected.size };
  const decisions: readonly Button[] = [
    { key: 'a', name: strings.approve },
    { key: 's', name: strings.markSpam },
    { key: 'r', name: strings.reject },
    { key: 'e', name: strings.escalate, shown: allows(state.folder, 'escalate') },
  ];
  const others: readonly Button[] = [
    { key: 'u', name: strings.undo },
    { key: 'k', name: strings.previous },
    { key: 'j', name: strings.next },
    { key: 'x', name: strings.select, shown: selectable(state.folder) },
    { key: 'n', name: strings.note, shown: allows(state.folder, 'note') },
    { key: 'c', name: strings.campaign, shown: allows(state.folder, 'campaign') && alike > 0 },
  ];
  const onSelection: readonly Button[] = [
    { key: 'A', name: fill(strings.approveSelected, count) },
    { key: 'S', name: fill(strings.spamSelected, count) },
    { key: 'R', name: fill(strings.rejectSelected, count) },
  ];
  const show = (buttons: readonly Button[]): JSX.Element[] =>
    buttons
      .filter(({ shown }) => shown !== false)
      .map(({ key, name }) => (
        <button type="button" class={`decide-${key.toLowerCase()}`} onClick={() => actions.byKey[key]?.()}>
          {name} <kbd>{key === key.toLowerCase() ? key : `⇧${key.toLowerCase()}`}</kbd>
        </button>
      ));
  return (
    <fieldset class="decisions" aria-label={strings.decisions}>
      {several && <div class="several">{show(onSelection)}</div>}
      <div class="one">{show(decisions)}</div>
      <div class="others">{show(others)}</div>
    </fieldset>
  );
}
