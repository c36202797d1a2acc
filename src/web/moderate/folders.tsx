/** Where one is, where else one can go, and how much waits there. */
import type { JSX } from 'preact';
import type { Strings } from '../../strings/index.ts';
import { formatCounted, formatNumber } from './figures.ts';
import { FOLDERS, type Folder } from './state/folder-list.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';
import type { Counts } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';

const COUNTED: Partial<Record<Folder, keyof Counts>> = {
  riskiest: 'waiting',
  escalated: 'escalated',
  audit: 'audit',
  second: 'second_looks',
};

export function Folders(props: {
  desk: Desk;
  state: DeskState;
  strings: Strings;
  language: string;
}): JSX.Element {
  const { desk, state, strings, language } = props;
  const filters = sayFilter(state, strings);
  return (
    <nav class="folders" aria-label={strings.folders}>
      <ul>
        {FOLDERS.map((folder) => (
          <li>
            <button
              type="button"
              class="folder"
              aria-current={folder === state.folder ? 'page' : undefined}
              onClick={() => desk.open(folder)}
            >
              {strings[folder]} <Count counts={state.counts} of={COUNTED[folder]} language={language} />
            </button>
          </li>
        ))}
      </ul>
      {filters.length > 0 && (
        <p class="filter">
          {strings.filteredBy}{' '}
          {filters.map(([text, value]) => (
            <span class="narrowed">
              <Filled text={text} values={{ value: <Shown text={value} strings={strings} /> }} />
            </span>
          ))}{' '}
          <button type="button" onClick={() => desk.open(state.folder)}>
            {strings.clearFilter}
          </button>
        </p>
      )}
      {state.holders.length > 0 && (
        <p class="holders">
          <Filled
            text={strings.held}
            values={{
              names: state.holders.map(({ name, count }, index) => (
                <>
                  {index > 0 && ', '}
                  <Shown text={name} strings={strings} /> ({formatNumber(count, language)})
                </>
              )),
            }}
          />
        </p>
      )}
    </nav>
  );
}

const COMMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a list is narrowed to. An author that is no name and a campaign are narrowed to by an id, which says nothing to people. */
function sayFilter(
  { filter, words }: DeskState,
  { filters, rules }: Strings,
): (readonly [text: string, value: string])[] {
  const { q, post, reason, author, campaign } = filter;
  const said = [
    [filters.q, q],
    [filters.post, post],
    [filters.reason, reason && (rules[reason] ?? (words || reason))],
    [author !== undefined && COMMENT_ID.test(author) ? filters.author : filters.named, author],
    [filters.campaign, campaign],
  ] as const;
  return said.flatMap(([text, value]) => (value === undefined ? [] : [[text, value] as const]));
}

const MOST_COUNTED = 10_000;

function Count(props: {
  counts: Counts | null;
  of: keyof Counts | undefined;
  language: string;
}): JSX.Element | null {
  const { counts, of, language } = props;
  if (counts === null || of === undefined) return null;
  return <span class="count">{formatCounted(counts[of], MOST_COUNTED, language)}</span>;
}
