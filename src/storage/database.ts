/** The tables as Kysely sees them; `migrations/` makes them. */
import type {
  ColumnType,
  Generated,
  GeneratedAlways,
  JSONColumnType,
  Transaction as KyselyTransaction,
} from 'kysely';
import type { DecisionKind, Disposition, Label, Status, Verdict } from '../core/comment.ts';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** `bigint`: comes back as a decimal string, so that no digit is lost. */
type BigInteger = ColumnType<string, string | bigint | number, string | bigint | number>;

export interface SiteTable {
  id: string;
  slug: string;
  name: string;
  url: string | null;
  settings: JSONColumnType<Record<string, unknown>>;
  active_model: string | null;
  /** Grows with every change of settings, rules or active model: what a process compares to know it is stale. */
  revision: Generated<number>;
  created_at: Timestamp;
}

export interface ApiKeyTable {
  id: string;
  /** null: an admin key, good for every site. */
  site_id: string | null;
  name: string;
  secret_sha256: string;
  scopes: string[];
  allowed_origins: string[];
  /** Requests a minute; null: the usual. */
  rate_limit: ColumnType<number | null, number | null | undefined, number | null>;
  created_at: Timestamp;
  expires_at: NullableTimestamp;
  revoked_at: NullableTimestamp;
  last_used_at: NullableTimestamp;
}

export interface PostTable {
  site_id: string;
  /** The site's own id of its article. */
  id: string;
  url: string | null;
  title: string | null;
  closed_at: NullableTimestamp;
  created_at: Timestamp;
}

/** A policy finding as stored with a comment. */
export interface StoredReason {
  rule: string;
  disposition: Disposition;
  detail: string;
}

export interface CommentTable {
  id: string;
  site_id: string;
  post_id: string;
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
  near_duplicate_hash: ColumnType<string | null, string | bigint | null | undefined, string | bigint | null>;
  near_duplicate_bands: number[] | null;
  campaign_id: string | null;
  /** The content hash of the first 32,000 characters of a longer text; null: the text is not longer. */
  prefix_hash: ColumnType<string | null, string | null | undefined, string | null>;
  /** What WordPress's clients know it by: given by the database, unique among all sites. */
  number: GeneratedAlways<string>;
  /** When its text was last replaced; null: it is the one that came. */
  edited_at: NullableTimestamp;
  /** Whether the public may see it once it is approved; false for what an Akismet client had checked. */
  listed: Generated<boolean>;
}

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
  /** Of the comment, in small letters; like the next one filled by the database. */
  author_name: Generated<string | null>;
  author_email_loose: Generated<string | null>;
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

export interface SampleTable {
  id: string;
  site_id: string;
  content: string;
  author_name: string | null;
  author_url: string | null;
  label: Label;
  /** Where it came from: `upload`, `akismet`, `import:wxr` … */
  source: string;
  actor: string;
  content_hash: string;
  created_at: Timestamp;
}

export type ModelState = 'candidate' | 'refused' | 'shadow' | 'active' | 'retired';

export interface ModelTable {
  version: string;
  /** null: a shipped starter filter, kept so that its verdicts can be recomputed after an upgrade. */
  site_id: string | null;
  state: ModelState;
  bytes: ColumnType<Uint8Array, Uint8Array, never>;
  sha256: string;
  size_bytes: number;
  metrics: JSONColumnType<Record<string, unknown>>;
  report: JSONColumnType<Record<string, unknown>>;
  provenance: JSONColumnType<Record<string, unknown>>;
  created_by: string;
  created_at: Timestamp;
  activated_at: NullableTimestamp;
}

export interface ModelReportTable {
  model_version: string;
  report: JSONColumnType<Record<string, unknown>>;
  created_at: Timestamp;
}

/** A comment on which a candidate and the filter that was active then differ. */
export interface ModelFlipTable {
  model_version: string;
  /** From 0, the largest change first. */
  rank: number;
  site_id: string;
  comment_id: string;
  /** Whether a human had decided on it; else it waited. */
  decided: boolean;
  label: Label | null;
  from_verdict: Verdict;
  to_verdict: Verdict;
  from_probability: number;
  to_probability: number;
}

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
  cancel_requested: Generated<boolean>;
  created_by: string;
  created_at: Timestamp;
  started_at: NullableTimestamp;
  heartbeat_at: NullableTimestamp;
  finished_at: NullableTimestamp;
}

export interface IdempotencyTable {
  key_id: string;
  idempotency_key: string;
  fingerprint: string;
  /** null while the first call still runs. */
  status: number | null;
  location: string | null;
  body: string | null;
  created_at: Timestamp;
}

