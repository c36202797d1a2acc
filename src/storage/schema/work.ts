/** Declares the tables of jobs and imports. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { BigInteger, NullableTimestamp, Timestamp } from './columns.ts';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface JobTable {
  id: string;
  site_id: string;
  kind: string;
  state: JobState;
  input: JSONColumnType<Record<string, unknown>>;
  done: Generated<number>;
  total: number | null;
  /** What it does just now, for kinds with several steps; `done` and `total` are of that. */
  phase: Generated<string | null>;
  result: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
  error: string | null;
  attempts: Generated<number>;
  /** Where its process was lost the last time, and how often one was lost there in a row. */
  lost_place: Generated<string | null>;
  losses: Generated<number>;
  cancel_requested: Generated<boolean>;
  created_by: string;
  created_at: Timestamp;
  started_at: NullableTimestamp;
  heartbeat_at: NullableTimestamp;
  finished_at: NullableTimestamp;
}

export interface ImportRunTable {
  id: string;
  site_id: string;
  job_id: string | null;
  format: string;
  /** The file's name, for people. */
  name: string | null;
  options: JSONColumnType<Record<string, unknown>>;
  /** How many parts there are, once all are there. */
  parts: number | null;
  size_bytes: BigInteger;
  /** How many records are done: where a repeated attempt goes on. */
  records: Generated<number>;
  added: Generated<number>;
  known: Generated<number>;
  refused: Generated<number>;
  passed_over: Generated<number>;
  /** Articles of the file that went into threads of other names, as they have one address. */
  merged: ColumnType<{ post: string; into: string }[], string | undefined, string>;
  created_by: string;
  created_at: Timestamp;
  finished_at: NullableTimestamp;
}

export interface ImportPartTable {
  import_id: string;
  part: number;
  /** The pseudonym key that `bytes` are encrypted under: exports hold addresses in clear. */
  kid: string;
  bytes: ColumnType<Uint8Array, Uint8Array, Uint8Array>;
}

export interface ImportRefusalTable {
  import_id: string;
  record: number;
  line: number;
  code: string;
  detail: string;
}
