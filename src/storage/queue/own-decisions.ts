/** What one moderator did: for undoing it, and for a statistic that only they see. */
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DecisionKind, Status } from '../../core/comment.ts';
import type { Database } from '../schema/database.ts';
import { isAboutPresentText } from './decisions.ts';

export interface OwnDecision {
  readonly decision_id: string;
  readonly id: string;
  readonly decision: Exclude<DecisionKind, 'undo'>;
  readonly reason: string | null;
  readonly at: Date;
  readonly author_name: string;
  /** The beginning of the text. */
  readonly excerpt: string;
  readonly status: Status;
  /** It stands: neither undone nor followed by another, nor by another text. */
  readonly undoable: boolean;
  readonly undone: boolean;
}

const EXCERPT_CHARACTERS = 120;

/** The newest decisions of an actor on a site, newest first. */
export async function listOwnDecisions(
  db: Kysely<Database>,
  siteId: string,
  actor: string,
  limit: number,
): Promise<OwnDecision[]> {
  const result = await sql<OwnDecision>`
    select d.id as decision_id, d.comment_id as id, d.decision, d.reason, d.created_at as at, c.author_name,
      left(c.content, ${EXCERPT_CHARACTERS}) as excerpt, c.status,
      u.id is not null as undone,
      u.id is null and ${isAboutPresentText('d', 'c')} and not exists (
        select from decision later where later.comment_id = d.comment_id and later.id > d.id
          and later.decision <> 'undo'
          and not exists (select from decision undo where undo.undoes = later.id)) as undoable
    from (select * from decision where site_id = ${siteId}::uuid and actor = ${actor} and decision <> 'undo'
      order by id desc limit ${limit}) d
    join comment c on c.id = d.comment_id
    left join decision u on u.undoes = d.id
    order by d.id desc`.execute(db);
  return result.rows;
}

export interface OwnCounts {
  readonly decided: number;
  readonly undone: number;
  /** Between one decision and the next; null before there are two. */
  readonly medianSeconds: number | null;
}

/** A longer time between two decisions is a break. */
export const BREAK_SECONDS = 300;

/** What an actor decided since a decision id, decisions of one moment (a selection, a campaign) timed as one. */
export async function countOwnDecisions(
  db: Kysely<Database>,
  siteId: string,
  actor: string,
  sinceId: string,
): Promise<OwnCounts> {
  const result = await sql<OwnCounts>`
    with own as (
      select d.created_at, u.id is not null as undone
      from decision d left join decision u on u.undoes = d.id
      where d.site_id = ${siteId}::uuid and d.actor = ${actor} and d.id >= ${sinceId}::uuid
        and d.decision <> 'undo'
    ), gaps as (
      select extract(epoch from at - lag(at) over (order by at))::float8 as gap
      from (select distinct created_at as at from own) moments
    )
    select (select count(*)::int from own) as decided,
      (select count(*)::int from own where undone) as undone,
      (select percentile_cont(0.5) within group (order by gap) from gaps
        where gap <= ${BREAK_SECONDS}) as "medianSeconds"`.execute(db);
  return result.rows[0] ?? { decided: 0, undone: 0, medianSeconds: null };
}
