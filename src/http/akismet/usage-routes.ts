/** What the clients ask about a key: its sites, its usage, its subscription. */
import { z } from 'zod';
import {
  akismetToken,
  countAkismetCalls,
  showAkismetSites,
  showAkismetStats,
  USAGE_ORDERS,
} from '../../moderation/clients/akismet-usage.ts';
import type { App } from '../routing/app-context.ts';
import { writeCell } from '../routing/csv.ts';
import { answerBad, answerJson, answerText } from './answer.ts';
import { type AkismetCall, addEndpoint } from './endpoint.ts';
import type { AkismetFields } from './read-fields.ts';

export function addUsageRoutes(app: App): void {
  addEndpoint(app, ['GET', 'POST'], 'key-sites', showSites);
  addEndpoint(app, ['GET', 'POST'], 'usage-limit', showLimit);
  addEndpoint(app, ['POST'], 'get-stats', showStats);
  addEndpoint(app, ['POST'], 'get-subscription', async ({ c, site }) =>
    answerJson(c, {
      account_id: 1,
      account_type: 'leave-a-reply',
      account_name: `leave-a-reply (${site.slug})`,
      status: 'active',
      next_billing_date: false,
      limit_reached: false,
    }),
  );
  addEndpoint(app, ['POST'], 'token', async ({ c, caller }) =>
    answerText(c, akismetToken(c.var.service, caller.actor)),
  );
}

const orders = Object.keys(USAGE_ORDERS) as (keyof typeof USAGE_ORDERS)[];
const sitesQuery = z.object({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .nullable()
    .catch(null),
  filter: z.string().max(255).nullable().catch(null),
  order: z.enum(orders).catch('total'),
  limit: z.coerce.number().int().min(1).max(1000).catch(500),
  offset: z.coerce.number().int().min(0).max(1_000_000).catch(0),
});

async function showSites({ c, fields, caller }: AkismetCall): Promise<Response> {
  const query = sitesQuery.parse(Object.fromEntries(fields));
  const { month, sites, total } = await showAkismetSites(c.var.service, caller.actor, query);
  const { limit, offset } = query;
  if (fields.get('format') === 'csv') {
    const lines = [
      `Active sites for ${caller.key} during ${month} (limit:${limit}, offset: ${offset}, total: ${total})`,
      'Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,Is Revoked',
      ...sites.map((one) =>
        [one.blog, one.api_calls, one.spam, one.ham, one.missed_spam, one.false_positives, 'false']
          .map(writeCell)
          .join(','),
      ),
    ];
    return answerText(c, lines.join('\n'), { 'content-type': 'text/csv; charset=utf-8' });
  }
  const items = sites.map(({ blog, ...counts }) => ({
    site: blog,
    // Strings, as the documentation's examples have them; clients of both forms take them.
    ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)])),
    is_revoked: false,
  }));
  return answerJson(c, { [month]: items, limit, offset, total });
}

/** A host that a client made up must not become a formula in a spreadsheet. */
async function showLimit({ c, caller }: AkismetCall): Promise<Response> {
  const usage = await countAkismetCalls(c.var.service, caller.actor);
  return answerJson(c, { limit: 'none', usage, percentage: '0.00', throttled: false });
}

async function showStats({ c, fields, caller }: AkismetCall): Promise<Response> {
  const period = readPeriod(fields);
  if (period === null) return answerBad(c, 'invalid', 'from is 60-days, 6-months or all');
  return answerJson(c, await showAkismetStats(c.var.service, caller.actor, period));
}

function readPeriod(fields: AkismetFields) {
  const parsed = z.enum(['60-days', '6-months', 'all']).safeParse(fields.get('from') ?? 'all');
  return parsed.success ? parsed.data : null;
}
