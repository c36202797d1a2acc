/** Declares the tables of posts and their comments. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Disposition, Label, Status, Verdict } from '../../core/comment.ts';
import type { ReasonCode } from '../../core/reasons.ts';
import type { NullableTimestamp, Timestamp } from './columns.ts';

export interface PostTable {
  site_id: string;
  /** The site's own id of its article. */
  id: string;
  url: string | null;
  title: string | null;
  closed_at: NullableTimestamp;
  /** Whether every comment on it is held, whatever the site's settings say. */
  premoderated: Generated<boolean>;
  created_at: Timestamp;
}

/** The place of a deleted comment that others had answered. */
export interface RemovedCommentTable {
  id: string;
  site_id: string;
  post_id: string;
  parent_id: string | null;
  date_gmt: Timestamp;
}

/** Another name of a thread: an address, or what it was called before it was renamed or merged. */
export interface PostAliasTable {
  site_id: string;
  alias: string;
  post_id: string;
}

/** A policy finding as stored with a comment. */
export interface StoredReason {
  rule: ReasonCode | `rule:${string}`;
  disposition: Disposition;
  detail: string;
}

export interface CommentTable {
  id: string;
  site_id: string;
  post_id: string;
  /** Also of what was deleted since: then `removed_comment` has its place. */
  parent_id: string | null;
  author_name: string;
  author_url: string | null;
  author_user_agent: string | null;
  referrer: string | null;
  /** Pseudonym of the strict form: identity and requests by the person. */
  author_email: string | null;
  /** Pseudonym of the loose form: counting abuse. */
  author_email_loose: string | null;
  author_ip: string | null;
  content: string;
  content_hash: string;
  date_gmt: Timestamp;
  created_at: Timestamp;
  updated_at: Timestamp;
  status: Status;
  verdict: Verdict;
  disposition: Disposition;
  /** null when scoring failed: the comment is then held. */
  log_odds: number | null;
  spam_probability: number | null;
  threshold_ham: number;
  threshold_spam: number;
  model_version: string;
  reasons: ColumnType<StoredReason[], string, string>;
  label: Label | null;
  /** The actor who gave the label, `key:ID` or `user:ID`. */
  label_by: string | null;
  labelled_at: NullableTimestamp;
  version: Generated<number>;
  /** What its near-copies share; the database keeps `near_duplicate` by it. null: too short a text, or an old one. */
  near_duplicate_bands: number[] | null;
  campaign_id: string | null;
  /** The content hash of the first 32,000 characters of a longer text; null: the text is not longer. */
  prefix_hash: ColumnType<string | null, string | null | undefined, string | null>;
  /** What WordPress's clients know it by: given by the database, unique among all sites. */
  number: GeneratedAlways<string>;
  /** When its text was last replaced; null: it is the one that came. */
  edited_at: NullableTimestamp;
  /** What an Akismet client calls it, such as `trackback`; null: a reader's comment. */
  comment_type: ColumnType<string | null, string | null | undefined, string | null>;
  /** Whether the public may see it once it is approved; false for what an Akismet client had checked. */
  listed: Generated<boolean>;
}

/** The comments of a site by their bands. */
export interface NearDuplicateTable {
  site_id: string;
  band: number;
  comment_id: string;
}

export interface IdempotencyTable {
  key_id: string;
  idempotency_key: string;
  fingerprint: string;
  status: number;
  location: string | null;
  body: string;
  created_at: Timestamp;
}

export interface SpentChallengeTable {
  site_id: string;
  nonce: string;
  expires_at: Timestamp;
}
