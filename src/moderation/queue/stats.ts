/** Counts of a site, for its pages and its own monitoring. */
import {
  type AuditEstimate,
  type AuditSums,
  estimateAudit,
  estimateErrorRates,
} from '../../core/evaluation/spot-check-estimate.ts';
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { countHeldLabels, sumAuditDraws } from '../../storage/learn/audit-draws.ts';
import { countSamples } from '../../storage/learn/samples.ts';
import { listExpiredDays } from '../../storage/privacy/retention.ts';
import { countStatuses, readQueueAge } from '../../storage/stats.ts';
import { type DayRow, type LeftRow, readDays, readLeavings } from '../../storage/stats-series.ts';
import { type PromiseView, promiseOf, viewPromise } from '../site/promise.ts';
import type { SiteContext } from '../site/site-context.ts';
import { type AgreementView, showAgreement } from './second-reviews.ts';

export interface SiteStats {
  readonly comments: Readonly<Record<string, number>>;
  readonly queue: { readonly waiting: number; readonly oldest_at: string | null };
  readonly samples: { readonly ham: number; readonly spam: number };
  readonly audit: AuditView;
  /** How far two moderators agree who do not know of each other's decision. */
  readonly agreement: AgreementView;
  readonly filter: {
    readonly model_version: string;
    /** Whether the promised bound on blocked ham is proven; until then the filter holds and marks nothing spam. */
    readonly bounded: boolean;
    readonly max_ham_blocked: number;
    readonly confidence: number;
    readonly promise: PromiseView;
  };
}

/** One kind of comment that nobody looked at, as the random audit found it. */
interface AuditKindView {
  readonly waiting: number;
  readonly judged: number;
  /** Published ones that are spam; ones marked spam that are good. */
  readonly wrong: number;
  readonly wrong_share: number | null;
  /** 95 %. */
  readonly interval: readonly [number, number];
}

/** Estimates from the random audit, unbiased: what was drawn does not depend on what the filter thought of it. */
export interface AuditView {
  /** The site's share by now. */
  readonly share: number;
  readonly published: AuditKindView;
  readonly marked_spam: AuditKindView;
  /** Good comments marked spam unseen among all good ones: what the promise bounds. */
  readonly ham_blocked: number | null;
  /** Spam published unseen among all spam. */
  readonly spam_missed: number | null;
}

async function showAudit(service: Service, site: SiteContext): Promise<AuditView> {
  const [sums, held] = await Promise.all([
    sumAuditDraws(service.db, site.id),
    countHeldLabels(service.db, site.id),
  ]);
  const published = estimateAudit(sums.published);
  const markedSpam = estimateAudit(sums.marked_spam);
  const rates = estimateErrorRates(published, markedSpam, held);
  return {
    share: site.settings.audit_share,
    published: viewKind(sums.published, published),
    marked_spam: viewKind(sums.marked_spam, markedSpam),
    ham_blocked: rates.hamBlocked,
    spam_missed: rates.spamMissed,
  };
}

function viewKind(
  { waiting, judged, wrong }: AuditSums,
  { wrongShare, interval }: AuditEstimate,
): AuditKindView {
  return { waiting, judged, wrong, wrong_share: wrongShare, interval };
}

const DAY_MS = 86_400_000;

export interface DayView extends DayRow {
  /** Of the submissions, by the filter's verdict; null on a day without any. */
  readonly spam_share: number | null;
  /** How long the oldest item had waited when the day ended (today: now); null when nothing waited. */
  readonly oldest_waiting_seconds: number | null;
}

/** What came and what became of it, for each of the last so many days in UTC, those without comments too. */
export async function showDays(service: Service, siteId: string, days: number): Promise<DayView[]> {
  const now = service.now().getTime();
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const first = today - (days - 1) * DAY_MS;
  const [rows, leavings, expired] = await Promise.all([
    readDays(service.db, siteId, firstIdOf(first)),
    readLeavings(service.db, siteId, firstIdOf(first)),
    listExpiredDays(service.db, siteId, dayOf(first)),
  ]);
  const rowOf = new Map(rows.map((row) => [row.day, row]));
  const expiredOf = new Map(expired.map((row) => [row.day, row]));
  return Array.from({ length: days }, (_, index) => {
    const start = first + index * DAY_MS;
    const day = dayOf(start);
    const row = rowOf.get(day) ?? emptyDay(day);
    const gone = expiredOf.get(day);
    const submissions = row.submissions + (gone?.submissions ?? 0);
    const spam = row.spam + (gone?.spam ?? 0);
    return {
      ...row,
      submissions,
      spam,
      spam_share: submissions === 0 ? null : spam / submissions,
      oldest_waiting_seconds: oldestWaiting(leavings, day, Math.min(now, start + DAY_MS)),
    };
  });
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function emptyDay(day: string): DayRow {
  const counts = { submissions: 0, spam: 0, held: 0, decided: 0, missed_spam: 0, false_positives: 0 };
  return { day, ...counts, median_seconds_to_decision: null };
}

/** What leaves the queue after a day, or never did, waited when the day ended, if it was there by then. */
function oldestWaiting(leavings: readonly LeftRow[], day: string, endMs: number): number | null {
  const since = leavings
    .filter((left) => left.day === null || left.day > day)
    .map(({ oldest }) => oldest.getTime());
  const oldest = Math.min(...since);
  return oldest < endMs ? (endMs - oldest) / 1000 : null;
}

export async function showStats(service: Service, site: SiteContext): Promise<SiteStats> {
  const [comments, queue, samples, audit, agreement] = await Promise.all([
    countStatuses(service.db, site.id),
    readQueueAge(service.db, site.id),
    countSamples(service.db, site.id),
    showAudit(service, site),
    showAgreement(service, site.id),
  ]);
  return {
    comments,
    queue: { waiting: queue.waiting, oldest_at: queue.oldest?.toISOString() ?? null },
    samples,
    audit,
    agreement,
    filter: {
      model_version: site.model.version,
      bounded: site.bounded,
      max_ham_blocked: site.settings.max_ham_blocked,
      confidence: site.settings.confidence,
      promise: viewPromise(
        promiseOf(site.settings),
        service.starter === site.model ? null : site.model.bound,
        samples.ham,
      ),
    },
  };
}
