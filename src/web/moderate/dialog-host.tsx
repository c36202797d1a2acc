/** The dialog that is open. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import type { Actions, Asking } from './actions.ts';
import { Dialog, HelpDialog, RejectDialog, TextDialog } from './dialogs.tsx';
import { formatCounted, formatNumber } from './figures.ts';
import { StandingDialog } from './standing-dialog.tsx';
import { useContextOf } from './state/contexts.ts';
import type { Desk } from './state/queue-actions.ts';
import { MOST_ALIKE, type QueueItem } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';

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
  if (asking.kind === 'author') return <StandingDialog {...{ desk, strings, onClose }} item={asking.item} />;
  if (asking.kind === 'escalate') {
    const onText = (note: string): void => actions.escalateFor(asking.item.id, note);
    const optional = { most: 2000, optional: true };
    return (
      <TextDialog
        title={strings.escalateWhy}
        submit={strings.escalate}
        {...{ ...optional, onText, strings, onClose }}
      />
    );
  }
  if (asking.kind === 'reject') {
    const onReason = (reason: string): void => actions.rejectFor(asking.scope, reason);
    return <RejectDialog {...{ strings, reasons, onReason, onClose }} />;
  }
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

/** How many it is about, of how many people, where their links lead, three of them, and what to do with all of them. */
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
      <CampaignFacts {...props} />
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

function CampaignFacts({
  desk,
  strings,
  language,
  item,
}: Props & { readonly item: QueueItem }): JSX.Element | null {
  const context = useContextOf(desk, item.id);
  if (context === null) return <p>{strings.loading}</p>;
  const { comments, authors, hosts, samples } = context.similar;
  const values = { count: formatNumber(comments, language), authors: formatNumber(authors, language) };
  return (
    <section class="facts" aria-label={strings.facts}>
      <p>{fill(strings.campaignAuthors, values)}</p>
      <p>
        {hosts.length === 0 ? (
          strings.noLinks
        ) : (
          <Filled
            text={strings.campaignHosts}
            values={{ hosts: <Shown text={hosts.join(', ')} strings={strings} /> }}
          />
        )}
      </p>
      <ul aria-label={strings.samples}>
        {[item.comment, ...samples].slice(0, MOST_SAMPLES).map(({ author_name: name, content }) => (
          <li>
            <b>
              <Shown text={name || strings.anonymous} strings={strings} />
            </b>{' '}
            <Shown text={content.slice(0, SAMPLE_CHARACTERS)} strings={strings} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const MOST_SAMPLES = 3;
const SAMPLE_CHARACTERS = 240;
