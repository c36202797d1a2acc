/** Deletion by age, as each site sets it: unread spam, and what tells of a visitor's connection. */
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { expireUnseenSpam, forgetVisitors, listRetentionSettings } from '../../storage/privacy/retention.ts';
import { readSettings } from '../site/settings.ts';

const DAY_MS = 86_400_000;
/** In one statement, for which a decision on one of them has to wait. */
const AT_ONCE = 500;
/** Of one site in one go, so that the others have their turn; the rest follows half a minute later. */
const MOST_STATEMENTS = 20;

/** Deletes what is too old by its site's settings; several processes may do so at once. */
export async function deleteByAge(service: Service): Promise<void> {
  for (const { id, settings } of await listRetentionSettings(service.db)) {
    const { delete_spam_after_days: spamDays, forget_visitors_after_days: visitorDays } =
      readSettings(settings);
    const spam = await deleteOlder(service, id, spamDays, expireUnseenSpam);
    const visitors = await deleteOlder(service, id, visitorDays, forgetVisitors);
    if (spam > 0) service.log.info('spam-expired', { siteId: id, count: spam });
    if (visitors > 0) service.log.info('visitors-forgotten', { siteId: id, count: visitors });
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
  let done = 0;
  for (let statement = 0; statement < MOST_STATEMENTS && !service.stopping.aborted; statement += 1) {
    const more = await step(service.db, siteId, before, AT_ONCE);
    done += more;
    if (more < AT_ONCE) break;
  }
  return done;
}
