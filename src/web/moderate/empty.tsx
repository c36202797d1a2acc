/** Says why there is no comment to show, and where to go on. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { formatNumber } from './figures.ts';
import { foldersOf, nameFolder } from './folders.tsx';
import { countIn, type Folder, SOURCES } from './state/folder-list.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';

interface Props {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly strings: Strings;
  readonly language: string;
  readonly isSenior: boolean;
}

export function Empty({ desk, state, strings, language, isSenior }: Props): JSX.Element {
  const { loading, unread, counts } = state;
  const next = loading || unread ? undefined : nextFolder(state, foldersOf(isSenior));
  const count = next === undefined || counts === null ? 0 : (countIn(next, counts) ?? 0);
  return (
    <div class="empty" data-home tabIndex={-1}>
      <p>{loading ? strings.loading : unread ? strings.notRead : sayEmpty(state, strings)}</p>
      {unread && (
        <button type="button" disabled={loading} onClick={() => desk.reload()}>
          {strings.tryAgain}
        </button>
      )}
      {next !== undefined && (
        <button type="button" onClick={() => desk.open(next)}>
          {fill(strings.nextFolder, {
            folder: nameFolder(next, strings),
            count: formatNumber(count, language),
          })}
        </button>
      )}
    </div>
  );
}

function sayEmpty({ folder, filter }: DeskState, strings: Strings): string {
  if (Object.keys(filter).length > 0) return strings.noMatch;
  if (SOURCES[folder].held) return strings.empty;
  return fill(strings.emptyFolder, { folder: nameFolder(folder, strings) });
}

/** The first other folder in which something waits. */
function nextFolder({ folder, counts }: DeskState, folders: readonly Folder[]): Folder | undefined {
  if (counts === null) return undefined;
  const { counted } = SOURCES[folder];
  const others = folders.filter((one) => counted === undefined || SOURCES[one].counted !== counted);
  return others.find((one) => one !== folder && (countIn(one, counts) ?? 0) > 0);
}
