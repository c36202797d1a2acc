/** Where one is, where else one can go, and how much waits there. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { nameStatus } from './author.tsx';
import { formatCounted, formatNumber } from './figures.ts';
import { OwnStatistic } from './own-statistic.tsx';
import { countIn, FOLDERS, type Folder, narrows } from './state/folder-list.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';
import type { Counts } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';

/** The folders that show how much waits: three orders of the same list need one count. */
const COUNTED: readonly Folder[] = ['riskiest', 'escalated', 'audit', 'second'];

/** The folders of a person: what was escalated is a senior moderator's first. */
export function foldersOf(isSenior: boolean): readonly Folder[] {
  const usual = FOLDERS.filter((folder) => folder !== 'search');
  return isSenior ? ['escalated', ...usual.filter((folder) => folder !== 'escalated')] : usual;
}

export function nameFolder(folder: Folder, strings: Strings): string {
  return folder === 'search' ? strings.searchResults : strings[folder];
}

interface Props {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly strings: Strings;
  readonly language: string;
}

export function Folders(props: Props & { isSenior: boolean }): JSX.Element {
  const { desk, state, strings, language, isSenior } = props;
  return (
    <nav class="folders" aria-label={strings.folders}>
      <FolderChoice {...{ desk, state, strings, language, isSenior }} />
      <Narrowing {...{ desk, state, strings, language }} />
      {narrows(state.folder, 'language') && <LanguageChoice {...{ desk, state, strings, language }} />}
      {state.holders.length > 0 && <Holders {...{ state, strings, language }} />}
      <OwnStatistic {...{ desk, strings, language }} changes={state.settled} waiting={waitingOf(state)} />
    </nav>
  );
}

function FolderChoice(props: Props & { isSenior: boolean }): JSX.Element {
  const { desk, state, strings, language, isSenior } = props;
  const usual = foldersOf(isSenior);
  const folders: readonly Folder[] = state.folder === 'search' ? [...usual, 'search'] : usual;
  return (
    <>
      <select
        class="folder-choice"
        aria-label={strings.folders}
        value={state.folder}
        onChange={({ currentTarget }) => {
          const wanted = folders.find((folder) => folder === currentTarget.value);
          if (wanted !== undefined) desk.open(wanted);
        }}
      >
        {folders.map((folder) => (
          <option key={folder} value={folder}>
            {nameFolder(folder, strings)} {countOf(folder, state.counts, language)}
          </option>
        ))}
      </select>
      <ul>
        {folders.map((folder) => (
          <li key={folder}>
            <button
              type="button"
              class="folder"
              aria-current={folder === state.folder ? 'page' : undefined}
              onClick={() => desk.open(folder)}
            >
              {nameFolder(folder, strings)}{' '}
              <span class="count">{countOf(folder, state.counts, language)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the list is narrowed by, and how much that finds. */
function Narrowing({ desk, state, strings, language }: Props): JSX.Element {
  const filters = sayFilter(state, strings);
  return (
    <>
      {filters.length > 0 && (
        <p class="filter">
          {strings.filteredBy}{' '}
          {filters.map(([text, value]) => (
            <span class="narrowed">
              <Filled text={text} values={{ value: <Shown text={value} strings={strings} /> }} />
            </span>
          ))}{' '}
          <button type="button" onClick={() => clearFilter(desk)}>
            {strings.clearFilter} <kbd>Esc</kbd>
          </button>
        </p>
      )}
      {filters.length > 0 && state.total !== null && (
        <p class="results">
          {fill(strings.results, { count: formatCounted(state.total, MOST_FOUND, language) })}
        </p>
      )}
    </>
  );
}

function Holders({ state, strings, language }: Omit<Props, 'desk'>): JSX.Element {
  return (
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
  );
}

/** As the service tells them apart. */
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'id', 'tr', 'ru', 'uk'] as const;

function LanguageChoice(props: {
  desk: Desk;
  state: DeskState;
  strings: Strings;
  language: string;
}): JSX.Element {
  const { desk, state, strings, language } = props;
  const names = new Intl.DisplayNames([language], { type: 'language' });
  return (
    <select
      class="language-choice"
      aria-label={strings.language}
      value={state.filter.language ?? ''}
      onChange={({ currentTarget: { value } }) => {
        const { language: _, ...others } = state.filter;
        desk.open(state.folder, value === '' ? others : { ...others, language: value });
      }}
    >
      <option value="">{strings.anyLanguage}</option>
      {LANGUAGES.map((code) => (
        <option key={code} value={code}>
          {names.of(code) ?? code}
        </option>
      ))}
    </select>
  );
}

/** Shows the whole list again: of a search, what waits. */
export function clearFilter(desk: Desk): void {
  const { folder } = desk.state();
  desk.open(folder === 'search' ? 'riskiest' : folder);
}

function waitingOf({ counts }: DeskState): number | null {
  return counts === null ? null : countIn('riskiest', counts);
}

const COMMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a list is narrowed to. An author that is no name and a campaign are narrowed to by an id, which says nothing to people. */
function sayFilter(
  { filter, words }: DeskState,
  strings: Strings,
): (readonly [text: string, value: string])[] {
  const { filters, rules } = strings;
  const { q, post, reason, author, campaign, language: spoken, status } = filter;
  const said = [
    [filters.q, q],
    [filters.post, post],
    [filters.reason, reason && (rules[reason] ?? (words || reason))],
    [author !== undefined && COMMENT_ID.test(author) ? filters.author : filters.named, author],
    [filters.campaign, campaign],
    [filters.language, spoken],
    [filters.status, status && nameStatus(status, strings)],
  ] as const;
  return said.flatMap(([text, value]) => (value === undefined ? [] : [[text, value] as const]));
}

const MOST_COUNTED = 10_000;
/** With a filter the service counts up to so many. */
const MOST_FOUND = 1000;

function countOf(folder: Folder, counts: Counts | null, language: string): string {
  const count = counts === null || !COUNTED.includes(folder) ? null : countIn(folder, counts);
  return count === null ? '' : formatCounted(count, MOST_COUNTED, language);
}
