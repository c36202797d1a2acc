import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Database } from './schema/database.ts';
import type { EventTable } from './schema/records.ts';
import { selectDeliveries } from './webhook-outbox.ts';

export type EventRow = Selectable<EventTable>;

export interface NewEvent {
  readonly siteId: string;
  /** Such as `comment.held`. */
  readonly kind: string;
  readonly subject: string | null;
  /** Ids and counts only: never content or personal data. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/**
 * Appends events in the transaction of what they tell, so that none is told that did not happen, and puts them into the
 * outbox of the site's webhooks.
 */
export async function appendEvents(trx: Transaction<Database>, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    site_id: event.siteId,
    kind: event.kind,
    subject: event.subject,
    data: JSON.stringify(event.data ?? {}),
    created_at: event.at,
  }));
  // Most sites have no webhook, and planning the outbox's query cost 3 ms of PGlite for every comment.
  if (!(await hasWebhook(trx, [...new Set(events.map(({ siteId }) => siteId))]))) {
    await trx.insertInto('event').values(rows).execute();
    return;
  }
  await trx
    .with('appended', (query) => query.insertInto('event').values(rows).returningAll())
    .insertInto('webhook_delivery')
    .columns(['webhook_id', 'site_id', 'event', 'subject', 'data', 'created_at', 'next_at'])
    .expression(selectDeliveries())
    .execute();
}

async function hasWebhook(trx: Transaction<Database>, siteIds: readonly string[]): Promise<boolean> {
  const row = await trx
    .selectFrom('webhook')
    .select('id')
    .where('site_id', 'in', siteIds)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function listEvents(
  db: Kysely<Database>,
  siteId: string,
  afterSeq: string,
  limit: number,
): Promise<EventRow[]> {
  return await db
    .selectFrom('event')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

export async function lastEventSeq(db: Kysely<Database>, siteId: string): Promise<string> {
  const row = await db
    .selectFrom('event')
    .select('seq')
    .where('site_id', '=', siteId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? String(row.seq) : '0';
}

/** Whether the site's event of that number is still kept. */
export async function hasEvent(db: Kysely<Database>, siteId: string, seq: string): Promise<boolean> {
  const row = await db
    .selectFrom('event')
    .select('seq')
    .where('site_id', '=', siteId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row !== undefined;
}
