/** Declares the tables of samples and models. */
import type { ColumnType, JSONColumnType } from 'kysely';
import type { Disposition, Label, Verdict } from '../../core/comment.ts';
import type { NullableTimestamp, Timestamp } from './columns.ts';

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
