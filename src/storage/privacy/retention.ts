/** What is deleted because it is old. */
import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema/database.ts';

/** What each site has set about its age of things; what it has not set is not there. */
export async function listRetentionSettings(
  db: Kysely<Database>,
): Promise<{ id: string; settings: Record<string, unknown> }[]> {
  const { rows } = await sql<{ id: string; settings: Record<string, unknown> }>`
    select id, coalesce((
      select jsonb_object_agg(key, value) from jsonb_each(settings)
      where key in ('delete_spam_after_days', 'forget_visitors_after_days')
    ), '{}') as settings from site order by id`.execute(db);
  return rows;
}

/**
 * Deletes comments from before an id that went to spam or trash without a human: the oldest first, at most `limit`, none
 * that somebody decided, that waits for a look, or that an import brought. Their days keep their numbers. Returns how
 * many there were.
 */
export async function expireUnseenSpam(
  db: Kysely<Database>,
  siteId: string,
  beforeId: string,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ expired: number }>`
    with gone as (
      delete from comment where id in (
        select c.id from comment c
        where c.site_id = ${siteId} and c.id < ${beforeId}
          and c.status in ('spam', 'trash') and c.label is null and c.disposition in ('spam', 'discard')
          and not c.reasons @> '[{"rule": "imported"}]'
          and not exists (select from queue_item q where q.comment_id = c.id)
          and not exists (select from decision d where d.comment_id = c.id)
        order by c.id limit ${limit} for update skip locked
      ) returning created_at, verdict
    ), noted as (
      insert into expired_day (site_id, day, submissions, spam)
      select ${siteId}::uuid, (created_at at time zone 'UTC')::date, count(*), count(*) filter (where verdict = 'spam')
      from gone group by 2
      on conflict (site_id, day) do update set
        submissions = expired_day.submissions + excluded.submissions, spam = expired_day.spam + excluded.spam
    ) select count(*)::int as expired from gone`.execute(db);
  return rows[0]?.expired ?? 0;
}

/**
 * Takes IP pseudonyms, user agents and referrers from comments from before an id, the oldest first, at most `limit`.
 * Returns from how many.
 */
export async function forgetVisitors(
  db: Kysely<Database>,
  siteId: string,
  beforeId: string,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    update comment set author_ip = null, author_user_agent = null, referrer = null where id in (
      select id from comment
      where site_id = ${siteId} and id < ${beforeId}
        and (author_ip is not null or author_user_agent is not null or referrer is not null)
      order by id limit ${limit} for update skip locked
    )`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Forgets the bands of comments from before an id, at most `limit`; they stay with the comments. Returns how many. The
 * table is read from its beginning, where the oldest are.
 */
export async function deleteNearDuplicates(
  db: Kysely<Database>,
  beforeId: string,
  limit: number,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from near_duplicate where (site_id, band, comment_id) in (
      select site_id, band, comment_id from near_duplicate where comment_id < ${beforeId}::uuid limit ${limit}
    )`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** How many comments of each day are gone by their age, from a day on (`2026-11-25`). */
export async function listExpiredDays(
  db: Kysely<Database>,
  siteId: string,
  since: string,
): Promise<{ day: string; submissions: number; spam: number }[]> {
  return await db
    .selectFrom('expired_day')
    .select(['day', 'submissions', 'spam'])
    .where('site_id', '=', siteId)
    .where('day', '>=', since)
    .execute();
}
