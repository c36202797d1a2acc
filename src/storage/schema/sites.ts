/** Declares the tables of sites and their rules. */
import type { Generated, JSONColumnType } from 'kysely';
import type { Disposition } from '../../core/comment.ts';
import type { NullableTimestamp, Timestamp } from './columns.ts';

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

export interface RuleTable {
  id: string;
  site_id: string;
  kind: string;
  pattern: string;
  options: JSONColumnType<Record<string, unknown>>;
  disposition: Disposition;
  note: string | null;
  /** A rule that is switched off is kept and does nothing. */
  enabled: Generated<boolean>;
  created_by: string;
  created_at: Timestamp;
  expires_at: NullableTimestamp;
}
