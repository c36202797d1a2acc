import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { InvitationTable, PersonTable, SessionTable } from '../schema/access.ts';
import type { Database, Transaction } from '../schema/database.ts';

export type PersonRow = Selectable<PersonTable>;
export type SessionRow = Selectable<SessionTable>;

/** Of one address; each is a password to be compared when it signs in. */
const MAX_ACCOUNTS = 10;

export async function insertPerson(trx: Transaction, person: Insertable<PersonTable>): Promise<void> {
  await trx.insertInto('person').values(person).execute();
}

export async function findPerson(db: Kysely<Database>, id: string): Promise<PersonRow | null> {
  return (await db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The accounts of an address, one of a site at most, by any of its pseudonyms under the live keys; the oldest first. */
export async function listPeopleByLogin(
  db: Kysely<Database>,
  logins: readonly string[],
): Promise<PersonRow[]> {
  return await db
    .selectFrom('person')
    .selectAll()
    .where('login', 'in', logins)
    .orderBy('created_at')
    .orderBy('id')
    .limit(MAX_ACCOUNTS)
    .execute();
}

/** The people of a site and those of every site, oldest first; all for null. */
export async function listPeople(db: Kysely<Database>, siteId: string | null): Promise<PersonRow[]> {
  return await db
    .selectFrom('person')
    .selectAll()
    .$if(siteId !== null, (query) => query.where('site_id', '=', siteId))
    .orderBy('created_at')
    .orderBy('id')
    .limit(1000)
    .execute();
}

export async function updatePerson(
  db: Kysely<Database>,
  id: string,
  change: Updateable<PersonTable>,
): Promise<void> {
  await db.updateTable('person').set(change).where('id', '=', id).execute();
}

export async function insertInvitation(
  trx: Transaction,
  invitation: Insertable<InvitationTable>,
): Promise<void> {
  await trx.insertInto('invitation').values(invitation).execute();
}

/** Whether an invitation is known, unused and not too old. */
export async function isInvitationOpen(
  db: Kysely<Database>,
  tokenSha256: string,
  now: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom('invitation')
    .select('person_id')
    .where('token_sha256', '=', tokenSha256)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses an invitation up: its person, or null when it is unknown, used or too old. One of two at once gets it. */
export async function useInvitation(
  trx: Transaction,
  tokenSha256: string,
  now: Date,
): Promise<string | null> {
  const row = await trx
    .updateTable('invitation')
    .set({ used_at: now })
    .where('token_sha256', '=', tokenSha256)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('person_id')
    .executeTakeFirst();
  return row?.person_id ?? null;
}

/** Uses up every invitation of a person that is still open. */
export async function closeInvitations(trx: Transaction, personId: string, now: Date): Promise<void> {
  await trx
    .updateTable('invitation')
    .set({ used_at: now })
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .execute();
}

export async function insertSession(db: Kysely<Database>, session: Insertable<SessionTable>): Promise<void> {
  await db.insertInto('session').values(session).execute();
}

/** A session that has not ended, and its person. */
export async function findSession(
  db: Kysely<Database>,
  tokenSha256: string,
  now: Date,
  idleSince: Date,
): Promise<{ session: SessionRow; person: PersonRow } | null> {
  const session = await db
    .selectFrom('session')
    .selectAll()
    .where('token_sha256', '=', tokenSha256)
    .where('expires_at', '>', now)
    .where('seen_at', '>', idleSince)
    .executeTakeFirst();
  const person = session ? await findPerson(db, session.person_id) : null;
  return session && person && person.disabled_at === null ? { session, person } : null;
}

export async function touchSession(db: Kysely<Database>, tokenSha256: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ seen_at: now }).where('token_sha256', '=', tokenSha256).execute();
}

export async function deleteSession(db: Kysely<Database>, tokenSha256: string): Promise<void> {
  await db.deleteFrom('session').where('token_sha256', '=', tokenSha256).execute();
}

/** Ends every session of a person. */
export async function deleteSessions(db: Kysely<Database>, personId: string): Promise<void> {
  await db.deleteFrom('session').where('person_id', '=', personId).execute();
}

/** What has ended need not be kept. */
export async function deleteEndedSessions(db: Kysely<Database>, now: Date, idleSince: Date): Promise<void> {
  await db
    .deleteFrom('session')
    .where((or) => or.or([or('expires_at', '<=', now), or('seen_at', '<=', idleSince)]))
    .execute();
}
