/** Signing in: passwords for sessions, sessions for actors. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Service } from '../../service.ts';
import {
  clearFailures,
  deleteFailures,
  reserveFailure,
  takeBackFailure,
} from '../../storage/access/sign-in-failures.ts';
import {
  closeInvitations,
  deleteEndedSessions,
  deleteSession,
  deleteSessions,
  findPerson,
  findSession,
  insertSession,
  isInvitationOpen,
  listPeopleByLogin,
  type PersonRow,
  touchSession,
  updatePerson,
  useInvitation,
} from '../../storage/access/users.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { addressSubject, FAILURE_WINDOW_MS, failureSubject } from './failure-subject.ts';
import { hashPassword, PASSWORD_CHARACTERS, verifyPassword } from './password.ts';
import { hashToken, loginsOf, type PersonView, ROLE_SCOPES, viewPerson } from './users.ts';

/** A new session: the token goes into the cookie and is kept as a hash alone. */
export interface SignedIn {
  readonly token: string;
  readonly person: PersonView;
}

const HOUR_MS = 3_600_000;
/** Unused this long, a session ends: a working day, not a night. */
const IDLE_MS = 12 * HOUR_MS;
/** However much it is used, it ends then. */
export const SESSION_SECONDS = 30 * 24 * 3600;
/** Noted at most this often, so that reading does not become writing. */
const TOUCH_MS = 60_000;
/**
 * Of one account from one address, of one address behind which a newsroom may sit, and of one account from everywhere. The
 * last does not count for a browser that signed in before: else anybody who knows an address could lock its owner out.
 */
const MAX_FAILURES = { pair: 10, address: 50, account: 100 } as const;

/** What a browser sends to sign in. */
export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  /** The id of the site, for an address with accounts of several; null: whichever the password is of. */
  readonly siteId: string | null;
  /** The client's IP address. */
  readonly address: string | null;
  /** What {@link markOfBrowser} gave to the browser the last time. */
  readonly mark: string | undefined;
}

/**
 * Signs a person in under a new session id. An unknown address, one without a password and a wrong password are
 * refused alike and take the same time.
 *
 * @throws {RefusedError} `wrong_password`; `too_many_failures` for 15 minutes after ten of an account from one address,
 *   fifty of an address, or a hundred of an account from browsers that never signed in to it.
 */
export async function signIn(service: Service, attempt: SignInAttempt): Promise<SignedIn> {
  const logins = loginsOf(service, attempt.email) ?? [failureSubject(service, 'none', attempt.email)];
  const [login = ''] = logins;
  const accounts = (await listPeopleByLogin(service.db, logins)).filter(
    ({ site_id }) => attempt.siteId === null || site_id === null || site_id === attempt.siteId,
  );
  const origin = originOf(service, attempt.address);
  const pair = { subject: `pair:${login}|${origin.subject}`, most: MAX_FAILURES.pair };
  const account = { subject: `login:${login}`, most: MAX_FAILURES.account };
  const isKnown = accounts.some((person) => isMarkOf(service, attempt.mark, person.id));
  await reserveAttempt(service, isKnown ? [pair, origin] : [pair, origin, account]);
  const person = await findByPassword(accounts, attempt.password);
  if (!person || person.disabled_at !== null) {
    await audit(service, accounts[0], 'session.refused');
    throw new RefusedError('wrong_password', 'The e-mail address or the password is not right.');
  }
  for (const { subject } of [pair, account]) await clearFailures(service.db, subject);
  await renewLogin(service, person, logins[0]);
  await takeBackFailure(service.db, origin.subject);
  await audit(service, person, 'session.create');
  return await beginSession(service, person);
}

/** The account that the password is of. One password is compared at least, so that no account takes as long as one. */
async function findByPassword(accounts: readonly PersonRow[], password: string): Promise<PersonRow | null> {
  if (accounts.length === 0) await verifyPassword(password, null);
  for (const person of accounts) if (await verifyPassword(password, person.password)) return person;
  return null;
}

/** What tells a browser that signed in before from one that never did; it lets nobody in. */
export function markOfBrowser(service: Service, personId: string): string {
  return failureSubject(service, 'browser', personId);
}

function isMarkOf(service: Service, mark: string | undefined, personId: string): boolean {
  if (mark === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(mark), digest(markOfBrowser(service, personId)));
}

/** Notes what became of a sign-in; of an address without an account nothing is known that could be noted. */
async function audit(service: Service, person: PersonRow | undefined, action: string): Promise<void> {
  await inTransaction(service.db, (trx) =>
    appendAudit(trx, {
      siteId: person?.site_id ?? null,
      actor: action === 'session.refused' || !person ? 'system:sign-in' : `user:${person.id}`,
      action,
      subject: person?.id ?? null,
      detail: {},
      at: service.now(),
    }),
  );
}

/** Leaves a rotated pseudonym key behind: without it nobody could sign in once the old key is dropped. */
async function renewLogin(service: Service, { id, login }: PersonRow, newest = login): Promise<void> {
  if (login !== newest) await updatePerson(service.db, id, { login: newest });
}

