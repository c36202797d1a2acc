import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { Database } from '../schema/database.ts';
import type {
  DeliveryState,
  WebhookAttemptTable,
  WebhookDeliveryTable,
  WebhookTable,
} from '../schema/outgoing.ts';

export type DeliveryRow = Selectable<WebhookDeliveryTable>;
export type AttemptRow = Selectable<WebhookAttemptTable>;

/** A delivery with the webhook it goes to. */
export type DueDelivery = DeliveryRow & { readonly webhook: Selectable<WebhookTable> };

/** More at once would let one slow receiver take all the places; see {@link takeDueDeliveries}. */
const MOST_A_WEBHOOK = 4;

/**
 * Takes deliveries that are due, a few of each webhook, until `takenUntil`: who takes them and is lost leaves them to
 * others then. `SKIP LOCKED`: two processes never take the same.
 */
export async function takeDueDeliveries(
  db: Kysely<Database>,
  now: Date,
  takenUntil: Date,
  limit: number,
): Promise<DueDelivery[]> {
  const due = sql<{ id: string }>`(
    select picked.id from webhook
    cross join lateral (
      select delivery.id from webhook_delivery as delivery
      where delivery.webhook_id = webhook.id and delivery.state = 'waiting' and delivery.next_at <= ${now}
        and (delivery.taken_until is null or delivery.taken_until <= ${now})
      order by delivery.next_at limit ${MOST_A_WEBHOOK} for update skip locked
    ) as picked
    where webhook.disabled_at is null and (webhook.paused_until is null or webhook.paused_until <= ${now})
    limit ${limit})`;
  const rows = await db
    .with('due', () => due)
    .updateTable('webhook_delivery')
    .from('due')
    .set({ taken_until: takenUntil, attempts: sql<number>`attempts + 1` })
    .whereRef('webhook_delivery.id', '=', 'due.id')
    .returningAll('webhook_delivery')
    .execute();
  if (rows.length === 0) return [];
  const webhooks = await db
    .selectFrom('webhook')
    .selectAll()
    .where('id', 'in', [...new Set(rows.map((row) => row.webhook_id))])
    .execute();
  const webhookOf = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  return rows.flatMap((row) => {
    const webhook = webhookOf.get(row.webhook_id);
    return webhook ? [{ ...row, webhook }] : [];
  });
}

/** Queues one delivery that is taken already. */
export async function insertTakenDelivery(
  db: Kysely<Database>,
  delivery: Insertable<WebhookDeliveryTable>,
): Promise<DeliveryRow> {
  return await db.insertInto('webhook_delivery').values(delivery).returningAll().executeTakeFirstOrThrow();
}

export interface AttemptEnd {
  readonly state: DeliveryState;
  /** When to try again, for one that goes on waiting. */
  readonly nextAt: Date;
  readonly finishedAt: Date | null;
}

/** Writes down how an attempt ended, unless the delivery was taken over, replayed or killed meanwhile. */
export async function recordAttempt(
  trx: Kysely<Database>,
  delivery: DeliveryRow,
  attempt: Omit<AttemptRow, 'delivery_id'>,
  end: AttemptEnd,
): Promise<void> {
  const exists = await trx
    .updateTable('webhook_delivery')
    .set({ taken_until: null, state: end.state, next_at: end.nextAt, finished_at: end.finishedAt })
    .where('id', '=', delivery.id)
    .where('attempts', '=', delivery.attempts)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst();
  if (!exists) return;
  await trx
    .insertInto('webhook_attempt')
    .values({ ...attempt, delivery_id: delivery.id })
    .execute();
}

/** Notes that the receiver failed, or with `pausedUntil` null that it took a delivery. */
export async function noteWebhookHealth(
  db: Kysely<Database>,
  webhookId: string,
  pausedUntil: Date | null,
): Promise<void> {
  await db
    .updateTable('webhook')
    .set(
      pausedUntil === null
        ? { failures: 0, paused_until: null }
        : { failures: sql<number>`failures + 1`, paused_until: pausedUntil },
    )
    .where('id', '=', webhookId)
    .$if(pausedUntil === null, (query) => query.where('failures', '>', 0))
    .execute();
}

/** Lets all that waits for a webhook die: it is gone. */
export async function killWaiting(db: Kysely<Database>, webhookId: string, now: Date): Promise<void> {
  await db
    .updateTable('webhook_delivery')
    .set({ state: 'dead', finished_at: now, taken_until: null })
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'waiting')
    .execute();
}

/** A page of a webhook's deliveries, newest first, with the last attempt of each. */
export async function listDeliveries(
  db: Kysely<Database>,
  webhookId: string,
  state: DeliveryState | undefined,
  before: { at: Date; id: string } | null,
  limit: number,
): Promise<(DeliveryRow & { last_status: number | null; last_failure: string | null })[]> {
  return await db
    .selectFrom('webhook_delivery')
    .leftJoinLateral(
      (query) =>
        query
          .selectFrom('webhook_attempt')
          .select(['status as last_status', 'failure as last_failure'])
          .whereRef('webhook_attempt.delivery_id', '=', 'webhook_delivery.id')
          .orderBy('at', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('webhook_delivery')
    .select(['last.last_status', 'last.last_failure'])
    .where('webhook_id', '=', webhookId)
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'dead'))
    .$if(before !== null, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${before?.at ?? null}, ${before?.id ?? null}::uuid)`),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function findDelivery(
  db: Kysely<Database>,
  webhookId: string,
  id: string,
): Promise<DeliveryRow | null> {
  const row = await db
    .selectFrom('webhook_delivery')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** The attempts of a delivery, oldest first. */
export async function listAttempts(db: Kysely<Database>, deliveryId: string): Promise<AttemptRow[]> {
  return await db
    .selectFrom('webhook_attempt')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('at')
    .execute();
}

/** Sends again, from the first attempt on: one delivery that is over, or all the dead of a webhook. Returns how many. */
export async function replayDeliveries(
  db: Kysely<Database>,
  webhookId: string,
  which: { readonly id: string } | 'dead',
  now: Date,
): Promise<number> {
  const result = await db
    .updateTable('webhook_delivery')
    .set({ state: 'waiting', attempts: 0, next_at: now, taken_until: null, finished_at: null })
    .where('webhook_id', '=', webhookId)
    .$if(which === 'dead', (query) => query.where('state', '=', 'dead'))
    .$if(which !== 'dead', (query) =>
      query.where('state', '!=', 'waiting').where('id', '=', which === 'dead' ? '' : which.id),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
