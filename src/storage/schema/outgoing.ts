/** Declares the tables of webhooks. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

/** Why a webhook gets nothing: somebody asked for it, or its address answered 410. */
export type WebhookDisabled = 'asked' | 'gone';

export interface WebhookTable {
  id: string;
  site_id: string;
  url: string;
  description: string;
  events: string[];
  /** The pseudonym key that `secret` is encrypted under. */
  secret_kid: string;
  secret: ColumnType<Uint8Array, Uint8Array, Uint8Array>;
  /** The secret before the last rotation: signs, too, until `previous_until`. */
  previous_secret_kid: string | null;
  previous_secret: ColumnType<Uint8Array | null, Uint8Array | null | undefined, Uint8Array | null>;
  previous_until: NullableTimestamp;
  /** Failed attempts since the last delivery that arrived. */
  failures: Generated<number>;
  /** Until then nothing is sent: the receiver failed or asked for it. */
  paused_until: NullableTimestamp;
  disabled_at: NullableTimestamp;
  disabled_why: ColumnType<
    WebhookDisabled | null,
    WebhookDisabled | null | undefined,
    WebhookDisabled | null
  >;
  created_by: string;
  created_at: Timestamp;
}

export type DeliveryState = 'waiting' | 'delivered' | 'dead';

/** One message to one webhook: the outbox while it waits, the log afterwards. */
export interface WebhookDeliveryTable {
  id: Generated<string>;
  webhook_id: string;
  site_id: string;
  event: string;
  subject: string | null;
  /** Ids, counts and words of ours: never content or personal data. */
  data: JSONColumnType<Record<string, unknown>>;
  created_at: Timestamp;
  state: Generated<DeliveryState>;
  attempts: Generated<number>;
  next_at: Timestamp;
  /** A process is sending it, and is lost when that takes longer. */
  taken_until: NullableTimestamp;
  finished_at: NullableTimestamp;
}

export interface WebhookAttemptTable {
  delivery_id: string;
  at: Timestamp;
  duration_ms: number;
  /** The answer's status; null when there was none. */
  status: number | null;
  failure: string | null;
}
