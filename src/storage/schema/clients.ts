/** Declares the tables of clients of other services. */
import type { ColumnType, Generated } from 'kysely';
import type { Label } from '../../core/comment.ts';
import type { NullableTimestamp, Timestamp } from './columns.ts';

/** The Coral that may ask for a site. */
export interface CoralConnectionTable {
  site_id: string;
  /** The pseudonym key that `secrets` is encrypted under. */
  secrets_kid: string;
  secrets: ColumnType<Uint8Array, Uint8Array, Uint8Array>;
  created_at: Timestamp;
}

/** One answered check of an Akismet client; usage is counted from these. */
export interface AkismetCheckTable {
  /** The guid that the client was told, in its hyphened form. */
  id: string;
  site_id: string;
  key_id: string;
  /** The host that the client named as its own. */
  blog: string;
  /** null: nothing was stored, or it is deleted. */
  comment_id: string | null;
  spam: boolean;
  /** What the client later said it is. */
  feedback: Label | null;
  /** Where the client wants to hear of a moderator's decision. */
  callback: string | null;
  created_at: Timestamp;
}

/** A compatible key as its own callbacks have to name it, encrypted. */
export interface AkismetCallbackKeyTable {
  key_id: string;
  /** The pseudonym key that `sealed` is encrypted under. */
  kid: string;
  sealed: ColumnType<Uint8Array, Uint8Array, Uint8Array>;
}

/** A decision that an Akismet client is to be told. */
export interface AkismetCallbackTable {
  id: string;
  site_id: string;
  check_id: string;
  spam: boolean;
  attempts: Generated<number>;
  created_at: Timestamp;
  /** null: delivered or given up. */
  next_attempt_at: NullableTimestamp;
  delivered_at: NullableTimestamp;
  last_error: string | null;
}
