/** Webhooks: where a site wants to be told what happens to its comments, by the Standard Webhooks convention. */

import { createId } from '../../core/id.ts';
import { findUrlFault } from '../../core/network-address.ts';
import type { Service } from '../../service.ts';
import { type AuditEntry, appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  updateWebhook,
  type WebhookRow,
} from '../../storage/outgoing/webhooks.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference } from '../actor.ts';
import { type Sealed, seal, unseal } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';

/** What a webhook can be told. */
export const WEBHOOK_EVENTS = [
  'comment.received',
  'comment.held',
  'comment.approved',
  'comment.rejected',
  'comment.verdict_changed',
  'model.activated',
  'queue.overdue',
] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  /** `gone`: it answered 410. */
  readonly disabled_why: string | null;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly paused_until: string | null;
  /** Until when the secret before the last rotation signs, too. */
  readonly previous_secret_until: string | null;
  readonly created_at: string;
}

export interface NewWebhook {
  readonly url: string;
  readonly description: string;
  readonly events: readonly WebhookEvent[];
}

export interface WebhookChange {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly events?: readonly WebhookEvent[] | undefined;
  readonly enabled?: boolean | undefined;
}

const PURPOSE = 'webhook-secret';
const SECRET_BYTES = 32;
const MOST_WEBHOOKS = 50;

/**
 * Makes a webhook; the answer's `secret` is the only time it can be seen.
 *
 * @throws {RefusedError} `address_refused` for an address outside the public Internet; `conflict` beyond 50 of them.
 */
export async function createWebhook(
  service: Service,
  siteId: string,
  actor: Actor,
  wanted: NewWebhook,
): Promise<{ view: WebhookView; secret: string }> {
  requireGoodUrl(service, wanted.url);
  const now = service.now();
  const id = createId(now.getTime(), service.random(10));
  const { secret, sealed } = makeSecret(service, id);
  const row = await inTransaction(service.db, async (trx) => {
    if ((await countWebhooks(trx, siteId)) >= MOST_WEBHOOKS) {
      throw new RefusedError('conflict', `A site has ${MOST_WEBHOOKS} webhooks at most: delete one first.`);
    }
    const inserted = await insertWebhook(trx, {
      id,
      site_id: siteId,
      url: wanted.url,
      description: wanted.description,
      events: [...wanted.events],
      secret_kid: sealed.kid,
      secret: sealed.bytes,
      previous_secret_kid: null,
      created_by: actorReference(actor),
      created_at: now,
    });
    await audit(service, trx, siteId, actor, {
      action: 'webhook.create',
      subject: id,
      detail: { events: wanted.events },
    });
    return inserted;
  });
  return { view: viewWebhook(row), secret };
}

export async function showWebhooks(service: Service, siteId: string): Promise<WebhookView[]> {
  return (await listWebhooks(service.db, siteId)).map(viewWebhook);
}

export async function showWebhook(service: Service, siteId: string, id: string): Promise<WebhookView> {
  return viewWebhook(await requireWebhook(service, siteId, id));
}

/** @throws {RefusedError} `not_found`. */
export async function requireWebhook(service: Service, siteId: string, id: string): Promise<WebhookRow> {
  const row = await findWebhook(service.db, siteId, id);
  if (!row) throw missing();
  return row;
}

/** Changes what is named. Enabling one forgets its failures. @throws {RefusedError} `not_found`, `address_refused`. */
export async function changeWebhook(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  { url, description, events, enabled }: WebhookChange,
): Promise<WebhookView> {
  if (url !== undefined) requireGoodUrl(service, url);
  const now = service.now();
  const row = await inTransaction(service.db, async (trx) => {
    const changed = await updateWebhook(trx, siteId, id, {
      id,
      ...(url !== undefined && { url }),
      ...(description !== undefined && { description }),
      ...(events !== undefined && { events: [...events] }),
      ...(enabled === true && { disabled_at: null, disabled_why: null, failures: 0, paused_until: null }),
      ...(enabled === false && { disabled_at: now, disabled_why: 'asked' as const }),
    });
    if (!changed) throw missing();
    const names = Object.entries({ url, description, events, enabled });
    const detail = { changed: names.filter(([, value]) => value !== undefined).map(([name]) => name) };
    await audit(service, trx, siteId, actor, { action: 'webhook.change', subject: id, detail: detail });
    return changed;
  });
  return viewWebhook(row);
}

