/** Shows beside the comment in focus what is known around it: thread, article, author, near-copies, timeline. */
import type { ComponentChildren, JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import type { Asking } from './actions.ts';
import { Moment, nameStatus } from './author.tsx';
import { formatDay, formatNumber } from './figures.ts';
import { useContextOf } from './state/contexts.ts';
import type { Desk } from './state/queue-actions.ts';
import type { Context, Nearby, QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';

interface Props {
  readonly desk: Desk;
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
  readonly blurred: boolean;
  readonly ask: (asking: Asking) => void;
}

export function ContextDesk(props: Props): JSX.Element {
  const { desk, item, strings, blurred } = props;
  const context = useContextOf(desk, item.id);
  return (
    <aside class={blurred ? 'context blurred' : 'context'} aria-label={strings.context}>
      {context !== null && <Sections {...props} context={context} />}
    </aside>
  );
}

type PartProps = Props & { readonly context: Context };

function Sections(props: PartProps): JSX.Element {
  return (
    <>
      <Thread {...props} />
      <Article {...props} />
      <AuthorPart {...props} />
      <Similar {...props} />
      <Timeline {...props} />
    </>
  );
}

function Section(props: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

function Thread({ context, desk, strings, language, item }: PartProps): JSX.Element | null {
  const { ancestors, siblings, replies } = context.thread;
  if (ancestors.length + siblings.length + replies.length === 0) return null;
  const list = (comments: readonly Nearby[], depth: number): JSX.Element[] =>
    comments.map((one, index) => (
      <Line key={one.id} {...{ desk, strings, language }} comment={one} depth={depth < 0 ? index : depth} />
    ));
  const own = ancestors.length;
  return (
    <Section title={strings.thread}>
      <ul class="lines">
        {list(ancestors, -1)}
        <li class={`depth-${Math.min(own, MOST_DEPTH)} own`}>
          <Shown text={item.comment.author_name || strings.anonymous} strings={strings} />
        </li>
        {list(replies, own + 1)}
        {list(siblings, own)}
      </ul>
    </Section>
  );
}

const MOST_DEPTH = 4;

/** A comment near the one in focus, with what became of it; a press goes there. */
function Line(props: {
  desk: Desk;
  comment: Nearby;
  strings: Strings;
  language: string;
  depth?: number;
}): JSX.Element {
  const { desk, comment, strings, language, depth = 0 } = props;
  return (
    <li class={`depth-${Math.min(depth, MOST_DEPTH)}`}>
      <button type="button" class="plain" onClick={() => desk.go({ ...desk.state(), comment: comment.id })}>
        <b>
          <Shown text={comment.author_name || strings.anonymous} strings={strings} />
        </b>{' '}
        <Status status={comment.status} strings={strings} /> <Moment date={comment.at} language={language} />
        <Shown class="excerpt" text={comment.content} strings={strings} />
      </button>
    </li>
  );
}

const LOOKS: ReadonlyMap<string, string> = new Map(
  Object.entries({ approved: 'good', spam: 'bad', trash: 'bad', hold: 'warn' }),
);

function Status({ status, strings }: { status: string; strings: Strings }): JSX.Element {
  return <span class={`badge ${LOOKS.get(status) ?? ''}`}>{nameStatus(status, strings)}</span>;
}

function Article({ context, desk, strings, language }: PartProps): JSX.Element {
  const { title, post, url, closed, premoderated, approved_today: approved, waiting } = context.article;
  const section = sectionOf(url);
  return (
    <Section title={strings.article}>
      <p>
        {url === null ? (
          <Shown text={title ?? post} strings={strings} />
        ) : (
          <a href={url} target="_blank" rel="noreferrer noopener">
            <Shown text={title ?? post} strings={strings} />
          </a>
        )}
      </p>
      <p class="facts">
        {section !== '' && <Shown text={section} strings={strings} />}
        <button type="button" class="plain" onClick={() => desk.open('search', { post, status: 'approved' })}>
          {fill(strings.approvedToday, { count: formatNumber(approved, language) })}
        </button>
        <button type="button" class="plain" onClick={() => desk.open('riskiest', { post })}>
          {fill(strings.progressWaiting, { count: formatNumber(waiting, language) })}
        </button>
        {closed && <span class="badge warn">{strings.articleClosed}</span>}
        {premoderated && <span class="badge warn">{strings.articlePremoderated}</span>}
      </p>
      <p class="acts">
        <button
          type="button"
          onClick={() => desk.changeArticle(context.id, post, { premoderated: !premoderated })}
        >
          {premoderated ? strings.premoderateNot : strings.premoderate}
        </button>
        <button type="button" onClick={() => desk.changeArticle(context.id, post, { closed: !closed })}>
          {closed ? strings.openArticle : strings.closeArticle}
        </button>
      </p>
    </Section>
  );
}

/** What newspapers put before an article in its address, such as “politics”. */
function sectionOf(url: string | null): string {
  const section = /^https?:\/\/[^/]+\/([\p{L}-]+)\/[^/?#]/u.exec(url ?? '')?.[1];
  return section ?? '';
}

function AuthorPart({ context, desk, strings, language, item, ask }: PartProps): JSX.Element | null {
  const { newest, standing } = context.author;
  if (item.author_history.first_seen === null) return null;
  return (
    <Section title={strings.authorOther}>
      {standing !== null && (
        <p>
          <span class="badge warn">{strings.standings[standing.disposition] ?? standing.disposition}</span>{' '}
          {standing.until !== null && fill(strings.until, { date: formatDay(standing.until, language) })}{' '}
          {standing.reason !== null && <Shown text={standing.reason} strings={strings} />}
        </p>
      )}
      {newest.length === 0 ? (
        <p class="faint">{strings.noOthers}</p>
      ) : (
        <ul class="lines">
          {newest.map((one) => (
            <Line key={one.id} {...{ desk, strings, language }} comment={one} />
          ))}
        </ul>
      )}
      <p class="acts">
        <button type="button" aria-haspopup="dialog" onClick={() => ask({ kind: 'author', item })}>
          {strings.changeStanding}
        </button>
        <button type="button" onClick={() => desk.decideAuthor({ decision: 'spam' }, item.id)}>
          {strings.spamAll}
        </button>
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => ask({ kind: 'reject', scope: { of: 'author', id: item.id } })}
        >
          {strings.rejectAll}
        </button>
      </p>
    </Section>
  );
}

function Similar({ context, strings, language, item }: PartProps): JSX.Element | null {
  const { comments, authors, samples, hosts } = context.similar;
  if (samples.length === 0) return null;
  const values = { count: formatNumber(comments, language), authors: formatNumber(authors, language) };
  return (
    <Section title={strings.similar}>
      <p>{fill(strings.campaignAuthors, values)}</p>
      {hosts.length > 0 && (
        <p class="faint">
          <Shown text={hosts.join(', ')} strings={strings} />
        </p>
      )}
      <ul class="lines">
        {samples.map((sample) => (
          <li key={sample.id}>
            <b>
              <Shown text={sample.author_name || strings.anonymous} strings={strings} />
            </b>{' '}
            <Status status={sample.status} strings={strings} />
            <Difference one={item.comment.content} other={sample.content} strings={strings} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The words of another text; those that this one does not have are marked. */
function Difference(props: { one: string; other: string; strings: Strings }): JSX.Element {
  const { one, other, strings } = props;
  const own = new Set(one.split(/\s+/));
  return (
    <p class="excerpt">
      {other.split(/(\s+)/).map((word) =>
        own.has(word) || word.trim() === '' ? (
          word
        ) : (
          <ins>
            <Shown text={word} strings={strings} />
          </ins>
        ),
      )}
    </p>
  );
}

function Timeline({ context, strings, language }: PartProps): JSX.Element {
  return (
    <Section title={strings.timeline}>
      <ol class="timeline">
        {context.timeline.map(({ at, kind, by, detail }, index) => (
          <li key={index}>
            <time dateTime={at}>{new Date(at).toLocaleString(language, TIME)}</time>{' '}
            {strings.timelineKinds[kind] ?? kind}
            {by !== null && (
              <>
                {' · '}
                <Shown text={by} strings={strings} />
              </>
            )}
            {detail !== null && (
              <>
                {' · '}
                <Shown text={detail} strings={strings} />
              </>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}

const TIME: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
};
