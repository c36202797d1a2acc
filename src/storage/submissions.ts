/**
 * Reads and stores comments that are checked together: whatever their number, one statement each.
 *
 * A statement that begins with a name in a comment is prepared under it (see `connection/prepared.ts`). Measured with
 * pgbench, 16 connections: the eleven statements of a check took 837 checks a second, prepared 1,825, as two 2,901.
 */
import type { Insertable, Kysely, RawBuilder, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { NewEvent } from './events.ts';
import type { AkismetCheckTable } from './schema/clients.ts';
import type { CommentTable, PostTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';
import type { ShadowScoreTable } from './schema/learn.ts';
import type { QueueItemTable } from './schema/queue.ts';
import { selectDeliveries } from './webhook-outbox.ts';

/** What is known of the author of a comment; pseudonyms under every live key, newest first. */
export interface AuthorKeys {
  readonly strict: readonly string[];
  readonly loose: readonly string[];
  readonly ip: readonly string[];
}

/** A request with an Idempotency-Key. */
export interface RepeatableRequest {
  readonly keyId: string;
  readonly idempotencyKey: string;
}

/** What a comment is looked up by. */
export interface Lookup {
  readonly siteId: string;
  /** The name of its post, which may be another name of the thread. */
  readonly post: string;
  readonly parent: string | null;
  readonly contentHash: string;
  readonly authorName: string;
  readonly authorKeys: AuthorKeys;
  /** Whether an earlier submission of the author or the address matters. */
  readonly limitFlood: boolean;
  readonly bands: readonly number[];
  /** What a repeat of its request is known by; null: it cannot be repeated. */
  readonly request: RepeatableRequest | null;
  /**
   * Whether it comes from a page, where anybody may name any address: nothing that the sender can see may then depend on
   * the address. Repeated are name and text, which are public; the history is that of the address and the IP address.
   */
  readonly isFromPage?: boolean;
}

/** A comment that may be a near-copy. */
export interface NearCandidate {
  readonly id: string;
  readonly content: string;
  readonly campaign_id: string | null;
  /** How many bands both have. */
  readonly shared: number;
}

/** What is there already around a comment. */
export interface Surroundings {
  /** The thread that the name of the post means. */
  readonly postId: string;
  /** null: nobody has commented on it. */
  readonly post: {
    readonly url: string | null;
    readonly title: string | null;
    readonly closedAt: Date | null;
    /** Whether every comment on it is held. */
    readonly premoderated: boolean;
    readonly createdAt: Date;
  } | null;
  /** Whether the parent is a comment on the same post that readers can see. */
  readonly parentFound: boolean;
  /** Whether the same author said the same on the same post before, in answer to the same comment. */
  readonly duplicate: boolean;
  /** The first letters of the statuses of the author's newest comments (`a`, `h`, `s`, `t`), newest first. */
  readonly history: string;
  /** When this author or address last commented on the site; null: never, or it does not matter. */
  readonly lastSubmission: Date | null;
  /** Candidates for near-copies; those that share the most bands first. */
  readonly near: readonly NearCandidate[];
  readonly hasWebhook: boolean;
  /** The answer that was kept for its request. */
  readonly kept: KeptAnswer | null;
}

/** How far back an author's history is read: enough to judge, and the same cost for the most prolific author. */
export const HISTORY_ROWS = 200;
/** The newest comments of each band that are looked at, and how many texts are compared of all of them. */
const NEWEST_OF_BAND = 8;
export const NEAR_CANDIDATES = 4;

/**
 * Serialises submissions of the same text to the same post, so that two at once cannot both be the first, and those of
 * the same author or address, where these are given. In the order of the locks' own numbers, so that two groups that
 * share several never wait for each other. No later statement of the transaction scans a table: before a table's first
 * ANALYZE the planner takes it for empty. Nor is a later statement planned anew each time, which took 2 ms, or compiled,
 * which takes longer than it runs.
 *
 * @param names what to lock; includes the site
 */
export async function lockSubmissions(trx: Transaction<Database>, names: readonly string[]): Promise<void> {
  await sql`/* lock_submissions */ select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true), pg_advisory_xact_lock(number) from (
    select distinct hashtextextended(name, 0) as number from unnest(${[...names]}::text[]) as name order by number
  ) as ordered`.execute(trx);
}

interface SurroundingsRow {
  readonly post_id: string;
  readonly known: boolean;
  readonly url: string | null;
  readonly title: string | null;
  readonly closed_at: Date | null;
  readonly premoderated: boolean | null;
  readonly created_at: Date | null;
  readonly parent_found: boolean;
  readonly duplicate: boolean;
  readonly history: string | null;
  readonly last_submission: Date | null;
  readonly near: Surroundings['near'] | null;
  readonly has_webhook: boolean;
  readonly fingerprint: string | null;
  readonly status: number | null;
  readonly location: string | null;
  readonly body: string | null;
  readonly answered_at: Date | null;
}

/**
 * What is there around each of these comments, in their order. Where at most one row is looked for, `limit 1` says so: the
 * planner takes any JSON for 100 rows, and would rather walk through the whole index of the site's posts.
 *
 * What was trashed is no duplicate: a rejected comment that is sent again is judged again (and held for the author's
 * recent rejections), so that an author whose comment was rejected by mistake is heard, and so that a 409 does not tell
 * a spammer that the text is in the trash.
 *
 * @param until the latest time at which a submission can have come; what seems to be of the future does not count
 * @param nearSince the first id whose near-copies are looked for
 */
export async function readSurroundings(
  trx: Transaction<Database>,
  lookups: readonly Lookup[],
  until: Date,
  nearSince: string,
): Promise<Surroundings[]> {
  const asked = lookups.map((lookup, at) => ({
    at,
    site_id: lookup.siteId,
    post_name: lookup.post,
    parent_id: lookup.parent,
    content_hash: lookup.contentHash,
    author_name: lookup.authorName,
    strict: lookup.authorKeys.strict,
    loose: lookup.authorKeys.loose,
    from_page: lookup.isFromPage === true,
    ip: lookup.authorKeys.ip,
    flood_loose: lookup.limitFlood && lookup.isFromPage !== true ? lookup.authorKeys.loose : [],
    flood_ip: lookup.limitFlood ? lookup.authorKeys.ip : [],
    bands: lookup.bands,
    key_id: lookup.request?.keyId ?? null,
    idempotency_key: lookup.request?.idempotencyKey ?? null,
  }));
  const { rows } = await sql<SurroundingsRow>`/* read_surroundings */
    select e.post_id, p.id is not null as known, p.url, p.title, p.closed_at, p.premoderated, p.created_at,
      exists (select from comment c where c.id = e.parent_id and c.site_id = e.site_id and c.post_id = e.post_id
          and c.status = 'approved' and c.listed)
        as parent_found,
      case when e.from_page then exists (select from comment c where c.site_id = e.site_id
          and c.content_hash = e.content_hash and c.post_id = e.post_id and c.author_name = e.author_name
          and c.parent_id is not distinct from e.parent_id
          and (c.author_ip is null or cardinality(e.ip) = 0 or c.author_ip = any(e.ip)) and c.status <> 'trash')
        else exists (select from unnest(e.strict) as author join comment c on c.site_id = e.site_id
          and c.content_hash = e.content_hash and c.post_id = e.post_id and c.author_email = author
          and c.parent_id is not distinct from e.parent_id and c.status <> 'trash')
        or (cardinality(e.strict) = 0 and exists (select from comment c where c.site_id = e.site_id
          and c.content_hash = e.content_hash and c.post_id = e.post_id and c.author_email is null
          and c.author_name = e.author_name and c.parent_id is not distinct from e.parent_id
          and (c.author_ip is null or cardinality(e.ip) = 0 or c.author_ip = any(e.ip)) and c.status <> 'trash'))
        end as duplicate,
      (select string_agg(left(status, 1), '' order by created_at desc) from (
        select newest.status, newest.created_at from unnest(e.loose) as author cross join lateral (
          select c.status, c.created_at from comment c where c.site_id = e.site_id and c.author_email_loose = author
            and (not e.from_page or c.author_ip = any(e.ip))
          order by c.created_at desc limit ${sql.lit(HISTORY_ROWS)}
        ) newest order by created_at desc limit ${sql.lit(HISTORY_ROWS)}
      ) of_author) as history,
      greatest(
        (select max(at) from unnest(e.flood_loose) as author cross join lateral (
          select c.created_at as at from comment c where c.site_id = e.site_id and c.author_email_loose = author
            and c.created_at <= ${until}::timestamptz order by c.created_at desc limit 1) newest),
        (select max(at) from unnest(e.flood_ip) as address cross join lateral (
          select c.created_at as at from comment c where c.site_id = e.site_id and c.author_ip = address
            and c.created_at <= ${until}::timestamptz order by c.created_at desc limit 1) newest)
      ) as last_submission,
      (select json_agg(json_build_object('id', c.id, 'content', c.content, 'campaign_id', c.campaign_id,
          'shared', shared)
          order by shared desc, c.id desc)
        from (
          select newest.comment_id, count(*) as shared from unnest(e.bands) as wanted cross join lateral (
            select d.comment_id from near_duplicate d where d.site_id = e.site_id and d.band = wanted
              and d.comment_id >= ${nearSince}::uuid order by d.comment_id desc limit ${sql.lit(NEWEST_OF_BAND)}
          ) newest group by newest.comment_id order by shared desc, newest.comment_id desc limit ${sql.lit(NEAR_CANDIDATES)}
        ) candidate join comment c on c.id = candidate.comment_id
      ) as near,
      exists (select from webhook w where w.site_id = e.site_id) as has_webhook,
      i.fingerprint, i.status, i.location, i.body, i.created_at as answered_at
    from (
      select named.*, coalesce(a.post_id, named.post_name) as post_id
      from json_to_recordset(${JSON.stringify(asked)}::json) as named (at integer, site_id uuid, post_name text,
        parent_id uuid, content_hash text, author_name text, strict text[], loose text[], from_page boolean, ip text[],
        flood_loose text[], flood_ip text[], bands integer[], key_id text, idempotency_key text)
      left join lateral (select post_id from post_alias where site_id = named.site_id and alias = named.post_name
        limit 1) a on true
    ) e
    left join lateral (select * from post where site_id = e.site_id and id = e.post_id limit 1) p on true
    left join lateral (select * from idempotency where key_id = e.key_id and idempotency_key = e.idempotency_key
      limit 1) i on true
    order by e.at`.execute(trx);
  return rows.map((row) => ({
    postId: row.post_id,
    post:
      row.known && row.created_at !== null
        ? {
            url: row.url,
            title: row.title,
            closedAt: row.closed_at,
            premoderated: row.premoderated === true,
            createdAt: row.created_at,
          }
        : null,
    parentFound: row.parent_found,
    duplicate: row.duplicate,
    history: row.history ?? '',
    lastSubmission: row.last_submission,
    near: row.near ?? [],
    hasWebhook: row.has_webhook,
    kept: toKeptAnswer(row),
  }));
}

function toKeptAnswer({
  fingerprint,
  status,
  location,
  body,
  answered_at: at,
}: SurroundingsRow): KeptAnswer | null {
  if (fingerprint === null || status === null || body === null || at === null) return null;
  return { fingerprint, answer: { status, location, body }, at };
}

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: string;
}

/** An answer that is kept for a repeat of its request. */
export interface KeptAnswer {
  /** Of what must be the same when the request is repeated. */
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly at: Date;
}

/** What is stored together with a comment, for whom it was checked. */
export interface StoredAlong {
  readonly akismetCheck?: Insertable<AkismetCheckTable>;
}

/** A comment that was just checked. */
export type NewComment = Insertable<CommentTable> & { readonly created_at: Date };

/** Everything that a group of checks stores. */
export interface CheckedComments {
  /** New posts, and known ones whose URL or title changes. `replaces`: over what another stored meanwhile. */
  readonly posts: readonly (Insertable<PostTable> & { readonly replaces: boolean })[];
  /** All with the same columns. */
  readonly comments: readonly Insertable<CommentTable>[];
  readonly queueItems: readonly Insertable<QueueItemTable>[];
  readonly shadowScores: readonly Insertable<ShadowScoreTable>[];
  readonly along: readonly StoredAlong[];
  readonly answers: readonly (RepeatableRequest & KeptAnswer)[];
  readonly events: readonly NewEvent[];
  /** Whether a site of theirs has one: planning the outbox's part cost 3 ms of PGlite. */
  readonly hasWebhook: boolean;
}

/** Stores a group in one statement: all of it or nothing. */
export async function storeChecked(trx: Transaction<Database>, checked: CheckedComments): Promise<void> {
  const replacing = checked.posts.filter(({ replaces }) => replaces);
  const filling = checked.posts.filter(({ replaces }) => !replaces);
  const parts = [
    part('posts', insertRows('post', replacing.map(withoutMode), POST_REPLACES), replacing),
    part('gaps', insertRows('post', filling.map(withoutMode), POST_FILLS), filling),
    part('comments', insertRows('comment', checked.comments.map(withReasons)), checked.comments),
    part('items', insertRows('queue_item', checked.queueItems), checked.queueItems),
    part('shadows', insertRows('shadow_score', checked.shadowScores), checked.shadowScores),
    ...withAkismetChecks(checked.along),
    part(
      'answers',
      insertRows('idempotency', checked.answers.map(toAnswerRow), ANSWER_REPLACES),
      checked.answers,
    ),
  ].flatMap((one) => one ?? []);
  const events = insertRows('event', checked.events.map(toEventRow));
  const tail = checked.hasWebhook
    ? sql`, appended as (${events} returning *)
      insert into webhook_delivery (webhook_id, site_id, event, subject, data, created_at, next_at)
      ${selectDeliveries()}`
    : events;
  await sql`/* store_checked */ with ${sql.join(parts)} ${tail}`.execute(trx);
}

function withAkismetChecks(along: readonly StoredAlong[]) {
  const checks = along.flatMap(({ akismetCheck }) => akismetCheck ?? []);
  return [part('checks', insertRows('akismet_check', checks), checks)];
}

/** One part of the statement, or nothing without rows: what is not there need not be planned. */
function part(
  name: string,
  statement: RawBuilder<unknown>,
  rows: readonly unknown[],
): RawBuilder<unknown> | null {
  return rows.length === 0 ? null : sql`${sql.ref(name)} as (${statement})`;
}

const POST_REPLACES = sql` on conflict (site_id, id) do update set
  url = coalesce(excluded.url, post.url), title = coalesce(excluded.title, post.title)`;
const POST_FILLS = sql` on conflict (site_id, id) do update set
  url = coalesce(post.url, excluded.url), title = coalesce(post.title, excluded.title)`;

/** Only what is too old to be repeated is still there. */
const ANSWER_REPLACES = sql` on conflict (key_id, idempotency_key) do update set fingerprint = excluded.fingerprint,
  status = excluded.status, location = excluded.location, body = excluded.body, created_at = excluded.created_at`;

/** Rows as one value of JSON: a statement of many values takes both sides longer to write and read. */
function insertRows(
  table: 'post' | 'comment' | 'queue_item' | 'shadow_score' | 'akismet_check' | 'idempotency' | 'event',
  rows: readonly object[],
  conflict: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((name) => sql.ref(name)));
  return sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)${conflict}`;
}

function toAnswerRow({ keyId, idempotencyKey, fingerprint, answer, at }: RepeatableRequest & KeptAnswer) {
  return { key_id: keyId, idempotency_key: idempotencyKey, fingerprint, ...answer, created_at: at };
}

function withoutMode({ replaces: _, ...post }: CheckedComments['posts'][number]) {
  return post;
}

/** `reasons` is JSON already; as text it would become a JSON string in a JSON document. */
function withReasons({ reasons, ...comment }: Insertable<CommentTable>) {
  return { ...comment, reasons: JSON.parse(reasons) as unknown };
}

function toEventRow({ siteId, kind, subject, data = {}, at }: NewEvent) {
  return { site_id: siteId, kind, subject, data, created_at: at };
}

const PSEUDONYM_COLUMNS = { strict: 'author_email', loose: 'author_email_loose', ip: 'author_ip' } as const;

/** Rewrites these authors' pseudonyms of older keys to the newest: a rotated key is left behind on next sight. */
export async function renewPseudonyms(
  trx: Transaction<Database>,
  authors: readonly { readonly siteId: string; readonly authorKeys: AuthorKeys }[],
): Promise<void> {
  for (const form of ['strict', 'loose', 'ip'] as const) {
    const column = sql.ref(PSEUDONYM_COLUMNS[form]);
    const renewed = authors.flatMap(({ siteId, authorKeys }) => {
      const [newest, ...older] = authorKeys[form];
      return older.map((old) => ({ site_id: siteId, old, newest }));
    });
    if (renewed.length === 0) continue;
    await sql`/* renew_pseudonyms */ update comment c set ${column} = r.newest
      from json_to_recordset(${JSON.stringify(renewed)}::json) as r (site_id uuid, old text, newest text)
      where c.site_id = r.site_id and c.${column} = r.old`.execute(trx);
  }
}

/** Has the planner look again at the tables that grow with every check. */
export async function analyzeComments(db: Kysely<Database>): Promise<void> {
  await sql`analyze comment, post, near_duplicate, queue_item, event, decision`.execute(db);
}
