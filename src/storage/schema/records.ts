/** Declares the tables of events and the audit log. */
import type { Generated, JSONColumnType } from 'kysely';
import type { BigInteger, Timestamp } from './columns.ts';

export interface EventTable {
  seq: Generated<string>;
  site_id: string;
  kind: string;
  subject: string | null;
  data: JSONColumnType<Record<string, unknown>>;
  created_at: Timestamp;
}

export interface AuditTable {
  seq: BigInteger;
  site_id: string | null;
  actor: string;
  action: string;
  subject: string | null;
  detail: JSONColumnType<Record<string, unknown>>;
  created_at: Timestamp;
  previous_hash: string;
  hash: string;
}
