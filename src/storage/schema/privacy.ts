/** Declares the tables of erasures and what was deleted. */
import type { Timestamp } from './columns.ts';

export interface ErasureTable {
  site_id: string;
  pseudonym: string;
  erased_at: Timestamp;
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

/** Comments that were deleted because they were old, by the day in UTC on which they came. */
export interface ExpiredDayTable {
  site_id: string;
  /** `2026-11-25`. */
  day: string;
  submissions: number;
  /** By the filter's verdict. */
  spam: number;
}

/** A pseudonym key that this database was used with; the key itself is not in it. */
export interface PseudonymKeyTable {
  kid: string;
  /** Equal for equal keys; tells nothing of the key. */
  check_value: string;
  first_used_at: Timestamp;
}
