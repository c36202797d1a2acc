/** The review queue: a row for each held comment, ordered and claimed without touching the comments themselves. */
import type { Insertable, Kysely, RawBuilder, Selectable, SelectQueryBuilder, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { QueueItemTable } from '../schema/queue.ts';

export type QueueItemRow = Selectable<QueueItemTable>;
export type QueueOrder = 'risk' | 'oldest' | 'informative';

/** Words of the name, the address or the text by their beginnings, in any order. */
export interface SearchWords {
  /** Folded; one of several words stands for words in a row, such as those of a host. */
  readonly phrases: readonly string[];
  /** A search without words, or in a script without spaces, is looked for by reading the texts. */
  readonly pattern: string | null;
}

export interface QueueFilter {
  readonly siteId: string;
  readonly reason?: string | undefined;
  readonly post?: string | undefined;
  /** An author's name (case-insensitive), or the id of a comment: others from its e-mail address. */
  readonly author?: string | undefined;
  readonly words?: SearchWords | undefined;
  /** A host or its parent domain, in lower case: what the text or the author's address leads to. */
  readonly domain?: string | undefined;
  /** Only comments that came before this id. */
  readonly before?: string | undefined;
  readonly language?: string | undefined;
  readonly campaign?: string | undefined;
  readonly escalated?: boolean | undefined;
  readonly audit?: boolean | undefined;
  /** Without what others hold at this time. */
  readonly notHeldByOthersThan?: { readonly claimant: string; readonly now: Date } | undefined;
  /** What {@link findFew} found out; without it every filter is tested item by item in the order of the page. */
  readonly few?: Few | undefined;
}

/** The comments that a filter matches, where they are so few that they are fetched first and sorted then; else null. */
export interface Few {
  readonly reason: readonly string[] | null;
  readonly text: readonly string[] | null;
}

/**
 * Up to so many matches are fetched and sorted; more are so frequent that walking the queue in order soon has a page.
 * The planner cannot know: of a million, one hit by walking took 19 s, by fetching 2 ms. Words are dear to test while
 * walking, reasons and names are not.
 */
const FEW_BY_WORDS = 10_000;
const FEW = 3000;
/** Where the planner expects so many times more, nothing is counted: of half a million texts that took 0.3 s. */
const SURELY_MORE = 5;

/** Fetches the comments of a reason, an author and words, where they are few. The queue's items know their authors. */
export async function findFew(db: Kysely<Database>, filter: QueueFilter): Promise<Few> {
  const [reason, text] = await Promise.all([
    filter.reason === undefined ? null : fetchFew(db, withReason(filter), FEW),
    hasText(filter) ? fetchFew(db, withText(filter), searchesWords(filter) ? FEW_BY_WORDS : FEW) : null,
  ]);
  return { reason, text };
}

async function fetchFew(
  db: Kysely<Database>,
  found: RawBuilder<{ id: string }>,
  few: number,
): Promise<readonly string[] | null> {
  const plan = await sql<{
    'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }];
  }>`explain (format json) ${found}`.execute(db);
  const expected = plan.rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
  if (expected > SURELY_MORE * few) return null;
  const { rows } = await sql<{ id: string }>`${found} limit ${few + 1}`.execute(db);
  return rows.length > few ? null : rows.map(({ id }) => id);
}

function withReason({ siteId, reason }: QueueFilter) {
  return sql<{ id: string }>`select r.comment_id as id from queue_item r
    where r.site_id = ${siteId}::uuid and r.reasons @> ${[reason]}::text[]`;
}

type TextFilter = Pick<QueueFilter, 'author' | 'words' | 'domain'>;

function searchesWords({ words, domain }: TextFilter): boolean {
  return words !== undefined || domain !== undefined;
}

function hasText(filter: TextFilter): boolean {
  return filter.author !== undefined || searchesWords(filter);
}

/** The ids of the comments that an author and words match. */
function withText({ siteId, author, words, domain }: TextFilter & Pick<QueueFilter, 'siteId'>) {
  return sql<{ id: string }>`select c.id from comment c
    where c.site_id = ${siteId}::uuid ${matchComment(siteId, { author, words, domain })}`;
}

/** Where a page ended: the sort value and the id of its last item. */
export interface QueueCursor {
  readonly value: number;
  readonly id: string;
}

/** Counting stops here: beyond it the exact number tells a moderator nothing and costs a scan. */
export const COUNT_LIMIT = 10_000;
/** Counting what a filter finds is dearer, and stops earlier: 10,000 of a frequent word took 0.4 s. */
const FILTERED_COUNT_LIMIT = 1000;

const sortColumn = { risk: 'risk', informative: 'uncertainty' } as const;

/** Puts comments into the queue; what is there already stays as it is. */
export async function insertQueueItems(
  trx: Transaction<Database>,
  items: readonly Insertable<QueueItemTable>[],
): Promise<void> {
  if (items.length === 0) return;
  await trx
    .insertInto('queue_item')
    .values([...items])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Removes items and returns them as they stood, so that an undo can put them back. */
export async function removeQueueItems(
  trx: Transaction<Database>,
  commentIds: readonly string[],
): Promise<QueueItemRow[]> {
  return await trx
    .deleteFrom('queue_item')
    .where('comment_id', '=', sql<string>`any(${[...commentIds]}::uuid[])`)
    .returningAll()
    .execute();
}

/**
 * Marks comments as escalated, putting them into the queue when they are not there; returns the items from before.
 *
 * @param items as they are to be in the queue where they are not there yet
 */
export async function escalateQueueItems(
  trx: Transaction<Database>,
  items: readonly Insertable<QueueItemTable>[],
): Promise<QueueItemRow[]> {
  const before = await removeQueueItems(
    trx,
    items.map(({ comment_id: id }) => id),
  );
  const known = new Map(before.map((item) => [item.comment_id, item]));
  await trx
    .insertInto('queue_item')
    .values(
      items.map((item) => ({
        ...item,
        ...known.get(item.comment_id),
        escalated: true,
        claimed_by: null,
        claimed_until: null,
      })),
    )
    .execute();
  return before;
}

/** Puts an item back as it stood (as an undo finds it), or takes it out when there was none. */
export async function restoreQueueItem(
  trx: Transaction<Database>,
  commentId: string,
  before: Record<string, unknown> | null,
): Promise<void> {
  await removeQueueItems(trx, [commentId]);
  if (before === null) return;
  await sql`insert into queue_item select * from jsonb_populate_record(null::queue_item, ${JSON.stringify(before)}::jsonb)`.execute(
    trx,
  );
}

/** The comments of a campaign that wait, oldest first. */
export async function listCampaignItems(
  db: Kysely<Database>,
  siteId: string,
  campaignId: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('queue_item')
    .select('comment_id')
    .where('site_id', '=', siteId)
    .where('campaign_id', '=', campaignId)
    .orderBy('comment_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.comment_id);
}

export async function findQueueItem(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
): Promise<QueueItemRow | null> {
  const row = await db
    .selectFrom('queue_item')
    .selectAll()
    .where('comment_id', '=', commentId)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/** A page of the queue: riskiest or most informative first, or oldest first. */
export async function listQueue(
  db: Kysely<Database>,
  filter: QueueFilter,
  order: QueueOrder,
  cursor: QueueCursor | null,
  limit: number,
): Promise<QueueItemRow[]> {
  const query = filterQueue(db, filter).selectAll('queue_item');
  if (order === 'oldest') {
    return await query
      .$if(cursor !== null, (page) => page.where('comment_id', '>', cursor?.id ?? ''))
      .orderBy('comment_id')
      .limit(limit)
      .execute();
  }
  const column = sortColumn[order];
  return await query
    .$if(cursor !== null, (page) =>
      page.where(
        sql<boolean>`(${sql.ref(column)}, comment_id) < (${cursor?.value}::float8, ${cursor?.id}::uuid)`,
      ),
    )
    .orderBy(column, 'desc')
    .orderBy('comment_id', 'desc')
    .limit(limit)
    .execute();
}

/** How many items match, counted up to {@link COUNT_LIMIT}, or a tenth of it with a filter. */
export async function countQueue(db: Kysely<Database>, filter: QueueFilter): Promise<number> {
  const limit = countLimitOf(filter);
  const matching = filterQueue(db, filter).select('comment_id').limit(limit).as('matching');
  const row = await db
    .selectFrom(matching)
    .select(sql<number>`count(*)::int`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Where counting stops with this filter. */
export function countLimitOf({
  siteId: _,
  few: _few,
  notHeldByOthersThan: _own,
  ...filters
}: QueueFilter): number {
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return filtered ? FILTERED_COUNT_LIMIT : COUNT_LIMIT;
}

/** The items of a site that match, before any order. */
export function filterQueue(
  db: Kysely<Database>,
  filter: QueueFilter,
): SelectQueryBuilder<Database, 'queue_item', object> {
  let query = db.selectFrom('queue_item').where('queue_item.site_id', '=', filter.siteId);
  if (filter.reason !== undefined) {
    const few = filter.few?.reason ?? null;
    query = few
      ? query.where(sql<boolean>`queue_item.comment_id = any(${[...few]}::uuid[])`)
      : query.where('reasons', '@>', sql<string[]>`${[filter.reason]}::text[]`);
  }
  if (filter.post !== undefined) query = query.where('queue_item.post_id', '=', filter.post);
  if (filter.campaign !== undefined) query = query.where('queue_item.campaign_id', '=', filter.campaign);
  if (filter.escalated !== undefined) query = query.where('escalated', '=', filter.escalated);
  if (filter.audit !== undefined) query = query.where('audit', '=', filter.audit);
  if (filter.author !== undefined)
    query = query.where(sameAuthor(filter.siteId, filter.author, sql`queue_item.author_name`, 'queue_item'));
  if (filter.before !== undefined) query = query.where('queue_item.comment_id', '<', filter.before);
  if (filter.language !== undefined) query = query.where('queue_item.language', '=', filter.language);
  if (searchesWords(filter)) {
    const { siteId, words, domain } = filter;
    const few = filter.few?.text ?? null;
    query = query.where(
      few
        ? sql<boolean>`queue_item.comment_id = any(${[...few]}::uuid[])`
        : sql<boolean>`queue_item.comment_id in (${withText({ siteId, words, domain })})`,
    );
  }
  const { notHeldByOthersThan: own } = filter;
  if (own !== undefined) {
    query = query.where((either) =>
      either.or([
        either('claimed_until', 'is', null),
        either('claimed_until', '<=', own.now),
        either('claimed_by', '=', own.claimant),
      ]),
    );
  }
  return query;
}

/** Conditions on a comment `c` of a site, each with an `and` before it. */
export function matchComment(siteId: string, { author, words, domain }: TextFilter) {
  const byAuthor =
    author === undefined ? sql`` : sql`and ${sameAuthor(siteId, author, sql`lower(c.author_name)`, 'c')}`;
  const byWords = words === undefined ? sql`` : sql`and ${textContains(words)}`;
  const byDomain = domain === undefined ? sql`` : sql`and ${leadsTo(domain)}`;
  return sql`${byAuthor} ${byWords} ${byDomain}`;
}

const COMMENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a row is of this author, whose name in small letters is `name` there. */
function sameAuthor(siteId: string, author: string, name: RawBuilder<unknown>, row: string) {
  if (!COMMENT_ID.test(author)) return sql<boolean>`${name} = lower(${author})`;
  return sql<boolean>`${sql.ref(`${row}.author_email_loose`)} = (
    select o.author_email_loose from comment o where o.id = ${author}::uuid and o.site_id = ${siteId}::uuid)`;
}

/** As the index of migrations/0001-initial/comments.ts has it. */
const indexed = sql`to_tsvector('simple',
  fold_for_search(c.author_name || ' ' || coalesce(c.author_url, '') || ' ' || c.content))`;

/** By the words' index, but for what has no words with spaces in it. */
function textContains({ phrases, pattern }: SearchWords) {
  if (pattern !== null) {
    const like = `%${escapeLike(pattern)}%`;
    return sql`(c.content ilike ${like} or c.author_name ilike ${like})`;
  }
  const query = phrases.map((phrase) => `${inARow(phrase)}:*`).join(' & ');
  return sql`${indexed} @@ to_tsquery('simple', ${query})`;
}

/** The index knows words in a row; that they are a host, and not words of a sentence, is seen in the text. */
function leadsTo(domain: string) {
  const host = `(^|[^a-z0-9-])${domain.replaceAll('.', '\\.')}([^a-z0-9.-]|\\.?$|\\.[^a-z0-9])`;
  return sql`${indexed} @@ to_tsquery('simple', ${inARow(domain.replace(/[.-]+/g, ' '))})
    and coalesce(c.author_url, '') || ' ' || c.content ~* ${host}`;
}

function inARow(phrase: string): string {
  return phrase.split(' ').join(' <-> ');
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
