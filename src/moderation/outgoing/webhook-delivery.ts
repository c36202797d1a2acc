/**
 * What waits in the outbox is sent, by whichever process takes it: at least once, in no order. A message is the same
 * bytes under the same `webhook-id` at every attempt.
 */
import { Webhook } from 'standardwebhooks';
import { pauseSeconds, readRetryAfter, retryDelaySeconds } from '../../core/webhook-retry.ts';
import { describeError } from '../../logging.ts';
import { type OutgoingAnswer, OutgoingError } from '../../outgoing.ts';
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  type AttemptEnd,
  type DeliveryRow,
  insertTakenDelivery,
  killWaiting,
  noteWebhookHealth,
  recordAttempt,
  takeDueDeliveries,
} from '../../storage/outgoing/webhook-deliveries.ts';
import { updateWebhook, type WebhookRow } from '../../storage/outgoing/webhooks.ts';
import { drawChance } from '../chance.ts';
import { liveSecrets, requireWebhook } from './webhooks.ts';

/** A process that has not reported by then was lost; an attempt takes 5 s at most. */
const TAKEN_MS = 10_000;
const AT_ONCE = 16;

/** How an attempt went. */
export interface AttemptResult {
  readonly status: number | null;
  /** Why it did not arrive: `status`, `gone`, `secret_unreadable` or an {@link OutgoingError}'s code; null: it did. */
  readonly failure: string | null;
  readonly duration_ms: number;
}

/** Sends all that is due. Returns how many attempts it made. */
export async function deliverDue(service: Service): Promise<number> {
  for (let count = 0; ; ) {
    if (service.stopping.aborted) return count;
    const now = service.now();
    const due = await takeDueDeliveries(service.db, now, new Date(now.getTime() + TAKEN_MS), AT_ONCE);
    if (due.length === 0) return count;
    await Promise.all(due.map((delivery) => attempt(service, delivery, delivery.webhook, true)));
    count += due.length;
  }
}

/** Sends `webhook.test` at once and once, whether the webhook is enabled or not. It stands in the log. */
export async function testWebhook(service: Service, siteId: string, id: string): Promise<AttemptResult> {
  const webhook = await requireWebhook(service, siteId, id);
  const now = service.now();
  const delivery = await insertTakenDelivery(service.db, {
    webhook_id: id,
    site_id: siteId,
    event: 'webhook.test',
    subject: null,
    data: '{}',
    created_at: now,
    attempts: 1,
    next_at: now,
    taken_until: new Date(now.getTime() + TAKEN_MS),
  });
  return await attempt(service, delivery, webhook, false);
}

/** What is sent: ids, counts and words of ours. Never content, a name, an address or a pseudonym. */
export function writeMessage({ event, subject, site_id, created_at, data }: DeliveryRow): string {
  const { post, status, status_before, verdict, verdict_before, decision } = data;
  const about = event.startsWith('comment.')
    ? { id: subject, post, status, status_before, verdict, verdict_before, decision }
    : event === 'model.activated'
      ? { version: subject }
      : data;
  return JSON.stringify({
    type: event,
    timestamp: created_at.toISOString(),
    data: { site: site_id, ...about },
  });
}

async function attempt(
  service: Service,
  delivery: DeliveryRow,
  webhook: WebhookRow,
  goesOn: boolean,
): Promise<AttemptResult> {
  const started = service.now();
  const { answer, failure } = await send(service, delivery, webhook);
  const now = service.now();
  const result = {
    status: answer?.status ?? null,
    failure,
    duration_ms: Math.max(0, now.getTime() - started.getTime()),
  };
  const asked = readRetryAfter(answer?.headers.get('retry-after') ?? null, now);
  const end = endOf(service, delivery, { failure, askedSeconds: asked, goesOn, now });
  await inTransaction(service.db, async (trx) => {
    await recordAttempt(trx, delivery, { at: now, ...result }, end);
    if (failure === 'gone') {
      await updateWebhook(trx, webhook.site_id, webhook.id, { disabled_at: now, disabled_why: 'gone' });
      await killWaiting(trx, webhook.id, now);
    } else if (failure === null) await noteWebhookHealth(trx, webhook.id, null);
    else if (goesOn) {
      const pause = pauseSeconds(webhook.failures + 1, drawChance(service, 2), asked);
      await noteWebhookHealth(trx, webhook.id, new Date(now.getTime() + pause * 1000));
    }
  });
  const { status } = result;
  service.log.info('webhook-attempt', { webhookId: webhook.id, status, state: end.state, code: failure });
  return result;
}

async function send(
  service: Service,
  delivery: DeliveryRow,
  webhook: WebhookRow,
): Promise<{ answer: OutgoingAnswer | null; failure: string | null }> {
  const secrets = readSecrets(service, webhook);
  if (secrets.length === 0) return { answer: null, failure: 'secret_unreadable' };
  const body = writeMessage(delivery);
  const at = service.now();
  try {
    const answer = await service.sendOutgoing({
      url: webhook.url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'leave-a-reply',
        'webhook-id': delivery.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': secrets
          .map((secret) => new Webhook(secret).sign(delivery.id, at, body))
          .join(' '),
      },
      body,
    });
    return { answer, failure: failureOf(answer.status) };
  } catch (error) {
    if (error instanceof OutgoingError) return { answer: null, failure: error.code };
    throw error;
  }
}

function readSecrets(service: Service, webhook: WebhookRow): string[] {
  try {
    return liveSecrets(service, webhook);
  } catch (error) {
    service.log.error('webhook-secret-damaged', { webhookId: webhook.id, ...describeError(error) });
    return [];
  }
}

function failureOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status === 410 ? 'gone' : 'status';
}

interface Outcome {
  /** null: it arrived. */
  readonly failure: string | null;
  /** How long the listener asks to wait. */
  readonly askedSeconds: number | null;
  readonly goesOn: boolean;
  readonly now: Date;
}

function endOf(service: Service, delivery: DeliveryRow, outcome: Outcome): AttemptEnd {
  const { failure, askedSeconds, goesOn, now } = outcome;
  if (failure === null) return { state: 'delivered', nextAt: now, finishedAt: now };
  const seconds =
    goesOn && failure !== 'gone'
      ? retryDelaySeconds(delivery.attempts, drawChance(service, 2), askedSeconds)
      : null;
  if (seconds === null) return { state: 'dead', nextAt: now, finishedAt: now };
  return { state: 'waiting', nextAt: new Date(now.getTime() + seconds * 1000), finishedAt: null };
}
