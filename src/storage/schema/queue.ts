/** Declares the tables of the review queue and decisions. */
import type { ColumnType, Generated } from 'kysely';
import type { DecisionKind, Label, Status } from '../../core/comment.ts';
import type { NullableTimestamp, Timestamp } from './columns.ts';

type Decided = Exclude<DecisionKind, 'undo' | 'escalate'>;

export interface QueueItemTable {
  comment_id: string;
  site_id: string;
  post_id: string;
  campaign_id: string | null;
  /** Since when it waits: later than the comment, when that was imported, edited or escalated. */
  created_at: Timestamp;
  /** 0…1, the riskiest first. */
  risk: number;
  /** 0…1, 1 on the decision boundary. */
  uncertainty: number;
  reasons: string[];
  escalated: Generated<boolean>;
  /** A random check of what went unseen, not a doubt. */
  audit: Generated<boolean>;
  /** The chance with which it was drawn for the audit, in (0, 0.5]; null: it was not. */
  audit_share: number | null;
  claimed_by: string | null;
  claimed_until: NullableTimestamp;
  /** Of the comment; the database puts it in small letters, and fills both where the name is left out. */
  author_name: Generated<string | null>;
  author_email_loose: Generated<string | null>;
  /** Of its text, such as `de`; null: not known, for it takes some words. */
  language: Generated<string | null>;
}

export interface DecisionTable {
  id: string;
  site_id: string;
  comment_id: string;
  actor: string;
  actor_name: string;
  decision: DecisionKind;
  reason: string | null;
  note: string | null;
  status_before: Status;
  status_after: Status;
  label_before: Label | null;
  label_after: Label | null;
  /** The queue item as it stood, so that an undo puts it back. */
  queue_before: ColumnType<Record<string, unknown> | null, string | null, never>;
  /** The decision that this one takes back. */
  undoes: string | null;
  created_at: Timestamp;
}

/** A decided comment that a second moderator decides on without knowing the first decision. */
export interface SecondLookTable {
  comment_id: string;
  site_id: string;
  decision_id: string;
  first_actor: string;
  first_decision: Decided;
  /** The rules that held the comment. */
  reasons: string[];
  drawn_at: Timestamp;
  second_actor: string | null;
  second_decision: Decided | null;
  second_reason: string | null;
  decided_at: NullableTimestamp;
}

/** What a moderator writes on a comment for the others. */
export interface NoteTable {
  id: string;
  site_id: string;
  comment_id: string;
  actor: string;
  actor_name: string;
  text: string;
  created_at: Timestamp;
}

export interface OverdueAlarmTable {
  site_id: string;
  told_at: Timestamp;
}
