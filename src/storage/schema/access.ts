/** Declares the tables of keys, users and sessions. */
import type { ColumnType } from 'kysely';
import type { NullableTimestamp, Timestamp } from './columns.ts';

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
