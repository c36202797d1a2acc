/** What became of the comments that were drawn for the audit. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { AuditSums } from '../../core/evaluation/spot-check-estimate.ts';
import type { Database } from '../schema/database.ts';

/** `published`: shown unseen. `marked_spam`: put away unseen because the filter believed it to be spam. */
export type AuditKind = 'published' | 'marked_spam';

const NOTHING: AuditSums = {
  waiting: 0,
  judged: 0,
  wrong: 0,
  weight: 0,
  squaredWeight: 0,
  wrongWeight: 0,
};

/**
 * Sums over the drawn comments of a site, by kind. What the site's own rules put away without the filter's verdict is
 * not among them. An undone decision counts as not made, a corrected one as corrected.
 */
export async function sumAuditDraws(
  db: Kysely<Database>,
  siteId: string,
): Promise<Record<AuditKind, AuditSums>> {
  const judged = await sql<{ kind: AuditKind } & Omit<AuditSums, 'waiting'>>`
    select kind, count(*)::int as judged, (count(*) filter (where wrong))::int as wrong,
      sum(w) as weight, sum(w * w) as "squaredWeight", coalesce(sum(w) filter (where wrong), 0) as "wrongWeight"
    from (
      select distinct on (d.comment_id)
        case when d.status_before = 'approved' then 'published' else 'marked_spam' end as kind,
        coalesce(c.label = case when d.status_before = 'approved' then 'spam' else 'ham' end, false) as wrong,
        1 / (d.queue_before ->> 'audit_share')::float8 as w
      from decision d join comment c on c.id = d.comment_id
      where d.site_id = ${siteId} and (d.queue_before ->> 'audit')::boolean and d.decision <> 'escalate'
        and (d.queue_before ->> 'audit_share')::float8 > 0
        and (d.status_before = 'approved' or c.verdict = 'spam')
        and not exists (select from decision undo where undo.undoes = d.id)
      order by d.comment_id, d.id
    ) drawn group by kind`.execute(db);
  const waiting = await sql<{ kind: AuditKind; waiting: number }>`
    select case when c.status = 'approved' then 'published' else 'marked_spam' end as kind, count(*)::int as waiting
    from queue_item q join comment c on c.id = q.comment_id
    where q.site_id = ${siteId} and q.audit and (c.status = 'approved' or c.verdict = 'spam')
    group by 1`.execute(db);
  const sumsOf = (kind: AuditKind): AuditSums => ({
    ...NOTHING,
    ...judged.rows.find((row) => row.kind === kind),
    waiting: waiting.rows.find((row) => row.kind === kind)?.waiting ?? 0,
  });
  return { published: sumsOf('published'), marked_spam: sumsOf('marked_spam') };
}

/** How many of the comments that were held for a human are labelled by now. */
export async function countHeldLabels(
  db: Kysely<Database>,
  siteId: string,
): Promise<{ ham: number; spam: number }> {
  return await db
    .selectFrom('comment')
    .select([
      sql<number>`(count(*) filter (where label = 'ham'))::int`.as('ham'),
      sql<number>`(count(*) filter (where label = 'spam'))::int`.as('spam'),
    ])
    .where('site_id', '=', siteId)
    .where('label', 'is not', null)
    .where('disposition', '=', 'hold')
    .executeTakeFirstOrThrow();
}
