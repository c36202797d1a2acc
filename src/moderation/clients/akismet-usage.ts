/** What an Akismet client may ask about its own use, counted from the answered checks. */
import { createHmac } from 'node:crypto';
import type { Service } from '../../service.ts';
import { type AkismetUsage, listAkismetPeriods, listAkismetUsage } from '../../storage/clients/akismet.ts';
import type { Actor } from '../actor.ts';

export const USAGE_ORDERS = {
  total: 'api_calls',
  spam: 'spam',
  ham: 'ham',
  missed_spam: 'missed_spam',
  false_positives: 'false_positives',
} as const;
export type UsageOrder = keyof typeof USAGE_ORDERS;

export interface UsageQuery {
  /** `YYYY-MM`; null: this month (UTC). */
  readonly month: string | null;
  readonly filter: string | null;
  readonly order: UsageOrder;
  readonly limit: number;
  readonly offset: number;
}

/** The sites that used a key in a month, busiest first. */
export async function showAkismetSites(
  service: Service,
  actor: Actor,
  query: UsageQuery,
): Promise<{ month: string; sites: AkismetUsage[]; total: number }> {
  const month = query.month ?? service.now().toISOString().slice(0, 7);
  const all = await listAkismetUsage(service.db, actor.id, ...boundsOf(month));
  const matching = all.filter(({ blog }) => query.filter === null || blog.includes(query.filter));
  const by = USAGE_ORDERS[query.order];
  const sites = matching
    .sort((one, other) => other[by] - one[by])
    .slice(query.offset, query.offset + query.limit);
  return { month, sites, total: matching.length };
}

/** How many checks a key made this month. */
export async function countAkismetCalls(service: Service, actor: Actor): Promise<number> {
  const month = service.now().toISOString().slice(0, 7);
  const sites = await listAkismetUsage(service.db, actor.id, ...boundsOf(month));
  return sites.reduce((sum, { api_calls: calls }) => sum + calls, 0);
}

function boundsOf(month: string): [from: Date, to: Date] {
  const from = new Date(`${month}-01T00:00:00Z`);
  return [from, new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1))];
}

export type StatsPeriod = '60-days' | '6-months' | 'all';

export interface AkismetStats {
  readonly spam: number;
  readonly ham: number;
  readonly missed_spam: number;
  readonly false_positives: number;
  /** Percent of the answers that nobody corrected; 0 without any. */
  readonly accuracy: number;
  /** Seconds of reading saved, at a minute a caught spam. */
  readonly time_saved: number;
  readonly breakdown: Readonly<Record<string, Record<string, number | string>>>;
}

const SECONDS_A_SPAM = 60;
const DAY_MS = 86_400_000;

/** The numbers of the plugin's admin page: by day for 60 days, else by month. */
export async function showAkismetStats(
  service: Service,
  actor: Actor,
  period: StatsPeriod,
): Promise<AkismetStats> {
  const now = service.now();
  const from = {
    '60-days': new Date(now.getTime() - 60 * DAY_MS),
    '6-months': new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 5, 1)),
    all: new Date(0),
  }[period];
  const periods = await listAkismetPeriods(
    service.db,
    actor.id,
    from,
    period === '60-days' ? 'day' : 'month',
  );
  const sum = (name: 'spam' | 'ham' | 'missed_spam' | 'false_positives' | 'api_calls') =>
    periods.reduce((total, one) => total + one[name], 0);
  const calls = sum('api_calls');
  const wrong = sum('missed_spam') + sum('false_positives');
  return {
    spam: sum('spam'),
    ham: sum('ham'),
    missed_spam: sum('missed_spam'),
    false_positives: sum('false_positives'),
    accuracy: calls === 0 ? 0 : Math.round(((calls - wrong) / calls) * 10_000) / 100,
    time_saved: sum('spam') * SECONDS_A_SPAM,
    breakdown: Object.fromEntries(
      periods.map((one) => [
        one.period,
        {
          spam: one.spam,
          ham: one.ham,
          missed_spam: one.missed_spam,
          false_positives: one.false_positives,
          blogs: 1,
          da: one.period.length === 7 ? `${one.period}-01` : one.period,
        },
      ]),
    ),
  };
}

/** A text that stands for a key without being one: the same for the same key. */
export function akismetToken(service: Service, actor: Actor): string {
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a token needs a pseudonym key');
  return createHmac('sha256', newest.key).update(`akismet-token|v1|${actor.id}`).digest('hex');
}
