/** Shows what happened last, with its undo, and what was not done, until it was seen. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';
import { Shown } from './untrusted-text.tsx';

interface Props {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly strings: Strings;
}

export function Notices({ desk, state, strings }: Props): JSX.Element {
  const { message, undoable, unreached } = state;
  const unsent = unreached > 0 ? fill(strings.unsent, { count: unreached }) : '';
  return (
    <div class="notices">
      <Refusals {...{ desk, state, strings }} />
      <p role="status" class={unsent === '' ? 'status' : 'status away'}>
        {unsent !== '' && <b>{unsent}</b>} <Shown text={message} strings={strings} />
        {undoable && (
          <button type="button" class="plain undo" onClick={() => desk.undo()}>
            {strings.undo} <kbd>u</kbd>
          </button>
        )}
      </p>
    </div>
  );
}

/** More are counted, not shown. */
const SHOWN = 3;

function Refusals({ desk, state, strings }: Props): JSX.Element | null {
  const { refusals } = state;
  if (refusals.length === 0) return null;
  return (
    <section class="refusals" role="alert" aria-label={strings.refusals}>
      <b>
        {strings.refusals} ({refusals.length})
      </b>
      <ul>
        {refusals.slice(-SHOWN).map(({ number, text }) => (
          <li key={number}>
            <Shown text={text} strings={strings} />
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => desk.clearRefusals()}>
        {strings.dismiss}
      </button>
    </section>
  );
}
