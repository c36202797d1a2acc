/** A site with a million held comments, written by SQL: as the service would have written them, faster. */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/storage/schema/database.ts';

export interface Amounts {
  readonly held: number;
  readonly approved: number;
  readonly spam: number;
  readonly trash: number;
}

/** One comment in so many seconds, on end. */
const SECONDS_APART = 0.6;
const TEXTS = 20_000;
const AUTHORS = 150_000;

/** When the first of the comments came, so that the last came just now. */
export function beginningOf(amounts: Amounts, now: Date): Date {
  const count = Object.values(amounts).reduce((sum, amount) => sum + amount, 0);
  return new Date(now.getTime() - count * SECONDS_APART * 1000);
}

/** Fills the site, on one connection without the service's limit on a statement's time. */
export async function fillSite(
  db: Kysely<Database>,
  siteId: string,
  amounts: Amounts,
  modelVersion: string,
  begin: Date,
): Promise<void> {
  await db.connection().execute(async (own) => {
    await sql`set statement_timeout = 0`.execute(own);
    await fill(own, siteId, amounts, modelVersion, begin);
    await sql`reset statement_timeout`.execute(own);
  });
}

/** Indexes are made anew afterwards: ten times as fast as keeping them meanwhile. */
async function fill(
  db: Kysely<Database>,
  siteId: string,
  amounts: Amounts,
  modelVersion: string,
  begin: Date,
): Promise<void> {
  const indexes = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('comment', 'queue_item') and schemaname = 'public' and indexname not like '%_pkey'`.execute(
    db,
  );
  for (const { name } of indexes.rows) await sql.raw(`drop index ${name}`).execute(db);
  await makeTexts(db);
  await insertPosts(db, siteId, begin);
  await insertComments(db, siteId, amounts, modelVersion, begin);
  await insertQueue(db);
  await insertDecisions(db);
  for (const { definition } of indexes.rows) await sql.raw(definition).execute(db);
  await sql`vacuum analyze comment`.execute(db);
  await sql`vacuum analyze queue_item`.execute(db);
  await sql`analyze decision`.execute(db);
}

/** Texts of 10 to 70 words out of 5,000, the frequent ones as frequent as in a language. */
export async function makeTexts(db: Kysely<Database>): Promise<void> {
  await sql`select setseed(0.5)`.execute(db);
  await sql`create table bench_word as
    select n, (array['ka','lo','mi','ten','ver','sol','da','ri','pun','gra'])[1 + n % 10]
      || (array['na','bel','tor','shi','mo','ler','vi','co','du','est'])[1 + n / 10 % 10]
      || (array['','ing','er','ly','s','tion','ed','al','ist','en'])[1 + n / 100 % 10]
      || (array['','ba','ke','zu','po'])[1 + n / 1000 % 5] as word
    from generate_series(0, 4999) n`.execute(db);
  await sql`create index on bench_word (n)`.execute(db);
  await sql`create table bench_text as
    select t as n, string_agg(word, ' ') as text
    from generate_series(0, ${TEXTS - 1}) t
    cross join lateral (
      select floor(5000 * power(random(), 3))::int as drawn from generate_series(1, 10 + (t * 7) % 60)
    ) draws
    join bench_word on bench_word.n = drawn
    group by t`.execute(db);
  await sql`create unique index on bench_text (n)`.execute(db);
}

async function insertPosts(db: Kysely<Database>, siteId: string, begin: Date): Promise<void> {
  await sql`insert into post (site_id, id, url, title, created_at)
    select ${siteId}::uuid, 'post-' || n, 'https://news.example/' || n, 'Article ' || n, ${begin}::timestamptz
    from generate_series(0, 1999) n`.execute(db);
}

async function insertComments(
  db: Kysely<Database>,
  siteId: string,
  { held, approved, spam, trash }: Amounts,
  modelVersion: string,
  begin: Date,
): Promise<void> {
  const total = held + approved + spam + trash;
  const share = (count: number) => count / total;
  await sql`insert into comment (id, site_id, post_id, author_name, author_email, author_email_loose, content,
      content_hash, date_gmt, created_at, updated_at, status, verdict, disposition, log_odds, spam_probability,
      threshold_ham, threshold_spam, model_version, reasons, campaign_id)
    select id, ${siteId}::uuid, 'post-' || floor(2000 * power(random(), 2))::int, 'Reader ' || author,
      'b1:' || md5(author::text), 'b1:' || md5(author::text), text || ' no' || i, md5(i::text), at, at, at, status,
      case when risk > 0.9 then 'spam' when risk > 0.3 then 'unsure' else 'ham' end, 'hold',
      ln((risk + 0.001) / (1.001 - risk)), risk, 0.3, 0.9, ${modelVersion},
      jsonb_build_array(jsonb_build_object('rule',
        case when i % 1000 = 0 then 'suspect_word' when i % 10 = 0 then 'links' else 'unsure' end,
        'disposition', 'hold', 'detail', '')),
      case when i % 50 = 0 then (${siteId}::uuid) else id end
    from (
      select i, (lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid as id,
        to_timestamp(ms / 1000.0) as at, random() as risk,
        case when i % 100 = 0 then 0 else (i * 7919) % ${AUTHORS} end as author,
        case when draw < ${share(held)}::float8 then 'hold'
          when draw < ${share(held + approved)}::float8 then 'approved'
          when draw < ${share(held + approved + spam)}::float8 then 'spam' else 'trash' end as status
      from (select i, ${begin.getTime()}::bigint + (i * ${SECONDS_APART * 1000})::bigint as ms,
        md5(i::text) as hash, random() as draw from generate_series(1, ${total}::bigint) i) numbers
    ) rows join bench_text on bench_text.n = i % ${TEXTS}`.execute(db);
}

async function insertQueue(db: Kysely<Database>): Promise<void> {
  await sql`insert into queue_item (comment_id, site_id, post_id, campaign_id, created_at, risk, uncertainty, reasons,
      escalated, audit, claimed_by, claimed_until)
    select id, site_id, post_id, campaign_id, created_at, spam_probability, 1 - abs(2 * spam_probability - 1),
      array[reasons -> 0 ->> 'rule'], random() < 0.001, random() < 0.01,
      case when claimed then 'key:somebody' end, case when claimed then created_at + interval '30 days' end
    from (select comment.*, random() < 0.0001 as claimed from comment where status = 'hold') held`.execute(
    db,
  );
}

/** Every comment outside the queue has been decided on, by one of five. */
async function insertDecisions(db: Kysely<Database>): Promise<void> {
  await sql`insert into decision (id, site_id, comment_id, actor, actor_name, decision, reason, status_before,
      status_after, created_at)
    select gen_random_uuid(), site_id, id, 'key:' || ascii(right(id::text, 1)) % 5, 'somebody',
      case status when 'approved' then 'approve' when 'spam' then 'spam' else 'reject' end,
      case status when 'trash' then 'insult' end, 'hold', status, created_at
    from comment where status <> 'hold'`.execute(db);
}
