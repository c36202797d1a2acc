/** What became of the messages to a webhook: shown without their bodies, and sent again when asked for. */
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  type DeliveryRow,
  findDelivery,
  listAttempts,
  listDeliveries,
  replayDeliveries,
} from '../../storage/outgoing/webhook-deliveries.ts';
import type { DeliveryState } from '../../storage/schema/outgoing.ts';
import { type Actor, actorReference } from '../actor.ts';
import { readTimeCursor, writeCursor } from '../cursor.ts';
import { RefusedError } from '../refused-error.ts';
import { requireWebhook } from './webhooks.ts';

export interface DeliveryView {
  /** The `webhook-id` that the receiver sees. */
  readonly id: string;
  readonly event: string;
  /** The comment or model it is about. */
  readonly subject: string | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly created_at: string;
  readonly next_at: string | null;
  readonly finished_at: string | null;
}

export interface ListedDelivery extends DeliveryView {
  readonly last_status: number | null;
  readonly last_failure: string | null;
}

export interface ShownDelivery extends DeliveryView {
  readonly log: readonly {
    readonly at: string;
    readonly duration_ms: number;
    readonly status: number | null;
    readonly failure: string | null;
  }[];
}

export interface WantedDeliveries {
  /** Left out: all. */
  readonly state: DeliveryState | undefined;
  /** Where the last page ended. */
  readonly cursorText: string | undefined;
  readonly limit: number;
}

/** A page of a webhook's messages, newest first. @throws {RefusedError} `not_found`, `invalid_value`. */
export async function showDeliveries(
  service: Service,
  siteId: string,
  webhookId: string,
  wanted: WantedDeliveries,
): Promise<{ items: ListedDelivery[]; next_cursor: string | null }> {
  await requireWebhook(service, siteId, webhookId);
  const { state, cursorText, limit } = wanted;
  const order = `deliveries:${state ?? 'all'}`;
  const before = readTimeCursor(order, cursorText);
  const rows = await listDeliveries(service.db, webhookId, state, before, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      ...viewDelivery(row),
      last_status: row.last_status,
      last_failure: row.last_failure,
    })),
    next_cursor:
      rows.length > limit && last
        ? writeCursor(order, { value: last.created_at.getTime(), id: last.id })
        : null,
  };
}

/** One message with its attempts. @throws {RefusedError} `not_found`. */
export async function showDelivery(
  service: Service,
  siteId: string,
  webhookId: string,
  id: string,
): Promise<ShownDelivery> {
  await requireWebhook(service, siteId, webhookId);
  const row = await findDelivery(service.db, webhookId, id);
  if (!row) throw new RefusedError('not_found', 'There is no such delivery.');
  const attempts = await listAttempts(service.db, id);
  return {
    ...viewDelivery(row),
    log: attempts.map(({ at, duration_ms, status, failure }) => ({
      at: at.toISOString(),
      duration_ms,
      status,
      failure,
    })),
  };
}

/**
 * Sends messages again under their old ids: one that is over, or all that are dead. Returns how many.
 *
 * @throws {RefusedError} `not_found`; `conflict` for one that still waits.
 */
export async function replay(
  service: Service,
  siteId: string,
  actor: Actor,
  webhookId: string,
  which: { readonly id: string } | 'dead',
): Promise<number> {
  if (which === 'dead') await requireWebhook(service, siteId, webhookId);
  else await showDelivery(service, siteId, webhookId, which.id);
  const at = service.now();
  const count = await inTransaction(service.db, async (trx) => {
    const replayed = await replayDeliveries(trx, webhookId, which, at);
    await appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'webhook.replay',
      subject: webhookId,
      detail: { count: replayed },
      at,
    });
    return replayed;
  });
  if (count === 0 && which !== 'dead') {
    throw new RefusedError('conflict', 'This delivery still waits to be sent.');
  }
  return count;
}

function viewDelivery(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    event: row.event,
    subject: row.subject,
    state: row.state,
    attempts: row.attempts,
    created_at: row.created_at.toISOString(),
    next_at: row.state === 'waiting' ? row.next_at.toISOString() : null,
    finished_at: row.finished_at?.toISOString() ?? null,
  };
}
