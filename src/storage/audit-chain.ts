/** Whether the audit log is as it was written. */
import type { Kysely } from 'kysely';
import { GENESIS, hashEntry, listAudit } from './audit.ts';
import type { Database } from './schema/database.ts';

/** `broken`: the first entry that is not as it was written, or whose predecessor is gone; null: the chain is whole. */
export interface AuditChain {
  readonly entries: number;
  /** The hash of the last entry: kept elsewhere, it shows later that the end was not cut off. */
  readonly head: string;
  readonly broken: { readonly seq: string; readonly why: string } | null;
}

const PAGE = 1000;

/** Recomputes every entry's hash. Memory does not grow with the log. */
export async function verifyAuditChain(db: Kysely<Database>): Promise<AuditChain> {
  let head = GENESIS;
  let entries = 0;
  for (let after = '0'; ; ) {
    const page = await listAudit(db, null, after, PAGE);
    const last = page.at(-1);
    if (!last) return { entries, head, broken: null };
    for (const row of page) {
      const why = findFault(row, head, entries + 1);
      if (why !== null) return { entries, head, broken: { seq: String(row.seq), why } };
      head = row.hash;
      entries += 1;
    }
    after = String(last.seq);
  }
}

function findFault(
  row: Awaited<ReturnType<typeof listAudit>>[number],
  previousHash: string,
  expectedSeq: number,
): string | null {
  if (String(row.seq) !== String(expectedSeq)) return `entry ${expectedSeq} is missing before it`;
  if (row.previous_hash !== previousHash) return 'it does not follow the entry before it';
  const entry = {
    siteId: row.site_id,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    detail: row.detail,
    at: row.created_at,
  };
  return hashEntry(String(row.seq), row.previous_hash, entry) === row.hash ? null : 'it was changed';
}
