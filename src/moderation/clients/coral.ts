/** Coral's external moderation phase: which Coral may ask for a site, and what it is answered. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import {
  deleteCoralConnection,
  findCoralConnection,
  putCoralConnection,
} from '../../storage/clients/coral.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { type Actor, actorReference } from '../actor.ts';
import { seal, unseal } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';
import { judgeText } from '../site/judge.ts';
import type { SiteContext } from '../site/site-context.ts';
import { unlinkAddresses } from './coral-links.ts';

/** What Coral sends, as far as it is looked at. */
export interface CoralRequest {
  readonly body: string;
  readonly role: string;
}

/** Coral's `ExternalModerationResponse`; null is 204: no opinion. */
export interface CoralAnswer {
  readonly status: 'REJECTED' | 'SYSTEM_WITHHELD' | 'PREMOD';
  readonly actions?: readonly { readonly actionType: 'FLAG'; readonly reason: 'COMMENT_DETECTED_SPAM' }[];
}

const PURPOSE = 'coral-secrets';
/** Who speaks for the house is not judged. */
const STAFF = new Set(['STAFF', 'MODERATOR', 'ADMIN']);
const SPAM_FLAG = [{ actionType: 'FLAG', reason: 'COMMENT_DETECTED_SPAM' }] as const;

/** Lets the Coral that signs with one of these secrets ask for the site; the secrets of before count no more. */
export async function connectCoral(
  service: Service,
  siteId: string,
  actor: Actor,
  secrets: readonly string[],
): Promise<void> {
  const at = service.now();
  const sealed = seal(service, PURPOSE, siteId, Buffer.from(JSON.stringify(secrets)));
  const row = { site_id: siteId, secrets_kid: sealed.kid, secrets: sealed.bytes, created_at: at };
  await inTransaction(service.db, async (trx) => {
    await putCoralConnection(trx, row);
    const entry = { siteId, actor: actorReference(actor), subject: siteId, detail: {}, at };
    await appendAudit(trx, { ...entry, action: 'coral.connect' });
  });
}

/** @throws {RefusedError} `not_found`. */
export async function disconnectCoral(service: Service, siteId: string, actor: Actor): Promise<void> {
  await inTransaction(service.db, async (trx) => {
    if (!(await deleteCoralConnection(trx, siteId))) {
      throw new RefusedError('not_found', 'No Coral is connected.');
    }
    const entry = { siteId, actor: actorReference(actor), subject: siteId, detail: {}, at: service.now() };
    await appendAudit(trx, { ...entry, action: 'coral.disconnect' });
  });
}

/**
 * Whether a request comes from the site's Coral: one of the signatures in `X-Coral-Signature` (`sha256=HEX`, separated by
 * commas; two while Coral rotates its secret) is the HMAC-SHA-256 of the body under one of the secrets.
 */
export async function isFromCoral(
  service: Service,
  siteId: string,
  signatures: string,
  body: Uint8Array,
): Promise<boolean> {
  const row = await findCoralConnection(service.db, siteId);
  const opened = row && unseal(service, PURPOSE, siteId, { kid: row.secrets_kid, bytes: row.secrets });
  // Without a connection as much is computed as with one.
  const secrets: string[] = opened ? JSON.parse(Buffer.from(opened).toString('utf8')) : ['none'];
  const given = [...signatures.slice(0, 1000).matchAll(/(?:^|,)\s*sha256=([0-9a-f]{64})(?=\s*(?:,|$))/g)];
  let matches = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest();
    for (const [, hex = ''] of given) {
      if (timingSafeEqual(expected, Buffer.from(hex, 'hex'))) matches = true;
    }
  }
  return matches && opened !== null;
}

/**
 * What Coral shall do with a comment; null: what it would have done anyway. Never `APPROVED`: that would end Coral's own
 * phases, and the filter knows of spam alone.
 */
export function answerCoral(service: Service, site: SiteContext, asked: CoralRequest): CoralAnswer | null {
  if (STAFF.has(asked.role)) return null;
  const { disposition, verdict } = judgeText(service, site, { content: unlinkAddresses(asked.body) });
  switch (disposition) {
    case 'publish':
      return null;
    case 'hold':
      return { status: 'PREMOD', ...(verdict !== 'ham' && { actions: SPAM_FLAG }) };
    case 'spam':
      return { status: 'SYSTEM_WITHHELD', actions: SPAM_FLAG };
    case 'discard':
      return { status: 'REJECTED', actions: SPAM_FLAG };
  }
}
