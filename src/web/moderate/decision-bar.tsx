/** Shows the decisions as buttons, each with its key, always at the same place. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import type { Actions } from './actions.ts';
import { allows, selectable } from './state/folder-list.ts';
import type { DeskState } from './state/queue-actions.ts';

interface Button {
  readonly key: string;
  readonly name: string;
  /** Whether it can be pressed here; one that cannot keeps its place, so that the others keep theirs. */
  readonly can: boolean;
  readonly opensDialog?: boolean;
}

function listButtons(state: DeskState, strings: Strings) {
  const item = state.items[state.at];
  const can = item !== undefined;
  const alike = item?.near_duplicates.count ?? 0;
  const several = state.selected.size > 0 && selectable(state.folder);
  const count = { count: state.selected.size };
  const decisions: readonly Button[] = [
    { key: 'a', name: strings.approve, can: can && item.comment.status !== 'approved' },
    { key: 's', name: strings.markSpam, can: can && item.comment.status !== 'spam' },
    { key: 'r', name: strings.reject, can, opensDialog: true },
    { key: 'e', name: strings.escalate, can: can && allows(state.folder, 'escalate'), opensDialog: true },
  ];
  const others: readonly Button[] = [
    { key: 'u', name: strings.undo, can: true },
    { key: 'k', name: strings.previous, can },
    { key: 'j', name: strings.next, can },
    { key: 'x', name: strings.select, can: can && selectable(state.folder) },
    { key: 'n', name: strings.note, can: can && allows(state.folder, 'note'), opensDialog: true },
    { key: 'e', name: strings.escalate, can: can && allows(state.folder, 'escalate'), opensDialog: true },
    {
      key: 'c',
      name: strings.campaign,
      can: allows(state.folder, 'campaign') && alike > 0,
      opensDialog: true,
    },
  ];
  const onSelection: readonly Button[] = [
    { key: 'A', name: fill(strings.approveSelected, count), can: true },
    { key: 'S', name: fill(strings.spamSelected, count), can: true },
    { key: 'R', name: fill(strings.rejectSelected, count), can: true, opensDialog: true },
  ];
  return { several, decisions, others, onSelection };
}

export function DecisionBar(props: { actions: Actions; state: DeskState; strings: Strings }): JSX.Element {
  const { actions, state, strings } = props;
  const [isOpen, open] = useState(false);
  const { several, decisions, others, onSelection } = listButtons(state, strings);
  const show = (buttons: readonly Button[]): JSX.Element[] =>
    buttons.map(({ key, name, can: able, opensDialog }) => (
      <button
        key={key}
        type="button"
        class={`decide-${key.toLowerCase()}`}
        aria-disabled={!able}
        aria-haspopup={opensDialog ? 'dialog' : undefined}
        onClick={() => able && actions.byKey[key]?.()}
      >
        {name} <kbd>{key === key.toLowerCase() ? key : `⇧${key.toLowerCase()}`}</kbd>
      </button>
    ));
  return (
    <fieldset class="decisions" aria-label={strings.decisions}>
      {several && <div class="several">{show(onSelection)}</div>}
      <div class="one">
        {show(decisions)}
        <button type="button" class="more" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
          {strings.more}
        </button>
      </div>
      <div class={isOpen ? 'others opened' : 'others'}>{show(others)}</div>
    </fieldset>
  );
}
