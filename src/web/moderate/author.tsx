/** Who wrote it, what came of their other comments, where and when. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { formatAge, formatDay } from './figures.ts';
import type { ItemProps } from './item-props.ts';
import type { QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';

export function Author(props: ItemProps): JSX.Element {
  const { item, strings, language, onSearch } = props;
  const { comment } = item;
  const name = <Shown text={comment.author_name || strings.anonymous} strings={strings} />;
  const author = authorOf(item);
  return (
    <header>
      <h2>
        {author === '' ? (
          name
        ) : (
          <button type="button" class="plain" onClick={() => onSearch({ author })}>
            {name}
          </button>
        )}
      </h2>
      <Moment date={comment.received_at} language={language} />
      {comment.author_url !== null && (
        <p class="address">
          <Shown text={comment.author_url} strings={strings} />
        </p>
      )}
      <History {...props} author={author} />
    </header>
  );
}

/**
 * What finds the author's other comments: of one without an e-mail address the name alone, which others may have, too; ''
 * when there is neither.
 */
export function authorOf({ id, comment, author_history: { first_seen: firstSeen } }: QueueItem): string {
  return firstSeen === null ? comment.author_name.trim() : id;
}

/** Of one without an e-mail address nothing is known: neither that they are new here nor that they are not. */
export function History({
  item,
  strings,
  language,
  onSearch,
  author,
}: ItemProps & { author: string }): JSX.Element {
  const { approved, rejected, spam, held, first_seen: firstSeen } = item.author_history;
  if (firstSeen === null) return <p class="history">{strings.unknownAuthor}</p>;
  const isNew = approved + rejected + spam === 0;
  const counts = [
    [approved, strings.countApproved, 'approved'],
    [rejected, strings.countRejected, 'trash'],
    [spam, strings.countSpam, 'spam'],
    [held, strings.moreWaiting, 'hold'],
  ] as const;
  return (
    <p class={isNew ? 'history new' : 'history'}>
      {isNew && <span class="badge">{strings.newAuthor}</span>}
      {counts.map(
        ([count, text, status]) =>
          count > 0 && (
            <button
              key={status}
              type="button"
              class={`plain count-${status}`}
              onClick={() => onSearch({ author, status })}
            >
              {fill(text, { count })}
            </button>
          ),
      )}
      {!isNew && <span>{fill(strings.firstSeen, { date: formatDay(firstSeen, language) })}</span>}
    </p>
  );
}

/** What every text of the page says of a comment's status. */
export function nameStatus(status: string, strings: Strings): string {
  return strings.statuses[status] ?? status;
}

export function Moment({ date, language }: { date: string; language: string }): JSX.Element {
  return (
    <time dateTime={date} title={new Date(date).toLocaleString(language)}>
      {formatAge(date, language)}
    </time>
  );
}

export function Place({ item, strings, onFilter }: ItemProps): JSX.Element {
  const { comment } = item;
  return (
    <p class="place">
      <button type="button" class="plain" onClick={() => onFilter({ post: comment.post })}>
        <Shown text={comment.post_title ?? comment.post} strings={strings} />
      </button>
      {comment.post_url !== null && (
        <>
          {' '}
          <a href={comment.post_url} target="_blank" rel="noreferrer noopener">
            <Shown text={comment.post_url} strings={strings} />
          </a>
        </>
      )}
    </p>
  );
}
