/** People: who moderates, with which role, invited by a link that works once. */
import { createHash } from 'node:crypto';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import {
  closeInvitations,
  deleteSessions,
  findPerson,
  insertInvitation,
  insertPerson,
  listPeople,
  listPeopleByLogin,
  type PersonRow,
  updatePerson,
} from '../../storage/access/users.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import type { PersonRole } from '../../storage/schema/access.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference, hasScope, type Scope } from '../actor.ts';
import { canonicaliseEmail, pseudonymiseEmail } from '../privacy/pseudonymise.ts';
import { RefusedError } from '../refused-error.ts';

/** A person as an admin sees it: never the address, which is not kept. */
export interface PersonView {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly role: PersonRole;
  /** Whether the invitation was accepted. */
  readonly joined: boolean;
  readonly created_at: string;
  readonly disabled_at: string | null;
  readonly last_seen_at: string | null;
}

export interface NewPerson {
  /** null: every site, which only an actor of every site may ask for. */
  readonly siteId: string | null;
  readonly name: string;
  readonly email: string;
  readonly role: PersonRole;
}

/** What a role may do. A person of every site with the role admin is the admin of the whole service. */
export const ROLE_SCOPES: Readonly<Record<PersonRole, readonly Scope[]>> = {
  moderator: ['read', 'moderate'],
  senior: ['read', 'moderate'],
  admin: ['read', 'moderate', 'train', 'people'],
};

const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;
/** One pseudonym for all sites: who signs in names an address and no site. */
const LOGIN_REALM = 'people';

/** The pseudonyms that an e-mail address signs in by, newest first; null when it is no address. */
export function loginsOf(service: Service, email: string): readonly string[] | null {
  const canonical = canonicaliseEmail(email);
  if (canonical === null) return null;
  return pseudonymiseEmail(service.config.pseudonymKeys, LOGIN_REALM, canonical).allStrict;
}

/**
 * Makes a person and an invitation. The token is shown this once, only a hash of it is kept.
 *
 * @throws {RefusedError} `conflict` when somebody of the site signs in with this address already; `invalid_value` for no
 *   address; `forbidden` for a role that may do more than the actor.
 */
export async function invitePerson(
  service: Service,
  actor: Actor,
  wanted: NewPerson,
): Promise<{ person: PersonView; invitation: string }> {
  requireRole(actor, wanted.role);
  const logins = loginsOf(service, wanted.email);
  const [login] = logins ?? [];
  if (!logins || login === undefined) {
    throw new RefusedError('invalid_value', 'Send a valid e-mail address, such as name@example.org.');
  }
  const now = service.now();
  const row: PersonRow = {
    id: createId(now.getTime(), service.random(10)),
    site_id: wanted.siteId,
    name: wanted.name,
    role: wanted.role,
    login,
    password: null,
    created_by: actorReference(actor),
    created_at: now,
    disabled_at: null,
    last_seen_at: null,
  };
  const invitation = await inTransaction(service.db, async (trx) => {
    const others = await listPeopleByLogin(trx, logins);
    if (others.some((other) => other.site_id === wanted.siteId)) {
      throw new RefusedError('conflict', 'Somebody of this site signs in with this e-mail address already.');
    }
    await insertPerson(trx, row);
    await appendAudit(trx, {
      siteId: wanted.siteId,
      actor: actorReference(actor),
      action: 'person.invite',
      subject: row.id,
      detail: { role: wanted.role },
      at: now,
    });
    return await openInvitation(service, trx, row.id, now);
  });
  return { person: viewPerson(row), invitation };
}

/** Makes the only invitation of a person that is good: an older link that somebody else found must not outlive it. */
async function openInvitation(
  service: Service,
  trx: Transaction,
  personId: string,
  now: Date,
): Promise<string> {
  const token = Buffer.from(service.random(32)).toString('base64url');
  await closeInvitations(trx, personId, now);
  await insertInvitation(trx, {
    token_sha256: hashToken(token),
    person_id: personId,
    created_at: now,
    expires_at: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
    used_at: null,
  });
  return token;
}

