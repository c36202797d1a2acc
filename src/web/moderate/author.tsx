/** Who wrote it, what came of their other comments, where and when. */
import type { JSX } from 'preact';
import { fill } from '../strings/index.ts';
import { RevealedText } from './content.tsx';
import type { ItemProps } from './item.tsx';

export function Author({ item, strings, language, onFilter }: ItemProps): JSX.Element {
  const { comment, author_history: history } = item;
  const { approved, rejected, spam } = history;
  const known = approved + rejected + spam > 0;
  const date = history.first_seen === null ? '' : new Date(history.first_seen).toLocaleDateString(language);
  const before = `${fill(strings.historyCounts, { approved, rejected, spam })}, ${fill(strings.firstSeen, { date })}`;
  return (
    <header>
      <h2>
        <button type="button" class="plain" onClick={() => onFilter({ author: item.id })}>
          <bdi>
            <RevealedText text={comment.author_name} strings={strings} />
          </bdi>
        </button>
      </h2>
      <time dateTime={comment.received_at} title={new Date(comment.received_at).toLocaleString(language)}>
        {age(comment.received_at, language)}
      </time>
      {comment.author_url !== null && (
        <p class="address">
          <bdi>{comment.author_url}</bdi>
        </p>
      )}
      <p class={known ? 'history' : 'history new'}>
        {known ? `${strings.history}: ${before}` : strings.newAuthor}
      </p>
    </header>
  );
}

export function Place({ item, strings, onFilter }: ItemProps): JSX.Element {
  const { comment } = item;
  return (
    <p class="place">
      <button type="button" class="plain" onClick={() => onFilter({ post: comment.post })}>
        <bdi>
          <RevealedText text={comment.post_title ?? comment.post} strings={strings} />
        </bdi>
      </button>
      {comment.post_url !== null && (
        <>
          {' '}
          <a href={comment.post_url} target="_blank" rel="noreferrer noopener">
            <bdi>{comment.post_url}</bdi>
          </a>
        </>
      )}
    </p>
  );
}

const MINUTE_MS = 60_000;

function age(date: string, language: string): string {
  const minutes = Math.round((new Date(date).getTime() - Date.now()) / MINUTE_MS);
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (minutes > -60) return format.format(minutes, 'minute');
  return minutes > -48 * 60
    ? format.format(Math.round(minutes / 60), 'hour')
    : format.format(Math.round(minutes / 1440), 'day');
}
