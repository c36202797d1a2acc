import type { Insertable, Kysely, Selectable, Transaction, Updateable } from 'kysely';
import type { Label, Status } from '../core/comment.ts';
import type { StoredReason } from './schema/comments.ts';
import type { Database } from './schema/database.ts';
import type { RuleTable } from './schema/sites.ts';

export type RuleRow = Selectable<RuleTable>;

/** The rules of a site, oldest first. */
export async function listRules(db: Kysely<Database>, siteId: string): Promise<RuleRow[]> {
  return await db.selectFrom('rule').selectAll().where('site_id', '=', siteId).orderBy('id').execute();
}

export async function findRule(db: Kysely<Database>, siteId: string, id: string): Promise<RuleRow | null> {
  const row = await db
    .selectFrom('rule')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertRule(trx: Transaction<Database>, rule: Insertable<RuleTable>): Promise<RuleRow> {
  return await trx.insertInto('rule').values(rule).returningAll().executeTakeFirstOrThrow();
}

export async function updateRule(
  trx: Transaction<Database>,
  siteId: string,
  id: string,
  change: Updateable<RuleTable>,
): Promise<RuleRow | null> {
  const row = await trx
    .updateTable('rule')
    .set(change)
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function deleteRule(trx: Transaction<Database>, siteId: string, id: string): Promise<boolean> {
  const result = await trx
    .deleteFrom('rule')
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** What a dry run may look at of a stored comment. */
export interface RuleSubject {
  readonly id: string;
  readonly content: string;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly author_email_loose: string | null;
  readonly author_ip: string | null;
  readonly reasons: readonly StoredReason[];
  readonly created_at: Date;
  readonly status: Status;
  readonly label: Label | null;
  readonly post_created_at: Date;
}

const PAGE = 1000;

/** The newest comments of a site, in pages, up to `most`. */
export async function* readNewestComments(
  db: Kysely<Database>,
  siteId: string,
  most: number,
): AsyncGenerator<RuleSubject[]> {
  let before: string | null = null;
  for (let left = most; left > 0; ) {
    const after: string | null = before;
    const page: RuleSubject[] = await db
      .selectFrom('comment')
      .innerJoin('post', (join) =>
        join.onRef('post.site_id', '=', 'comment.site_id').onRef('post.id', '=', 'comment.post_id'),
      )
      .select([
        'comment.id',
        'comment.content',
        'comment.author_name',
        'comment.author_url',
        'comment.author_email_loose',
        'comment.author_ip',
        'comment.reasons',
        'comment.created_at',
        'comment.status',
        'comment.label',
        'post.created_at as post_created_at',
      ])
      .where('comment.site_id', '=', siteId)
      .$if(after !== null, (query) => query.where('comment.id', '<', after ?? ''))
      .orderBy('comment.id', 'desc')
      .limit(Math.min(PAGE, left))
      .execute();
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    left -= page.length;
    before = last.id;
  }
}
