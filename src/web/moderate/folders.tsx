/** Where one is, where else one can go, and how much waits there. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../strings/index.ts';
import type { Desk, DeskState } from './desk.ts';
import { FOLDERS, type Folder } from './folder-list.ts';
import type { Counts } from './types.ts';

const COUNTED: Partial<Record<Folder, keyof Counts>> = {
  riskiest: 'waiting',
  escalated: 'escalated',
  audit: 'audit',
  second: 'second_looks',
};

export function Folders(props: { desk: Desk; state: DeskState; strings: Strings }): JSX.Element {
  const { desk, state, strings } = props;
  const filters = Object.entries(state.filter);
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
              {strings[folder]} <Count counts={state.counts} of={COUNTED[folder]} />
            </button>
          </li>
        ))}
      </ul>
      {filters.length > 0 && (
        <p class="filter">
          {strings.filteredBy}{' '}
          {filters.map(([name, value]) => (
            <bdi>{name === 'q' || name === 'post' || name === 'reason' ? `${name}: ${value}` : name}</bdi>
          ))}{' '}
          <button type="button" onClick={() => desk.open(state.folder)}>
            {strings.clearFilter}
          </button>
        </p>
      )}
      {state.holders.length > 0 && (
        <p class="holders">
          {fill(strings.held, {
            names: state.holders.map(({ name, count }) => `${name} (${count})`).join(', '),
          })}
        </p>
      )}
    </nav>
  );
}

function Count({ counts, of }: { counts: Counts | null; of: keyof Counts | undefined }): JSX.Element | null {
  if (counts === null || of === undefined) return null;
  return <span class="count">{counts[of] >= 10_000 ? '10 000+' : counts[of]}</span>;
}
