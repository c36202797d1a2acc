/** The dialog that is open. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import type { Actions, Asking } from './actions.ts';
import { Dialog, HelpDialog, RejectDialog, TextDialog } from './dialogs.tsx';
import { formatCounted } from './figures.ts';
import type { Desk } from './state/queue-actions.ts';
import { MOST_ALIKE, type QueueItem } from './state/types.ts';

interface Props {
  readonly asking: Asking;
  readonly ask: (asking: Asking) => void;
  readonly desk: Desk;
  readonly actions: Actions;
  readonly reasons: readonly string[];
  readonly strings: Strings;
  readonly language: string;
}

export function Asked(props: Props): JSX.Element | null {
  const { asking, ask, desk, actions, reasons, strings } = props;
  const onClose = (): void => ask(null);
  if (asking === null) return null;
  if (asking.kind === 'help') return <HelpDialog {...{ strings, onClose }} />;
  if (asking.kind === 'campaign') return <CampaignDialog {...props} item={asking.item} />;
  if (asking.kind === 'reject') {
    const onReason = (reason: string): void => actions.rejectFor(asking.scope, reason);
    return <RejectDialog {...{ strings, reasons, onReason, onClose }} />;
  }
  if (asking.kind === 'note') {
    const onNote = (text: string): void => desk.addNote(asking.item.id, text);
    const long = { most: 2000, severalLines: true };
    return (
      <TextDialog
        title={strings.note}
        submit={strings.save}
        onText={onNote}
        {...{ ...long, strings, onClose }}
      />
    );
  }
  const onSearch = (q: string): void => desk.open(desk.state().folder, { q });
  return (
    <TextDialog
      title={strings.search}
      submit={strings.search}
      most={200}
      onText={onSearch}
      {...{ strings, onClose }}
    />
  );
}

/** How many it is about, and what to do with all of them. */
function CampaignDialog(props: Props & { readonly item: QueueItem }): JSX.Element {
  const { ask, actions, strings, language, item } = props;
  const count = formatCounted(item.near_duplicates.count + 1, MOST_ALIKE, language);
  const byKey = actions.campaignByKey(item);
  const choices: readonly (readonly [string, string])[] = [
    ['a', strings.approve],
    ['s', strings.markSpam],
    ['r', strings.reject],
  ];
  return (
    <Dialog title={fill(strings.allAlike, { count })} strings={strings} onClose={() => ask(null)}>
      <div class="choices">
        {choices.map(([key, name]) => (
          <button type="button" class={`decide-${key}`} onClick={byKey[key]}>
            {name} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
