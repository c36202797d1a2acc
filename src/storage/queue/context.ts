/** Reads what is known around a comment: its thread, its article, its author and what is like it. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Disposition, Status } from '../../core/comment.ts';
import type { Database } from '../schema/database.ts';

/** A comment as others see it beside the one they decide on. */
export interface NearbyComment {
  readonly id: string;
  readonly post_id: string;
  readonly author_name: string;
  /** The beginning of the text. */
  readonly content: string;
  readonly status: Status;
  readonly created_at: Date;
}

const EXCERPT_CHARACTERS = 600;
const MOST_ANCESTORS = 10;
const MOST_SIBLINGS = 5;
const MOST_REPLIES = 10;
const MOST_OF_AUTHOR = 6;
const MOST_SAMPLES = 3;
/** Authors, hosts and links are counted up to so many comments. */
export const NEARBY_LIMIT = 1000;

const columns = sql`c.id, c.post_id, c.author_name, left(c.content, ${EXCERPT_CHARACTERS}) as content, c.status,
  c.created_at`;

/** What a comment answers, the topmost first. */
export async function listAncestors(
  db: Kysely<Database>,
  siteId: string,
  parentId: string | null,
): Promise<NearbyComment[]> {
  if (parentId === null) return [];
  const { rows } = await sql<NearbyComment>`
    with recursive line as (
      select c.*, 1 as height from comment c where c.id = ${parentId}::uuid and c.site_id = ${siteId}::uuid
      union all
      select c.*, line.height + 1 from line join comment c on c.id = line.parent_id
      where line.height < ${MOST_ANCESTORS}
    ) select ${columns} from line c order by c.height desc`.execute(db);
  return rows;
}

/** Other answers to the same comment, the newest first. */
export async function listSiblings(
  db: Kysely<Database>,
  siteId: string,
  parentId: string | null,
  id: string,
): Promise<NearbyComment[]> {
  if (parentId === null) return [];
  const { rows } = await sql<NearbyComment>`select ${columns} from comment c
    where c.parent_id = ${parentId}::uuid and c.site_id = ${siteId}::uuid and c.id <> ${id}::uuid
    order by c.id desc limit ${MOST_SIBLINGS}`.execute(db);
  return rows;
}

/** Answers to a comment, the oldest first. */
export async function listReplies(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<NearbyComment[]> {
  const { rows } = await sql<NearbyComment>`select ${columns} from comment c
    where c.parent_id = ${id}::uuid and c.site_id = ${siteId}::uuid
    order by c.id limit ${MOST_REPLIES}`.execute(db);
  return rows;
}

/** The newest other comments of an author, by the loose pseudonym. */
export async function listOfAuthor(
  db: Kysely<Database>,
  siteId: string,
  author: string | null,
  id: string,
): Promise<NearbyComment[]> {
  if (author === null) return [];
  const { rows } = await sql<NearbyComment>`select ${columns} from comment c
    where c.site_id = ${siteId}::uuid and c.author_email_loose = ${author} and c.id <> ${id}::uuid
    order by c.created_at desc limit ${MOST_OF_AUTHOR}`.execute(db);
  return rows;
}

/** The comments of the author of a comment that do not have this status yet, newest first, in their versions. */
export async function listVersionsOfAuthor(
  db: Kysely<Database>,
  siteId: string,
  commentId: string,
  without: Status | null,
  limit: number,
): Promise<{ readonly id: string; readonly version: number }[]> {
  const { rows } = await sql<{ id: string; version: number }>`select c.id, c.version from comment c
    where c.site_id = ${siteId}::uuid and c.author_email_loose = (
        select o.author_email_loose from comment o where o.id = ${commentId}::uuid and o.site_id = ${siteId}::uuid)
      ${without === null ? sql`` : sql`and c.status <> ${without}`}
    order by c.created_at desc limit ${limit}`.execute(db);
  return rows;
}

/** What becomes of an author's next comments by a rule that names them. */
export interface AuthorRule {
  readonly id: string;
  readonly pattern: string;
  readonly disposition: Disposition;
  readonly note: string | null;
  readonly expires_at: Date | null;
}

/** The rules that name an author, the newest first; with those that are over. */
export async function listAuthorRules(
  db: Kysely<Database>,
  siteId: string,
  author: string | null,
): Promise<AuthorRule[]> {
  if (author === null) return [];
  return await db
    .selectFrom('rule')
    .select(['id', 'pattern', 'disposition', 'note', 'expires_at'])
    .where('site_id', '=', siteId)
    .where('kind', '=', 'author')
    .where(sql<boolean>`${author} = any(string_to_array(pattern, E'\n'))`)
    .orderBy('id', 'desc')
    .execute();
}

export interface ArticleCounts {
  readonly approved_today: number;
  readonly waiting: number;
}

/** How many comments of an article were approved since an id, and how many wait. */
export async function countOfArticle(
  db: Kysely<Database>,
  siteId: string,
  post: string,
  sinceId: string,
): Promise<ArticleCounts> {
  const { rows } = await sql<ArticleCounts>`select
    (select count(*)::int from (select from comment where site_id = ${siteId}::uuid and post_id = ${post}
      and status = 'approved' and listed and id >= ${sinceId}::uuid limit ${NEARBY_LIMIT}) approved) as approved_today,
    (select count(*)::int from (select from queue_item where site_id = ${siteId}::uuid and post_id = ${post}
      limit ${NEARBY_LIMIT}) waiting) as waiting`.execute(db);
  return rows[0] ?? { approved_today: 0, waiting: 0 };
}

export interface CampaignSummary {
  /** How many comments are near-copies of each other, with those that were decided on, and by how many authors. */
  readonly comments: number;
  readonly authors: number;
}

export async function countCampaign(
  db: Kysely<Database>,
  siteId: string,
  campaign: string | null,
): Promise<CampaignSummary> {
  if (campaign === null) return { comments: 0, authors: 0 };
  const { rows } = await sql<CampaignSummary>`select count(*)::int as comments,
      count(distinct coalesce(author_email_loose, 'name:' || lower(author_name)))::int as authors
    from (select author_email_loose, author_name from comment
      where campaign_id = ${campaign}::uuid and site_id = ${siteId}::uuid limit ${NEARBY_LIMIT}) members`.execute(
    db,
  );
  return rows[0] ?? { comments: 0, authors: 0 };
}

/** Some other near-copies of a campaign, those that wait first. */
export async function listSamples(
  db: Kysely<Database>,
  siteId: string,
  campaign: string | null,
  id: string,
): Promise<NearbyComment[]> {
  if (campaign === null) return [];
  const { rows } = await sql<NearbyComment>`select ${columns} from (
      select * from comment where campaign_id = ${campaign}::uuid and site_id = ${siteId}::uuid
        and id <> ${id}::uuid limit ${NEARBY_LIMIT}) c
    order by (c.status = 'hold') desc, c.id desc limit ${MOST_SAMPLES}`.execute(db);
  return rows;
}