export interface SpentChallengeTable {
  site_id: string;
  nonce: string;
  expires_at: Timestamp;
}

/** Comments that were deleted because they were old, by the day in UTC on which they came. */
export interface ExpiredDayTable {
  site_id: string;
  /** `2026-11-25`. */
  day: string;
  submissions: number;
  /** By the filter's verdict. */
  spam: number;
}

export interface RuleTable {
  id: string;
  site_id: string;
  kind: string;
  pattern: string;
  options: JSONColumnType<Record<string, unknown>>;
  disposition: Disposition;
  note: string | null;
  created_by: string;
  created_at: Timestamp;
  expires_at: NullableTimestamp;
}

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

/** What a person may do on a site; see moderation/access/users.ts. */
export type PersonRole = 'moderator' | 'senior' | 'admin';

export interface PersonTable {
  id: string;
  /** null: every site. */
  site_id: string | null;
  name: string;
  role: PersonRole;
  /** The pseudonym of the e-mail address that is signed in with. */
  login: string;
  /** `scrypt$N$r$p$salt$hash`; null until the invitation is accepted. */
  password: string | null;
  created_by: string;
  created_at: Timestamp;
  disabled_at: NullableTimestamp;
  last_seen_at: NullableTimestamp;
}

export interface InvitationTable {
  token_sha256: string;
  person_id: string;
  created_at: Timestamp;
  expires_at: Timestamp;
  used_at: NullableTimestamp;
}

export interface SessionTable {
  token_sha256: string;
  person_id: string;
  created_at: Timestamp;
  seen_at: Timestamp;
  expires_at: Timestamp;
}

export interface SignInFailureTable {
  /** `login:…` or `address:…`, pseudonyms both. */
  subject: string;
  failures: number;
  since: Timestamp;
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

type Decided = Exclude<DecisionKind, 'undo' | 'escalate'>;

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

export interface ErasureTable {
  site_id: string;
  pseudonym: string;
  erased_at: Timestamp;
}

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

export interface OverdueAlarmTable {
  site_id: string;
  told_at: Timestamp;
}

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

export type TombstoneKind = 'comment' | 'sample' | 'mention';

/** A tombstone; `mention`: of a comment that stays, and out of whose text an address was cut. */
export interface TombstoneTable {
  /** No foreign key: it outlives its site. */
  site_id: string;
  kind: TombstoneKind;
  subject: string;
  erased_at: Timestamp;
}

/** A candidate that scores beside the active filter, without effect. */
export interface ShadowRunTable {
  id: string;
  site_id: string;
  model_version: string;
  started_by: string;
  started_at: Timestamp;
  /** null: it runs. */
  stopped_at: NullableTimestamp;
}

/** One comment under both: what happened, and what would have. */
export interface ShadowScoreTable {
  comment_id: string;
  site_id: string;
  model_version: string;
  active_version: string;
  active_verdict: Verdict;
  active_disposition: Disposition;
  shadow_verdict: Verdict;
  shadow_disposition: Disposition;
  /** The candidate's; null when it failed on the comment. */
  spam_probability: number | null;
  /** Verdict or disposition. */
  differs: boolean;
}

export interface Database {
  akismet_check: AkismetCheckTable;
  akismet_callback_key: AkismetCallbackKeyTable;
  akismet_callback: AkismetCallbackTable;
  site: SiteTable;
  api_key: ApiKeyTable;
  post: PostTable;
  comment: CommentTable;
  queue_item: QueueItemTable;
  decision: DecisionTable;
  sample: SampleTable;
  model: ModelTable;
  model_report: ModelReportTable;
  model_flip: ModelFlipTable;
  job: JobTable;
  idempotency: IdempotencyTable;
  spent_challenge: SpentChallengeTable;
  expired_day: ExpiredDayTable;
  rule: RuleTable;
  import_run: ImportRunTable;
  import_part: ImportPartTable;
  import_refusal: ImportRefusalTable;
  tombstone: TombstoneTable;
  event: EventTable;
  audit: AuditTable;
  person: PersonTable;
  invitation: InvitationTable;
  session: SessionTable;
  sign_in_failure: SignInFailureTable;
  second_look: SecondLookTable;
  note: NoteTable;
  erasure: ErasureTable;
  webhook: WebhookTable;
  webhook_delivery: WebhookDeliveryTable;
  webhook_attempt: WebhookAttemptTable;
  overdue_alarm: OverdueAlarmTable;
  coral_connection: CoralConnectionTable;
  shadow_run: ShadowRunTable;
  shadow_score: ShadowScoreTable;
}

/** What a write that must be atomic asks for. */
export type Transaction = KyselyTransaction<Database>;
