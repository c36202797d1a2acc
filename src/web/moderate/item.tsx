/** The comment in focus, with what is needed to decide and nothing to click for. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../strings/index.ts';
import { Author, Place } from './author.tsx';
import { Content, RevealedText } from './content.tsx';
import { Evidence, Probability, Reasons } from './held-because.tsx';
import type { Filter, QueueItem } from './types.ts';

export interface ItemProps {
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
  readonly blurred: boolean;
  readonly selected: boolean;
  /** Narrows the list to what is like this one. */
  readonly onFilter: (filter: Filter) => void;
}

export function Item(props: ItemProps): JSX.Element {
  const { item, strings, blurred, selected } = props;
  const { comment } = item;
  return (
    <article
      aria-label={`${strings.comment}: ${comment.author_name}`}
      class={selected ? 'selected' : ''}
      data-id={item.id}
    >
      <Author {...props} />
      <Place {...props} />
      {comment.parent && (
        <blockquote class="parent" aria-label={strings.parent}>
          <b>{fill(strings.replyTo, { name: comment.parent.author_name })}</b>{' '}
          <bdi dir="auto">
            <RevealedText text={comment.parent.content} strings={strings} />
          </bdi>
        </blockquote>
      )}
      <Content content={comment.content} highlights={item.highlights} strings={strings} blurred={blurred} />
      <Links item={item} strings={strings} />
      <Probability item={item} strings={strings} />
      <Reasons {...props} />
      <Alike {...props} />
      {item.notes.map((note) => (
        <p class="note" key={note.id}>
          <b>
            <bdi>{note.by}</bdi>
          </b>
          : <bdi>{note.text}</bdi>
        </p>
      ))}
      <Evidence item={item} strings={strings} />
    </article>
  );
}

/** Where links lead, which their text may hide. */
function Links({ item, strings }: { item: QueueItem; strings: Strings }): JSX.Element | null {
  if (item.comment.links.length === 0) return null;
  return (
    <ul class="links" aria-label={strings.links}>
      {item.comment.links.map((link) => (
        <li>
          <b>
            <bdi>{link.host}</bdi>
          </b>{' '}
          <bdi>{link.url}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Alike({ item, strings, onFilter }: ItemProps): JSX.Element | null {
  const { count, campaign } = item.near_duplicates;
  if (count === 0) return null;
  return (
    <p class="alike">
      <b>{fill(strings.alike, { count })}</b>{' '}
      <button type="button" class="plain" onClick={() => onFilter({ campaign: campaign ?? '' })}>
        {strings.showAlike}
      </button>
    </p>
  );
}
