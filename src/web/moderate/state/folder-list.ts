/** The folders of the page: what each asks the service for, and what can be done there. */
import type { Counts, Filter } from './types.ts';

export const FOLDERS = [
  'riskiest',
  'oldest',
  'informative',
  'escalated',
  'audit',
  'second',
  'approved',
  'spam',
  'trash',
  'search',
] as const;
/** Comments of every status that a search finds; it is there once something was searched for. */
export type Folder = (typeof FOLDERS)[number];

interface Source {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether its items wait in the queue, so that one person holds each. */
  readonly held: boolean;
  readonly narrowedBy: readonly (keyof Filter)[];
  /** How many there are in all. */
  readonly counted?: keyof Counts;
}

/** What can narrow a folder, by the parameter of GET /v1/queue; `status` chooses among what a search finds. */
export const NARROWINGS = [
  'reason',
  'post',
  'author',
  'campaign',
  'q',
  'language',
  'status',
] as const satisfies readonly (keyof Filter)[];

function queue(query: Readonly<Record<string, string>>, counted: keyof Counts): Source {
  return {
    path: '/v1/queue',
    query: { ...query, available: 'true' },
    held: true,
    narrowedBy: ['reason', 'post', 'author', 'campaign', 'q', 'language'],
    counted,
  };
}

function folder(name: string): Source {
  return {
    path: '/v1/queue',
    query: { folder: name },
    held: false,
    narrowedBy: ['post', 'author', 'q'],
  };
}

export const SOURCES: Readonly<Record<Folder, Source>> = {
  // What was escalated waits for a senior moderator, in a folder of its own.
  riskiest: queue({ order: 'risk', escalated: 'false' }, 'waiting'),
  oldest: queue({ order: 'oldest', escalated: 'false' }, 'waiting'),
  informative: queue({ order: 'informative', escalated: 'false' }, 'waiting'),
  escalated: queue({ order: 'oldest', escalated: 'true' }, 'escalated'),
  audit: queue({ order: 'oldest', audit: 'true' }, 'audit'),
  second: { path: '/v1/second-looks', query: {}, held: false, narrowedBy: [], counted: 'second_looks' },
  approved: folder('approved'),
  spam: folder('spam'),
  trash: folder('trash'),
  search: { ...folder('all'), narrowedBy: ['post', 'author', 'q', 'status'] },
};

/** How many wait in a folder, where that is counted: what was escalated waits in its own folder alone. */
export function countIn(folder: Folder, counts: Counts): number | null {
  const { counted } = SOURCES[folder];
  if (counted === undefined) return null;
  return counted === 'waiting' ? Math.max(0, counts.waiting - counts.escalated) : counts[counted];
}

/** What can be done beside deciding on the comment in focus. */
export type Extra = 'select' | 'escalate' | 'campaign' | 'note';

/**
 * Whether a folder has it. Second looks are blind and given one by one: a selection would meet the first decision, a
 * campaign and a note are about what the first moderator saw. A campaign is decided on as far as it waits.
 */
export function allows(where: Folder, extra: Extra): boolean {
  if (where === 'second') return false;
  return extra !== 'campaign' || SOURCES[where].held || where === 'search';
}

export function selectable(where: Folder): boolean {
  return allows(where, 'select');
}

export function narrows(where: Folder, by: keyof Filter): boolean {
  return SOURCES[where].narrowedBy.includes(by);
}

/** Where one finds what a filter leaves: the folder itself, or all that waits when that filter cannot narrow it. */
export function folderFor(where: Folder, filter: Filter): Folder {
  const named = Object.keys(filter);
  const known: readonly string[] = SOURCES[where].narrowedBy;
  if (named.every((name) => known.includes(name))) return where;
  return named.includes('status') ? 'search' : 'riskiest';
}
