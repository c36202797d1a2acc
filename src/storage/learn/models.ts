import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import type { ModelState, ModelTable } from '../schema/learn.ts';

/** A model's row without its bytes. */
export type ModelRow = Omit<Selectable<ModelTable>, 'bytes'>;

const columns = [
  'version',
  'site_id',
  'state',
  'sha256',
  'size_bytes',
  'metrics',
  'report',
  'provenance',
  'created_by',
  'created_at',
  'activated_at',
] as const;

export async function insertModel(db: Kysely<Database>, model: Insertable<ModelTable>): Promise<void> {
  await db
    .insertInto('model')
    .values(model)
    .onConflict((conflict) => conflict.column('version').doNothing())
    .execute();
}

export async function listModels(db: Kysely<Database>, siteId: string): Promise<ModelRow[]> {
  return await db
    .selectFrom('model')
    .select(columns)
    .where('site_id', '=', siteId)
    .orderBy('created_at', 'desc')
    .orderBy('version', 'desc')
    .limit(200)
    .execute();
}

export async function findModel(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<ModelRow | null> {
  const row = await db
    .selectFrom('model')
    .select(columns)
    .where('version', '=', version)
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * The stored bytes and the checksum they should have; of the site's own models and the shipped ones. More than `most`
 * bytes are not read: `bytes` is null.
 */
export async function readModelBytes(
  db: Kysely<Database>,
  siteId: string,
  version: string,
  most: number,
): Promise<{ bytes: Uint8Array | null; sha256: string; size_bytes: number } | null> {
  const row = await db
    .selectFrom('model')
    .select(['sha256', 'size_bytes'])
    .select((of) =>
      of.case().when('size_bytes', '<=', most).then(of.ref('bytes')).else(null).end().as('bytes'),
    )
    .where('version', '=', version)
    .where((of) => of.or([of('site_id', '=', siteId), of('site_id', 'is', null)]))
    .executeTakeFirst();
  return row ?? null;
}

/**
 * The active models of all sites but these, at most so many, and whether their bytes are what was stored: the database
 * sums them up, so that none is sent.
 */
export async function checkActiveModels(
  db: Kysely<Database>,
  except: readonly string[],
  limit: number,
): Promise<{ version: string; sound: boolean }[]> {
  const { rows } = await sql<{ version: string; sound: boolean }>`
    select active.version, coalesce(encode(sha256(model.bytes), 'hex') = model.sha256, false) as sound
    from (select distinct active_model as version from site
      where active_model is not null and active_model <> all(${[...except]}::text[]) limit ${limit}) as active
    left join model on model.version = active.version`.execute(db);
  return rows;
}

export async function setModelState(
  trx: Transaction<Database>,
  version: string,
  state: ModelState,
  activatedAt?: Date,
): Promise<void> {
  await trx
    .updateTable('model')
    .set({ state, ...(activatedAt ? { activated_at: activatedAt } : {}) })
    .where('version', '=', version)
    .execute();
}

/** What the gate says of a version now; one that was active already keeps its state. */
export async function setModelGate(
  trx: Transaction<Database>,
  version: string,
  gate: { readonly passed: boolean },
): Promise<void> {
  await trx
    .updateTable('model')
    .set({ report: sql`report || jsonb_build_object('gate', ${JSON.stringify(gate)}::jsonb)` })
    .where('version', '=', version)
    .execute();
  await trx
    .updateTable('model')
    .set({ state: gate.passed ? 'candidate' : 'refused' })
    .where('version', '=', version)
    .where('state', 'in', ['candidate', 'refused'])
    .execute();
}

export async function retireActiveModel(trx: Transaction<Database>, siteId: string): Promise<void> {
  await trx
    .updateTable('model')
    .set({ state: 'retired' })
    .where('site_id', '=', siteId)
    .where('state', '=', 'active')
    .execute();
}
