/** The folders of the page: what each asks the service for. */

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
] as const;
export type Folder = (typeof FOLDERS)[number];

interface Source {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether its items wait in the queue, so that one person holds each. */
  readonly held: boolean;
}

const queue = (query: Readonly<Record<string, string>>): Source => ({
  path: '/v1/queue',
  query: { ...query, available: 'true' },
  held: true,
});
const folder = (name: string): Source => ({ path: '/v1/queue', query: { folder: name }, held: false });

export const SOURCES: Readonly<Record<Folder, Source>> = {
  riskiest: queue({ order: 'risk' }),
  oldest: queue({ order: 'oldest' }),
  informative: queue({ order: 'informative' }),
  escalated: queue({ order: 'oldest', escalated: 'true' }),
  audit: queue({ order: 'oldest', audit: 'true' }),
  second: { path: '/v1/second-looks', query: {}, held: false },
  approved: folder('approved'),
  spam: folder('spam'),
  trash: folder('trash'),
};

/** Second looks are given one by one. */
export function selectable(folder: Folder): boolean {
  return folder !== 'second';
}
