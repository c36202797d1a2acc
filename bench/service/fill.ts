/** Stored comments as the service would have written them, pseudonyms and bands and all, by SQL. */
import { type Kysely, sql } from 'kysely';
import { firstIdOf } from '../../src/core/id.ts';
import type { Database } from '../../src/storage/schema/database.ts';
import { makeTexts } from '../queue/fill.ts';

const POSTS = 2_000;
const TEXTS = 20_000;
/** The comments of so many days; the bands of older ones than 30 are forgotten. */
const DAYS = 120;

/** Fills a site; one comment in ten waits for a moderator. Indexes and triggers come afterwards, which is faster. */
export async function fillStored(
  db: Kysely<Database>,
  siteId: string,
  count: number,
  now: Date,
): Promise<void> {
  const begin = now.getTime() - DAYS * 86_400_000;
  const bandsFrom = firstIdOf(now.getTime() - 30 * 86_400_000);
  await makeTexts(db);
  await db.connection().execute(async (own) => {
    await sql`set statement_timeout = 0`.execute(own);
    const indexes = await sql<{ name: string; definition: string }>`
      select indexname as name, indexdef as definition from pg_indexes where schemaname = 'public'
        and tablename in ('comment', 'queue_item') and indexname not like '%_pkey'`.execute(own);
    for (const { name } of indexes.rows) await sql.raw(`drop index ${name}`).execute(own);
    await sql`alter table comment disable trigger all`.execute(own);
    await sql`insert into post (site_id, id, url, title, created_at)
      select ${siteId}::uuid, 'post-' || n, 'https://news.example/' || n, 'Article ' || n, ${now}::timestamptz
      from generate_series(0, ${POSTS - 1}::int) n`.execute(own);
    await sql`insert into comment (id, site_id, post_id, author_name, author_email, author_email_loose, author_ip, content,
        content_hash, date_gmt, created_at, updated_at, status, verdict, disposition, log_odds, spam_probability,
        threshold_ham, threshold_spam, model_version, reasons, near_duplicate_bands, campaign_id)
      select id, ${siteId}::uuid, 'post-' || (at_number * 7919) % ${POSTS}::int, 'Reader ' || author, 'b1:' || md5('e' || author) || 'abcdefghijk',
        'b1:' || md5('l' || author) || 'abcdefghijk', 'b1:' || md5('i' || author) || 'abcdefghijk', text || ' no' || at_number,
        md5(at_number::text) || md5('h' || at_number), at, at, at, case when at_number % 10 = 0 then 'hold' else 'approved' end,
        case when at_number % 10 = 0 then 'unsure' else 'ham' end, case when at_number % 10 = 0 then 'hold' else 'publish' end, 0.1, 0.4,
        0.3, 0.65, 'starter', case when at_number % 10 = 0 then '[{"rule": "unsure", "disposition": "hold", "detail": "spam probability 0.400"}]'::jsonb else '[]' end,
        case when id >= ${bandsFrom}::uuid then array(select hashint4((at_number * 16 + b)::int) from generate_series(1, 16) b) end, id
      from (
        select n as at_number, to_timestamp(ms / 1000.0) as at, (n * 7919) % ${Math.max(1, Math.floor(count / 4))}::int as author,
          (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as id
        from (select n, ${begin}::bigint + n * ${Math.floor((DAYS * 86_400_000) / count)}::bigint as ms
          from generate_series(1, ${count}::bigint) n) numbers
      ) numbered join bench_text on bench_text.n = at_number % ${TEXTS}::int`.execute(own);
    await sql`insert into near_duplicate (site_id, band, comment_id)
      select site_id, band, id from comment cross join unnest(near_duplicate_bands) as band on conflict do nothing`.execute(
      own,
    );
    await sql`insert into queue_item (comment_id, site_id, post_id, campaign_id, created_at, risk, uncertainty, reasons,
        author_name, author_email_loose)
      select id, site_id, post_id, campaign_id, created_at, spam_probability, 0.8, array['unsure'], author_name,
        author_email_loose from comment where status = 'hold'`.execute(own);
    await sql`alter table comment enable trigger all`.execute(own);
    for (const { definition } of indexes.rows) await sql.raw(definition).execute(own);
    await sql`vacuum analyze`.execute(own);
    await sql`reset statement_timeout`.execute(own);
  });
}