export async function removeWebhook(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<void> {
  await inTransaction(service.db, async (trx) => {
    if (!(await deleteWebhook(trx, siteId, id))) throw missing();
    await audit(service, trx, siteId, actor, { action: 'webhook.delete', subject: id, detail: {} });
  });
}

/**
 * Gives a new secret, to be shown this once; the one before signs beside it for the hours, so that the receiver can
 * change over without losing a message. With 0 hours it is good for nothing at once.
 */
export async function rotateSecret(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  overlapHours: number,
): Promise<{ view: WebhookView; secret: string }> {
  const { secret, sealed } = makeSecret(service, id);
  const row = await inTransaction(service.db, async (trx) => {
    const before = await findWebhook(trx, siteId, id);
    if (!before) throw missing();
    const overlaps = overlapHours > 0;
    const rotated = await updateWebhook(trx, siteId, id, {
      secret_kid: sealed.kid,
      secret: sealed.bytes,
      previous_secret_kid: overlaps ? before.secret_kid : null,
      previous_secret: overlaps ? before.secret : null,
      previous_until: overlaps ? new Date(service.now().getTime() + overlapHours * 3_600_000) : null,
    });
    if (!rotated) throw missing();
    await audit(service, trx, siteId, actor, {
      action: 'webhook.rotate',
      subject: id,
      detail: { overlap_hours: overlapHours },
    });
    return rotated;
  });
  return { view: viewWebhook(row), secret };
}

/** The secrets that sign now, the newest first; none when their pseudonym key is gone. */
export function liveSecrets(service: Service, row: WebhookRow): string[] {
  const sealed: Sealed[] = [{ kid: row.secret_kid, bytes: row.secret }];
  const { previous_secret: bytes, previous_secret_kid: kid, previous_until: until } = row;
  if (bytes !== null && kid !== null && until !== null && until > service.now()) sealed.push({ kid, bytes });
  return sealed.flatMap((one) => {
    const secret = unseal(service, PURPOSE, row.id, one);
    return secret === null ? [] : [writeSecret(secret)];
  });
}

function makeSecret(service: Service, webhookId: string): { secret: string; sealed: Sealed } {
  const bytes = service.random(SECRET_BYTES);
  return { secret: writeSecret(bytes), sealed: seal(service, PURPOSE, webhookId, bytes) };
}

function writeSecret(bytes: Uint8Array): string {
  return `whsec_${Buffer.from(bytes).toString('base64')}`;
}

function requireGoodUrl({ config }: Service, url: string): void {
  const fault = findUrlFault(url, config.outgoingPrivateRanges);
  if (fault !== null) throw new RefusedError('address_refused', fault);
}

async function audit(
  service: Service,
  trx: Transaction,
  siteId: string,
  actor: Actor,
  what: Pick<AuditEntry, 'action' | 'subject' | 'detail'>,
): Promise<void> {
  await appendAudit(trx, { ...what, siteId, actor: actorReference(actor), at: service.now() });
}

function missing(): RefusedError {
  return new RefusedError('not_found', 'There is no such webhook.');
}

function viewWebhook(row: WebhookRow): WebhookView {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    enabled: row.disabled_at === null,
    disabled_why: row.disabled_why,
    failures: row.failures,
    paused_until: row.paused_until?.toISOString() ?? null,
    previous_secret_until: row.previous_until?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
