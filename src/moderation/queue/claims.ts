/** Claims: two people never work on one item, and what somebody leaves comes back by itself. */
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import {
  claimFreeItems,
  claimItemsById,
  listClaims,
  readActorNames,
  releaseClaims,
} from '../../storage/queue/claims.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference } from '../actor.ts';
import { type QueueItemView, viewItems } from './queue-item.ts';

export interface WantedClaims {
  /** These, as far as nobody else holds them; without: the riskiest that nobody holds. */
  readonly ids?: readonly string[] | undefined;
  readonly limit: number;
  readonly seconds: number;
}

/** Items that no one else holds, held by this actor until the time is up. */
export async function claimItems(
  service: Service,
  siteId: string,
  actor: Actor,
  { ids, limit, seconds }: WantedClaims,
): Promise<QueueItemView[]> {
  const now = service.now();
  const until = new Date(now.getTime() + seconds * 1000);
  const claim = { claimant: actorReference(actor), now, until };
  const rows = await inTransaction(service.db, async (trx) => {
    const claimed = ids
      ? await claimItemsById(trx, siteId, claim, ids)
      : await claimFreeItems(trx, siteId, claim, limit);
    const held = claimed.map((row) => row.comment_id);
    await tellClaims(trx, siteId, held, claim, now);
    return claimed;
  });
  rows.sort((a, b) => b.risk - a.risk || (a.comment_id < b.comment_id ? 1 : -1));
  return await viewItems(service, siteId, actor, rows);
}

/** Gives items back before their time is up; those of others stay. Returns how many were given back. */
export async function releaseItems(
  service: Service,
  siteId: string,
  actor: Actor,
  commentIds: readonly string[],
): Promise<number> {
  return await inTransaction(service.db, async (trx) => {
    const ids = await releaseClaims(trx, siteId, actorReference(actor), commentIds);
    await tellClaims(trx, siteId, ids, { claimant: null, until: null }, service.now());
    return ids.length;
  });
}

async function tellClaims(
  trx: Transaction,
  siteId: string,
  ids: readonly string[],
  { claimant, until }: { readonly claimant: string | null; readonly until: Date | null },
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const data = { ids, claimant, until: until?.toISOString() ?? null };
  await appendEvents(trx, [{ siteId, kind: 'claim.changed', subject: null, data, at }]);
}

export interface ClaimView {
  readonly id: string;
  readonly by: string;
  readonly mine: boolean;
  readonly until: string;
}

const MOST_SHOWN = 1000;

/** Who holds what on a site, up to 1,000 claims. */
export async function showClaims(service: Service, siteId: string, actor: Actor): Promise<ClaimView[]> {
  const rows = await listClaims(service.db, siteId, service.now(), MOST_SHOWN);
  const holders = [...new Set(rows.map((row) => row.claimed_by ?? ''))];
  const names = holders.length === 0 ? new Map<string, string>() : await readActorNames(service.db, holders);
  return rows.map(({ comment_id, claimed_by, claimed_until }) => ({
    id: comment_id,
    by: names.get(claimed_by ?? '') ?? claimed_by ?? '',
    mine: claimed_by === actorReference(actor),
    until: claimed_until?.toISOString() ?? '',
  }));
}
