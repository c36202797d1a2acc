/** Counts of a site, for its pages and its own monitoring. */
import type { Service } from '../service.ts';
import { countSamples } from '../storage/samples.ts';
import { countStatuses, readQueueAge } from '../storage/stats.ts';
import { type PromiseView, promiseOf, viewPromise } from './promise.ts';
import type { SiteContext } from './site-context.ts';

export interface SiteStats {
  readonly comments: Readonly<Record<string, number>>;
  readonly queue: { readonly waiting: number; readonly oldest_at: string | null };
  readonly samples: { readonly ham: number; readonly spam: number };
  readonly filter: {
    readonly model_version: string;
    /** Whether the promised bound on blocked ham is proven; until then the filter holds and marks nothing spam. */
    readonly bounded: boolean;
    readonly max_ham_blocked: number;
    readonly confidence: number;
    readonly promise: PromiseView;
  };
}

export async function showStats(service: Service, site: SiteContext): Promise<SiteStats> {
  const [comments, queue, samples] = await Promise.all([
    countStatuses(service.db, site.id),
    readQueueAge(service.db, site.id),
    countSamples(service.db, site.id),
  ]);
  return {
    comments,
    queue: { waiting: queue.waiting, oldest_at: queue.oldest?.toISOString() ?? null },
    samples,
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
