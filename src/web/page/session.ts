/** Who is signed in, as `GET /v1/session` tells. */

export interface SessionSite {
  readonly slug: string;
  readonly name: string;
  /** The house rules that a rejection may name, at most nine. */
  readonly reject_reasons: readonly string[];
}

export interface Session {
  readonly id: string;
  readonly name: string;
  readonly role: 'moderator' | 'senior' | 'admin';
  readonly sites: readonly SessionSite[];
}
