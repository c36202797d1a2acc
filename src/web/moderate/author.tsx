/** Who wrote it, what came of their other comments, where and when. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { formatAge } from './figures.ts';
import type { ItemProps } from './item-props.ts';
import type { QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';

export function Author({ item, strings, language, onFilter }: ItemProps): JSX.Element {
  const { comment, author_history: history } = item;
  const name = <Shown text={comment.author_name || strings.anonymous} strings={strings} />;
  const author = whoseComments(item);
  const known = history.approved + history.rejected + history.spam > 0;
  return (
    <header>
      <h2>
        {author === '' ? (
          name
        ) : (
          <button type="button" class="plain" onClick={() => onFilter({ author })}>
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
      <p class={known ? 'history' : 'history new'}>{sayHistory(history, strings, language)}</p>
    </header>
  );
}

/**
 * What finds the author's other comments: of one without an e-mail address the name alone, which others may have, too; ''
 * when there is neither.
 */
function whoseComments({ id, comment, author_history: { first_seen: firstSeen } }: QueueItem): string {
  return firstSeen === null ? comment.author_name.trim() : id;
}

/** Of one without an e-mail address nothing is known: neither that they are new here nor that they are not. */
function sayHistory(history: QueueItem['author_history'], strings: Strings, language: string): string {
  const { approved, rejected, spam, first_seen: firstSeen } = history;
  if (firstSeen === null) return strings.unknownAuthor;
  if (approved + rejected + spam === 0) return strings.newAuthor;
  const date = new Date(firstSeen).toLocaleDateString(language);
  const counts = fill(strings.historyCounts, { approved, rejected, spam });
  return `${strings.history}: ${counts}, ${fill(strings.firstSeen, { date })}`;
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
