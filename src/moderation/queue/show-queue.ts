/** The queue as moderators see it: its orders, and the folders beside it. */
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import {
  countQueue,
  findFew,
  listQueue,
  type QueueFilter,
  type QueueItemRow,
  type QueueOrder,
} from '../../storage/queue/queue.ts';
import { countFolder, type Folder, type FolderFilter, listFolder } from '../../storage/queue/queue-modes.ts';
import type { Actor } from '../actor.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { RefusedError } from '../refused-error.ts';
import { listBlend } from './informative-order.ts';
import { type QueueEntry, type QueueItemView, viewItems } from './queue-item.ts';
import { readSearch } from './search-query.ts';

export interface QueuePage {
  readonly items: QueueItemView[];
  readonly next_cursor: string | null;
  /** Counted up to 10,000, with a filter up to 1,000. */
  readonly total: number;
}

/** Where a page begins, and how long it is. */
export interface PagePlace {
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** A filter with what was searched for as it was written. */
type Searched<Filter> = Omit<Filter, 'words' | 'domain' | 'before'> & { readonly q?: string | undefined };

/** What is said by an operator and by a parameter, too: the operator counts, which stands before the moderator's eyes. */
function withSearch<Filter extends Searched<FolderFilter> & { readonly language?: string | undefined }>({
  q,
  ...filter
}: Filter) {
  const { author, post, language, ...search } = readSearch(q);
  return {
    ...filter,
    ...search,
    author: author ?? filter.author,
    post: post ?? filter.post,
    language: language ?? filter.language,
  };
}

/** A page of the queue. @throws {RefusedError} `invalid_value` for a cursor of another list. */
export async function showQueue(
  service: Service,
  actor: Actor,
  asked: Searched<QueueFilter>,
  { order, ...place }: PagePlace & { readonly order: QueueOrder },
): Promise<QueuePage> {
  const { status, ...filter } = withSearch(asked);
  if (status !== undefined && status !== 'hold') {
    throw new RefusedError(
      'invalid_value',
      'The queue has what waits: with `status:` choose a `folder`, too.',
    );
  }
  const wanted = { ...filter, few: await findFew(service.db, { ...filter, author: undefined }) };
  const list =
    order === 'informative'
      ? listBlend(service, wanted, place.cursor, place.limit)
      : listOrdered(service, wanted, order, place);
  const [{ rows, next }, total] = await Promise.all([list, countQueue(service.db, wanted)]);
  return { items: await viewItems(service, filter.siteId, actor, rows), next_cursor: next, total };
}

async function listOrdered(
  service: Service,
  filter: QueueFilter,
  order: Exclude<QueueOrder, 'informative'>,
  { cursor: cursorText, limit }: PagePlace,
): Promise<{ rows: QueueItemRow[]; next: string | null }> {
  const cursor = readCursor(order, cursorText);
  const rows = await listQueue(service.db, filter, order, cursor, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: page, next: null };
  const value = order === 'risk' ? last.risk : 0;
  return { rows: page, next: writeCursor(order, { value, id: last.comment_id }) };
}

/**
 * A page of the comments of one status, or of all, newest first: to look again, and to decide otherwise.
 *
 * @throws {RefusedError} `invalid_value` for a cursor of another list.
 */
export async function showFolder(
  service: Service,
  actor: Actor,
  wantedFolder: Folder,
  asked: Searched<FolderFilter>,
  { cursor: cursorText, limit }: PagePlace,
): Promise<QueuePage> {
  const { status, language, ...filter } = withSearch(asked);
  if (language !== undefined) {
    throw new RefusedError(
      'invalid_value',
      'Only waiting comments can be narrowed by language: leave out `language:`.',
    );
  }
  const folder = wantedFolder === 'all' ? (status ?? wantedFolder) : wantedFolder;
  const cursor = readCursor(folder, cursorText);
  const wanted = { ...filter, few: await findFew(service.db, filter) };
  const [rows, total] = await Promise.all([
    listFolder(service.db, folder, wanted, cursor?.id ?? null, limit + 1),
    countFolder(service.db, folder, wanted),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await viewItems(service, filter.siteId, actor, page.map(notQueued)),
    next_cursor: rows.length > limit && last ? writeCursor(folder, { value: 0, id: last.id }) : null,
    total,
  };
}

/** A comment outside the queue, in the shape of an item. */
export function notQueued({ id }: Pick<CommentRow, 'id'>): QueueEntry {
  const alone = { escalated: false, audit: false, claimed_by: null, claimed_until: null };
  return { comment_id: id, ...alone, elsewhere: true };
}
