/** Who does something: an API key or a person. */

/** What a key or a person may do. `people` invites moderators; `admin` includes all others, on every site. */
export const SCOPES = ['submit', 'read', 'moderate', 'train', 'people', 'akismet', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Actor {
  readonly kind: 'key' | 'user' | 'system';
  readonly id: string;
  /** For people to read: the key's or the person's name. */
  readonly name: string;
  /** null: every site. */
  readonly siteId: string | null;
  readonly scopes: readonly Scope[];
}

/** The actor as stored with what it did. */
export function actorReference(actor: Actor): string {
  return `${actor.kind}:${actor.id}`;
}

export function hasScope(actor: Actor, scope: Scope): boolean {
  return actor.scopes.includes(scope) || actor.scopes.includes('admin');
}
