/** The comment in focus, with what is needed to decide and nothing to click for. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { Author, Place } from './author.tsx';
import { Content } from './content.tsx';
import { Standing } from './decided-by.tsx';
import { formatCounted } from './figures.ts';
import { Reasons, Signs } from './held-because.tsx';
import { showFromTop } from './home.ts';
import type { ItemProps } from './item-props.ts';
import { foldAt } from './reveal.ts';
import { MOST_ALIKE, type QueueItem } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';
import { useKey } from './use-key.ts';

export function Item(props: ItemProps): JSX.Element {
  const { item, strings, blurred, selected } = props;
  const { comment } = item;
  const [opened, open] = useState(false);
  const article = useRef<HTMLElement>(null);
  useLayoutEffect(() => showFromTop(article.current), []);
  const veiled = blurred && !opened;
  const long = [comment.content, comment.parent?.content ?? ''].some((text) => foldAt(text) !== null);
  useKey('v', () => open(!opened));
  return (
    <article
      ref={article}
      aria-label={`${strings.comment}: ${comment.author_name || strings.anonymous}`}
      class={`${selected ? 'selected' : ''} ${veiled ? 'blurred' : ''}`}
      data-id={item.id}
      data-home
      tabIndex={-1}
    >
      <Author {...props} />
      <Place {...props} />
      <Standing {...props} />
      <Parent {...props} opened={opened} />
      <Content
        class="content"
        content={comment.content}
        highlights={item.highlights}
        label={strings.text}
        found={props.found}
        whole={opened}
        strings={strings}
      />
      {(long || blurred) && (
        <button type="button" class="open" aria-expanded={opened} onClick={() => open(!opened)}>
          {!long ? strings.showClear : opened ? strings.showLess : strings.showAll} <kbd>v</kbd>
        </button>
      )}
      <Links item={item} strings={strings} />
      <Reasons {...props} />
      <Signs {...props} />
      <Alike {...props} />
      <Notes {...props} />
    </article>
  );
}

function Notes({ item, strings }: ItemProps): JSX.Element {
  return (
    <>
      {item.notes.map((note) => (
        <p class="note" key={note.id}>
          <b>
            <Shown text={note.by} strings={strings} />
          </b>
          : <Shown text={note.text} strings={strings} />
        </p>
      ))}
    </>
  );
}

function Parent({ item, strings, opened }: ItemProps & { opened: boolean }): JSX.Element | null {
  const { parent } = item.comment;
  if (!parent) return null;
  const name = <Shown text={parent.author_name || strings.anonymous} strings={strings} />;
  return (
    <blockquote class="parent">
      <b>
        <Filled text={strings.replyTo} values={{ name }} />
      </b>
      <Content
        class="parent-content"
        content={parent.content}
        label={strings.parent}
        whole={opened}
        strings={strings}
      />
    </blockquote>
  );
}

/** Where links lead, which their text may hide. */
function Links({ item, strings }: { item: QueueItem; strings: Strings }): JSX.Element | null {
  if (item.comment.links.length === 0) return null;
  return (
    <ul class="targets" aria-label={strings.links}>
      {item.comment.links.map((link) => (
        <li>
          <b>
            <Shown text={link.host} strings={strings} />
          </b>{' '}
          <Shown text={link.url} strings={strings} />
        </li>
      ))}
    </ul>
  );
}

/** Beside the comment itself. */
const MOST_OTHERS = MOST_ALIKE - 1;

function Alike({ item, strings, language, onFilter }: ItemProps): JSX.Element | null {
  const { count, campaign } = item.near_duplicates;
  if (count === 0) return null;
  return (
    <p class="alike">
      <b>{fill(strings.alike, { count: formatCounted(count, MOST_OTHERS, language) })}</b>{' '}
      <button type="button" class="plain" onClick={() => onFilter({ campaign: campaign ?? '' })}>
        {strings.showAlike}
      </button>
    </p>
  );
}
