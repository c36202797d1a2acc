/** Tells of comments that wait longer for a human than their site allows (`overdue_minutes`). */
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import { claimAlarm, countOverdue, listSitesWithDeadline } from '../../storage/queue/overdue.ts';

/**
 * Appends `queue.overdue` for every site where a comment waits too long: once, and again each `overdue_minutes` while
 * it lasts, however many processes look. Returns for how many sites.
 */
export async function tellOverdue(service: Service): Promise<number> {
  let told = 0;
  for (const { site_id: siteId, overdue_minutes: minutes } of await listSitesWithDeadline(service.db)) {
    const now = service.now();
    const deadline = new Date(now.getTime() - minutes * 60_000);
    const { count, oldest_at: oldest } = await countOverdue(service.db, siteId, deadline);
    if (count === 0) continue;
    told += await inTransaction(service.db, async (trx) => {
      if (!(await claimAlarm(trx, siteId, now, deadline))) return 0;
      const data = { overdue: count, overdue_minutes: minutes, oldest_at: oldest?.toISOString() };
      await appendEvents(trx, [{ siteId, kind: 'queue.overdue', subject: null, data, at: now }]);
      return 1;
    });
  }
  return told;
}
