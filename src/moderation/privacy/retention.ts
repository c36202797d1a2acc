/** Deletion by age, as each site sets it: unread spam, and what tells of a visitor's connection. */
import { setTimeout as wait } from 'node:timers/promises';
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { expireUnseenSpam, forgetVisitors, listRetentionSettings } from '../../storage/privacy/retention.ts';
import { readSettings } from '../site/settings.ts';

const DAY_MS = 86_400_000;
/** In one statement, for which a decision on one of them has to wait. */
const AT_ONCE = 500;
/** Between two rounds, so that requests have their turn; a cap of 333 rows a second never met the promised days. */
const REST_MS = 10;
/** A run ends after this; the next follows within half a minute. */
const LONGEST_RUN_MS = 60_000;

/** Deletes what is too old by its site's settings, one statement of each site in turn; several processes may do so. */
export async function deleteByAge(service: Service): Promise<void> {
  const until = service.now().getTime() + LONGEST_RUN_MS;
  let open = (await listRetentionSettings(service.db)).map(({ id, settings }) => {
    const { delete_spam_after_days, forget_visitors_after_days } = readSettings(settings);
    return { id, spamDays: delete_spam_after_days, visitorDays: forget_visitors_after_days };
  });
  while (open.length > 0) {
    const goesOn = new Set<string>();
    for (const { id, spamDays, visitorDays } of open) {
      if (service.stopping.aborted || service.now().getTime() > until) return;
      const spam = await deleteOlder(service, id, spamDays, expireUnseenSpam);
      const visitors = await deleteOlder(service, id, visitorDays, forgetVisitors);
      if (spam > 0) service.log.info('spam-expired', { siteId: id, count: spam });
      if (visitors > 0) service.log.info('visitors-forgotten', { siteId: id, count: visitors });
      if (Math.max(spam, visitors) === AT_ONCE) goesOn.add(id);
    }
    open = open.filter(({ id }) => goesOn.has(id));
    if (open.length > 0) await wait(REST_MS);
  }
}

async function deleteOlder(
  service: Service,
  siteId: string,
  days: number | null,
  step: typeof expireUnseenSpam,
): Promise<number> {
  if (days === null) return 0;
  const before = firstIdOf(Math.max(0, service.now().getTime() - days * DAY_MS));
  return await step(service.db, siteId, before, AT_ONCE);
}
