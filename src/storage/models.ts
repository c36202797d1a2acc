import type { Insertable, Kysely, Selectable, Transaction } from 'kysely';
import type { Database, ModelState, ModelTable } from './database.ts';

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

/** The stored bytes and the checksum they should have; of the site's own models and the shipped ones. */
export async function readModelBytes(
  db: Kysely<Database>,
  siteId: string,
  version: string,
): Promise<{ bytes: Uint8Array; sha256: string } | null> {
  const row = await db
    .selectFrom('model')
    .select(['bytes', 'sha256'])
    .where('version', '=', version)
    .where((of) => of.or([of('site_id', '=', siteId), of('site_id', 'is', null)]))
    .executeTakeFirst();
  return row ?? null;
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

export async function retireActiveModel(trx: Transaction<Database>, siteId: string): Promise<void> {
  await trx
    .updateTable('model')
    .set({ state: 'retired' })
    .where('site_id', '=', siteId)
    .where('state', '=', 'active')
    .execute();
}