/**
 * Another link for a person who lost the first or forgot the password. Older links end at once, the sessions there are
 * when it is used.
 */
export async function inviteAgain(
  service: Service,
  actor: Actor,
  id: string,
): Promise<{ invitation: string }> {
  const person = await requirePerson(service, actor, id);
  requireRole(actor, person.role);
  const now = service.now();
  const invitation = await inTransaction(service.db, async (trx) => {
    await appendAudit(trx, {
      siteId: person.site_id,
      actor: actorReference(actor),
      action: 'person.invite-again',
      subject: person.id,
      detail: {},
      at: now,
    });
    return await openInvitation(service, trx, person.id, now);
  });
  return { invitation };
}

export async function showPeople(service: Service, siteId: string | null): Promise<PersonView[]> {
  return (await listPeople(service.db, siteId)).map(viewPerson);
}

export interface PersonChange {
  readonly role?: PersonRole | undefined;
  readonly name?: string | undefined;
  readonly disabled?: boolean | undefined;
}

/**
 * Changes a person; one who is disabled is signed out everywhere.
 *
 * @throws {RefusedError} `not_found`; `conflict` for one's own role or account: a slip would lock oneself out.
 */
export async function changePerson(
  service: Service,
  actor: Actor,
  id: string,
  change: PersonChange,
): Promise<PersonView> {
  const person = await requirePerson(service, actor, id);
  const loses = change.disabled === true || (change.role !== undefined && change.role !== person.role);
  if (loses && actor.kind === 'user' && actor.id === id) {
    throw new RefusedError(
      'conflict',
      'That is your own account: another admin changes your role or disables you.',
    );
  }
  // Who may not give a role may not take it away either, nor let its owner in again.
  requireRole(actor, person.role);
  requireRole(actor, change.role ?? person.role);
  const now = service.now();
  const changed = {
    role: change.role ?? person.role,
    name: change.name ?? person.name,
    disabled_at: change.disabled === undefined ? person.disabled_at : change.disabled ? now : null,
  };
  await inTransaction(service.db, async (trx) => {
    await updatePerson(trx, id, changed);
    if (changed.disabled_at !== null) {
      await deleteSessions(trx, id);
      await closeInvitations(trx, id, now);
    }
    await appendAudit(trx, {
      siteId: person.site_id,
      actor: actorReference(actor),
      action: 'person.change',
      subject: id,
      detail: { role: changed.role, disabled: changed.disabled_at !== null },
      at: now,
    });
  });
  return viewPerson({ ...person, ...changed });
}

/**
 * Whoever invites takes the link, so that a role with more than the actor's own scopes would be a way to get them.
 *
 * @throws {RefusedError} `forbidden`.
 */
function requireRole(actor: Actor, role: PersonRole): void {
  const lacking = ROLE_SCOPES[role].filter((scope) => !hasScope(actor, scope));
  if (lacking.length === 0) return;
  throw new RefusedError(
    'forbidden',
    `A ${role} may do what this key or account may not: it lacks the scope “${lacking.join('” and “')}”.`,
  );
}

/** The person, when this actor may see it: another site's is not found. */
async function requirePerson(service: Service, actor: Actor, id: string): Promise<PersonRow> {
  const person = await findPerson(service.db, id);
  if (!person || (actor.siteId !== null && person.site_id !== actor.siteId)) {
    throw new RefusedError('not_found', 'There is no such person.');
  }
  return person;
}

export function viewPerson(row: PersonRow): PersonView {
  return {
    id: row.id,
    site_id: row.site_id,
    name: row.name,
    role: row.role,
    joined: row.password !== null,
    created_at: row.created_at.toISOString(),
    disabled_at: row.disabled_at?.toISOString() ?? null,
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
  };
}

/** How tokens of invitations and sessions are stored: 32 random bytes need no salt. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
