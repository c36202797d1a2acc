/** What was decided before: who, when and why; and what brought it here without a decision. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { Moment, nameStatus } from './author.tsx';
import type { QueueItem } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';

interface Props {
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
}

export function Standing(props: Props): JSX.Element {
  const { item, strings } = props;
  const alone = item.decided === null && item.comment.status !== 'hold';
  return (
    <>
      {item.decided !== null && <Decided {...props} decided={item.decided} />}
      {item.audit && <p class="standing">{strings.drawn}</p>}
      {alone && (
        <p class="standing">
          {capitalise(fill(strings.byItself, { status: nameStatus(item.comment.status, strings) }))}
        </p>
      )}
    </>
  );
}

type DecidedProps = Props & { readonly decided: NonNullable<QueueItem['decided']> };

function Decided({ decided, strings, language }: DecidedProps): JSX.Element {
  const name = <Shown text={decided.by} strings={strings} />;
  const { reason, note } = decided;
  return (
    <p class="standing">
      <b>
        <Filled
          text={strings.decidedBy[decided.decision] ?? strings.decidedBy.other ?? ''}
          values={{ name }}
        />
      </b>{' '}
      <Moment date={decided.at} language={language} />
      {reason !== null && (
        <>
          {' · '}
          <Shown text={strings.rejectReasons[reason] ?? reason} strings={strings} />
        </>
      )}
      {note !== null && (
        <>
          {' · '}
          <Shown text={note} strings={strings} />
        </>
      )}
    </p>
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
