/** Asks what becomes of an author's next comments: until when, and why. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { Dialog } from './dialogs.tsx';
import { useContextOf } from './state/contexts.ts';
import type { Desk } from './state/queue-actions.ts';
import type { QueueItem } from './state/types.ts';

/** As the API calls them, with the disposition that each is kept as. */
const CHOICES = [
  ['none', ''],
  ['trust', 'publish'],
  ['hold', 'hold'],
  ['mute', 'spam'],
  ['ban', 'discard'],
] as const;

const MOST_CHARACTERS = 500;

function readStanding(form: HTMLFormElement) {
  const fields = new FormData(form);
  const text = (field: string): string => String(fields.get(field) ?? '').trim();
  const day = text('until');
  return {
    standing: text('standing'),
    // Up to the end of that day where the moderator is.
    until: day === '' ? null : new Date(`${day}T23:59:59`).toISOString(),
    reason: text('reason') || null,
  };
}

export function StandingDialog(props: {
  desk: Desk;
  item: QueueItem;
  strings: Strings;
  onClose: () => void;
}): JSX.Element {
  const { desk, item, strings, onClose } = props;
  const standing = useContextOf(desk, item.id)?.author.standing ?? null;
  const name = item.comment.author_name || strings.anonymous;
  return (
    <Dialog title={fill(strings.standingOf, { name })} strings={strings} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = readStanding(event.currentTarget);
          onClose();
          desk.setStanding(item.id, wanted);
        }}
      >
        <fieldset class="standings">
          {CHOICES.map(([value, disposition]) => (
            <label key={value}>
              <input
                type="radio"
                name="standing"
                value={value}
                required
                checked={(standing?.disposition ?? '') === disposition}
              />{' '}
              {strings.standingChoices[value]}
            </label>
          ))}
        </fieldset>
        <label>
          {strings.untilWhen}
          <input type="date" name="until" />
        </label>
        <label>
          {strings.standingReason}
          <input name="reason" maxLength={MOST_CHARACTERS} value={standing?.reason ?? ''} />
        </label>
        <button type="submit" class="primary">
          {strings.save}
        </button>
      </form>
    </Dialog>
  );
}