interface Limited {
  readonly subject: string;
  readonly most: number;
}

/**
 * Counts an attempt as failed for each subject before it is made: while a password is hashed, which takes a twentieth of
 * a second, others that come meanwhile must know of it.
 *
 * @throws {RefusedError} `too_many_failures`; the attempt is then counted for none.
 */
async function reserveAttempt(service: Service, limits: readonly Limited[]): Promise<void> {
  const now = service.now();
  const since = new Date(now.getTime() - FAILURE_WINDOW_MS);
  await deleteFailures(service.db, since);
  for (const [index, limit] of limits.entries()) {
    if (await reserveFailure(service.db, { ...limit, now, since })) continue;
    for (const { subject } of limits.slice(0, index)) await takeBackFailure(service.db, subject);
    throw new RefusedError('too_many_failures', 'Too many attempts failed: wait a quarter of an hour.', {
      retry_after: FAILURE_WINDOW_MS / 1000,
    });
  }
}

function originOf(service: Service, address: string | null): Limited {
  return { subject: addressSubject(service, 'address', address), most: MAX_FAILURES.address };
}

/**
 * Accepts an invitation: sets the password, ends the sessions there were, signs in. The token is looked up before the
 * password is hashed, and an address has as many failures as for signing in: hashing is work that nobody may order at
 * will.
 *
 * @throws {RefusedError} `invitation_over` when it is unknown, used or too old; `invalid_value` for a password that is
 *   too short or too long; `too_many_failures` for 15 minutes after fifty of an address.
 */
export async function acceptInvitation(
  service: Service,
  token: string,
  password: string,
  address: string | null,
): Promise<SignedIn> {
  const origin = originOf(service, address);
  await reserveAttempt(service, [origin]);
  if (!(await isInvitationOpen(service.db, hashToken(token), service.now()))) throw invitationOver();
  const { least, most } = PASSWORD_CHARACTERS;
  if (password.length < least || password.length > most) {
    throw new RefusedError('invalid_value', `A password has ${least} to ${most} characters.`);
  }
  const hash = await hashPassword(password, service.random);
  const person = await inTransaction(service.db, async (trx) => {
    const id = await useInvitation(trx, hashToken(token), service.now());
    const found = id === null ? null : await findPerson(trx, id);
    if (!found || found.disabled_at !== null) return null;
    await updatePerson(trx, found.id, { password: hash });
    await closeInvitations(trx, found.id, service.now());
    await deleteSessions(trx, found.id);
    await appendAudit(trx, {
      siteId: found.site_id,
      actor: `user:${found.id}`,
      action: 'person.set-password',
      subject: found.id,
      detail: {},
      at: service.now(),
    });
    return { ...found, password: hash };
  });
  if (!person) throw invitationOver();
  await takeBackFailure(service.db, origin.subject);
  return await beginSession(service, person);
}

function invitationOver(): RefusedError {
  return new RefusedError('invitation_over', 'This invitation was used, or is too old: ask for another.');
}

async function beginSession(service: Service, person: PersonRow): Promise<SignedIn> {
  const now = service.now();
  const token = Buffer.from(service.random(32)).toString('base64url');
  await deleteEndedSessions(service.db, now, new Date(now.getTime() - IDLE_MS));
  await insertSession(service.db, {
    token_sha256: hashToken(token),
    person_id: person.id,
    created_at: now,
    seen_at: now,
    expires_at: new Date(now.getTime() + SESSION_SECONDS * 1000),
  });
  await updatePerson(service.db, person.id, { last_seen_at: now });
  return { token, person: viewPerson(person) };
}

/** Who a session belongs to, or null when it is unknown or over. */
export async function readSession(
  service: Service,
  token: string,
): Promise<{ actor: Actor; person: PersonView } | null> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null;
  const now = service.now();
  const found = await findSession(service.db, hashToken(token), now, new Date(now.getTime() - IDLE_MS));
  if (!found) return null;
  const { session, person } = found;
  if (now.getTime() - session.seen_at.getTime() > TOUCH_MS) {
    service.background(async () => {
      await touchSession(service.db, session.token_sha256, now);
      await updatePerson(service.db, person.id, { last_seen_at: now });
    });
  }
  return { actor: actorOf(person), person: viewPerson(person) };
}

function actorOf(person: PersonRow): Actor {
  const scopes = ROLE_SCOPES[person.role];
  const everywhere = person.site_id === null && person.role === 'admin';
  return {
    kind: 'user',
    id: person.id,
    name: person.name,
    siteId: person.site_id,
    scopes: everywhere ? ['admin'] : scopes,
  };
}

/** Ends a session, or `everywhere` all of its person. */
export async function signOut(
  service: Service,
  actor: Actor,
  token: string,
  everywhere: boolean,
): Promise<void> {
  await inTransaction(service.db, async (trx) => {
    if (everywhere) await deleteSessions(trx, actor.id);
    else await deleteSession(trx, hashToken(token));
    await appendAudit(trx, {
      siteId: actor.siteId,
      actor: actorReference(actor),
      action: 'session.end',
      subject: actor.id,
      detail: { everywhere },
      at: service.now(),
    });
  });
}
