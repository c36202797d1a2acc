/** The audit log: append-only, every entry sealed with the hash of the one before. */
import { createHash } from 'node:crypto';
import type { Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './schema/database.ts';
import type { AuditTable } from './schema/records.ts';

export type AuditRow = Selectable<AuditTable>;

export interface AuditEntry {
  readonly siteId: string | null;
  readonly actor: string;
  /** What was done, such as `model.activate`. */
  readonly action: string;
  readonly subject: string | null;
  /** Never content or personal data. */
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** Any fixed number: what serialises appenders, so that the chain has no forks. */
const AUDIT_LOCK = 7_210_431;
/** What the first entry follows. */
export const GENESIS = '0'.repeat(64);

export async function appendAudit(trx: Transaction<Database>, entry: AuditEntry): Promise<void> {
  await sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`.execute(trx);
  const last = await trx
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const seq = String(BigInt(last?.seq ?? 0) + 1n);
  const previousHash = last?.hash ?? GENESIS;
  await trx
    .insertInto('audit')
    .values({
      seq,
      site_id: entry.siteId,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      detail: JSON.stringify(entry.detail),
      created_at: entry.at,
      previous_hash: previousHash,
      hash: hashEntry(seq, previousHash, entry),
    })
    .execute();
}

/** SHA-256 over the entry's fields and the hash before it, in hex. */
export function hashEntry(seq: string, previousHash: string, entry: AuditEntry): string {
  const fields = [
    seq,
    previousHash,
    entry.siteId,
    entry.actor,
    entry.action,
    entry.subject,
    sortedJson(entry.detail),
    entry.at.toISOString(),
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** jsonb keeps neither the order of members nor white space: the hash is over members in sorted order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Entries after `afterSeq` in the order, null for its beginning; of one site, or of all for null. */
export async function listAudit(
  db: Kysely<Database>,
  siteId: string | null,
  afterSeq: string | null,
  limit: number,
  order: 'oldest' | 'newest' = 'oldest',
): Promise<AuditRow[]> {
  const oldest = order === 'oldest';
  return await db
    .selectFrom('audit')
    .selectAll()
    .$if(afterSeq !== null, (query) => query.where('seq', oldest ? '>' : '<', afterSeq))
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId))
    .orderBy('seq', oldest ? 'asc' : 'desc')
    .limit(limit)
    .execute();
}
