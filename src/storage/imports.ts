import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { CommentTable, PostTable, RemovedCommentTable } from './schema/comments.ts';
import type { Database } from './schema/database.ts';
import type { ImportRunTable } from './schema/work.ts';

export type ImportRunRow = Selectable<ImportRunTable>;

export async function insertImport(
  trx: Transaction<Database>,
  run: Insertable<ImportRunTable>,
): Promise<ImportRunRow> {
  return await trx.insertInto('import_run').values(run).returningAll().executeTakeFirstOrThrow();
}

export async function findImport(
  db: Kysely<Database>,
  siteId: string,
  id: string,
): Promise<ImportRunRow | null> {
  const row = await db
    .selectFrom('import_run')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function listImports(
  db: Kysely<Database>,
  siteId: string,
  limit: number,
): Promise<ImportRunRow[]> {
  return await db
    .selectFrom('import_run')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Keeps a part; one that is there already is replaced, so that a broken upload can be repeated. */
export async function putPart(
  db: Kysely<Database>,
  importId: string,
  part: number,
  kid: string,
  bytes: Uint8Array,
): Promise<void> {
  await db
    .insertInto('import_part')
    .values({ import_id: importId, part, kid, bytes })
    .onConflict((conflict) => conflict.columns(['import_id', 'part']).doUpdateSet({ kid, bytes }))
    .execute();
}

export async function readPart(
  db: Kysely<Database>,
  importId: string,
  part: number,
): Promise<{ kid: string; bytes: Uint8Array } | null> {
  const row = await db
    .selectFrom('import_part')
    .select(['kid', 'bytes'])
    .where('import_id', '=', importId)
    .where('part', '=', part)
    .executeTakeFirst();
  return row ?? null;
}

/** The parts that are there, in their order; `size` in bytes as kept. */
export async function listParts(
  db: Kysely<Database>,
  importId: string,
): Promise<{ part: number; size: number }[]> {
  return await db
    .selectFrom('import_part')
    .select(['part', sql<number>`length(bytes)`.as('size')])
    .where('import_id', '=', importId)
    .orderBy('part')
    .execute();
}

export async function deleteParts(db: Kysely<Database>, importId: string): Promise<void> {
  await db.deleteFrom('import_part').where('import_id', '=', importId).execute();
}

/** How many imports of a site wait for parts, and the bytes of the parts that are kept for it. */
export async function readImportLoad(
  db: Kysely<Database>,
  siteId: string,
): Promise<{ waiting: number; bytes: number }> {
  const { rows } = await sql<{ waiting: number; bytes: string }>`
    select (select count(*)::int from import_run where site_id = ${siteId} and job_id is null) as waiting,
      (select coalesce(sum(length(part.bytes)), 0) from import_part part
        join import_run run on run.id = part.import_id where run.site_id = ${siteId}) as bytes`.execute(db);
  const [load] = rows;
  return { waiting: load?.waiting ?? 0, bytes: Number(load?.bytes ?? 0) };
}

/** Deletes an import with its parts; false when it has been started and its job is not over. */
export async function deleteImport(trx: Transaction<Database>, id: string): Promise<boolean> {
  const row = await trx
    .deleteFrom('import_run')
    .where('id', '=', id)
    .where(
      sql<boolean>`not exists (select from job where job.id = job_id and job.state in ('queued', 'running'))`,
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ties the run to its job; false when it was started before. */
export async function startRun(
  db: Kysely<Database>,
  id: string,
  jobId: string,
  parts: number,
  sizeBytes: number,
): Promise<boolean> {
  const result = await db
    .updateTable('import_run')
    .set({ job_id: jobId, parts, size_bytes: sizeBytes })
    .where('id', '=', id)
    .where('job_id', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What a batch came to. */
export interface BatchCounts {
  readonly records: number;
  readonly added: number;
  readonly known: number;
  readonly refused: number;
  readonly passedOver: number;
  /** Articles of the file that went into threads of other names. */
  readonly merged?: readonly { readonly post: string; readonly into: string }[];
}

/** Notes a batch in the transaction that stores it, so that no record is done twice or left out. */
export async function noteBatch(
  trx: Transaction<Database>,
  id: string,
  batch: BatchCounts,
  refusals: readonly { record: number; line: number; code: string; detail: string }[],
): Promise<void> {
  await trx
    .updateTable('import_run')
    .set({
      records: sql<number>`records + ${batch.records}`,
      added: sql<number>`added + ${batch.added}`,
      known: sql<number>`known + ${batch.known}`,
      refused: sql<number>`refused + ${batch.refused}`,
      passed_over: sql<number>`passed_over + ${batch.passedOver}`,
      merged: sql<string>`merged || ${JSON.stringify(batch.merged ?? [])}::jsonb`,
    })
    .where('id', '=', id)
    .execute();
  if (refusals.length === 0) return;
  await trx
    .insertInto('import_refusal')
    .values(refusals.map((refusal) => ({ import_id: id, ...refusal })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function finishRun(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  await db.updateTable('import_run').set({ finished_at: at }).where('id', '=', id).execute();
}

export async function listRefusals(
  db: Kysely<Database>,
  id: string,
  limit: number,
): Promise<{ line: number; code: string; detail: string }[]> {
  return await db
    .selectFrom('import_refusal')
    .select(['line', 'code', 'detail'])
    .where('import_id', '=', id)
    .orderBy('record')
    .limit(limit)
    .execute();
}

/**
 * Sets a transaction up for a batch: its end does not wait for the disk, as what a crash of the machine takes is done
 * again (the batch and the note of it are one transaction), and the indexes of words have room to take many rows at once.
 */
export async function prepareBatch(trx: Transaction<Database>): Promise<void> {
  await sql`set local synchronous_commit = off`.execute(trx);
  await sql`set local work_mem = '64MB'`.execute(trx);
}

/** Posts that are new; of one that is there, what it lacks. */
export async function insertPosts(
  trx: Transaction<Database>,
  posts: readonly Insertable<PostTable>[],
): Promise<void> {
  if (posts.length === 0) return;
  await trx
    .insertInto('post')
    .values([...posts])
    .onConflict((conflict) =>
      conflict.columns(['site_id', 'id']).doUpdateSet({
        url: sql`coalesce(post.url, excluded.url)`,
        title: sql`coalesce(post.title, excluded.title)`,
      }),
    )
    .execute();
}

/** Closes what is open; what is closed stays so since when it was. */
export async function closePosts(
  db: Kysely<Database>,
  siteId: string,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('post')
    .set({ closed_at: at })
    .where('site_id', '=', siteId)
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .where('closed_at', 'is', null)
    .execute();
}

/** Lets the public see these comments once they are approved. */
export async function listComments(
  db: Kysely<Database>,
  siteId: string,
  ids: readonly string[],
): Promise<void> {
  await db
    .updateTable('comment')
    .set({ listed: true })
    .where('site_id', '=', siteId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
}

/**
 * Stores comments; one that is there already (by its id) or was deleted here for ever is passed over. Returns the ids of the
 * new ones.
 *
 * They go as one value: a statement with 15,000 values takes both sides longer to write and read.
 *
 * @param comments all with the same columns.
 */
export async function insertComments(
  trx: Transaction<Database>,
  comments: readonly Insertable<CommentTable>[],
): Promise<Set<string>> {
  const [first] = comments;
  if (first === undefined) return new Set();
  const columns = sql.join(Object.keys(first).map((name) => sql.ref(name)));
  const { rows } = await sql<{ id: string }>`
    insert into comment (${columns})
    select ${columns} from json_populate_recordset(null::comment, ${toJson(comments)}::json) given
    where not exists (
      select from tombstone t where t.site_id = given.site_id and t.kind = 'comment' and t.subject = given.id
    )
    on conflict (id) do nothing
    returning id`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

function toJson(comments: readonly Insertable<CommentTable>[]): string {
  const rows = comments.map(({ reasons, ...row }) => ({ ...row, reasons: JSON.parse(reasons) as unknown }));
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** What comments answer, for those that answer nothing yet; what is not there is answered by nobody. */
export async function setParents(
  db: Kysely<Database>,
  siteId: string,
  replies: readonly { readonly id: string; readonly parentId: string }[],
): Promise<void> {
  const ids = replies.map(({ id }) => id);
  const parents = replies.map(({ parentId }) => parentId);
  await sql`
    update comment set parent_id = parent.id
    from unnest(${ids}::uuid[], ${parents}::uuid[]) as late (id, parent_id)
    join (
      select id, site_id from comment union all select id, site_id from removed_comment
    ) parent on parent.id = late.parent_id and parent.site_id = ${siteId}::uuid
    where comment.id = late.id and comment.site_id = ${siteId}::uuid and comment.parent_id is null`.execute(
    db,
  );
}

/** Keeps where deleted comments stood, in threads that are there. */
export async function insertPlaces(
  db: Kysely<Database>,
  siteId: string,
  places: readonly Omit<Insertable<RemovedCommentTable>, 'site_id'>[],
): Promise<void> {
  await sql`
    insert into removed_comment (id, site_id, post_id, parent_id, date_gmt)
    select place.id, post.site_id, post.id, place.parent_id, place.date_gmt
    from json_populate_recordset(null::removed_comment, ${JSON.stringify(places)}::json) place
    join post on post.site_id = ${siteId}::uuid and post.id = place.post_id
    where not exists (select from comment where comment.id = place.id)
    on conflict do nothing`.execute(db);
}
