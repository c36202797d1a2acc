/** The labels of a site that its other labels speak against. */
import { createSuspicionSearch } from '../../core/filter/suspicious.ts';
import { beginTraining } from '../../core/filter/training.ts';
import type { FoundSuspicions, Service, TrainingThread } from '../../service.ts';
import { readLabelRevision, readSamples, type StoredSample } from '../../storage/learn/samples.ts';
import { learnSamples } from './learn-samples.ts';

/** As many are found at once; a request shows the first of them. */
export { MOST_SUSPICIOUS } from '../../core/filter/suspicious.ts';

/** One suspicious label, with what speaks against it. */
export interface SuspiciousLabel {
  /** The comment's id, or the uploaded sample's. */
  readonly id: string;
  /** `decision` for a moderator's, else where the sample came from. */
  readonly source: string;
  readonly content: string;
  readonly author_name: string | null;
  readonly author_url: string | null;
  readonly label: string;
  readonly labelled_by: string;
  readonly labelled_at: string;
  /** By all the other labels: above 0 they say spam, below 0 ham. */
  readonly log_odds: number;
  /** The features that speak against the label, strongest first. */
  readonly evidence: readonly {
    readonly feature: string;
    readonly group: string;
    readonly log_odds: number;
  }[];
}

export interface SuspiciousLabels {
  readonly items: readonly SuspiciousLabel[];
  /** How many labels were looked at, and how many the others speak against. */
  readonly samples: number;
  readonly disagreeing: number;
}

const MOST_EVIDENCE = 10;
const NOTHING: SuspiciousLabels = { items: [], samples: 0, disagreeing: 0 };

interface Kept {
  readonly revision: string;
  readonly labels: Promise<SuspiciousLabels>;
}
const caches = new WeakMap<Service['db'], Map<string, Kept>>();
const MOST_SITES = 50;

/**
 * The labels that the site's other labels most speak against. Two passes over the samples in pages, about 2 s for
 * 100,000, in the thread of a training: other requests are answered meanwhile. Kept until a label changes, and found
 * once for those who ask at the same time.
 */
export async function findSuspiciousLabels(
  service: Service,
  siteId: string,
  limit: number,
): Promise<SuspiciousLabels> {
  const cache = caches.get(service.db) ?? new Map<string, Kept>();
  caches.set(service.db, cache);
  const revision = await readLabelRevision(service.db, siteId);
  let kept = cache.get(siteId);
  if (kept?.revision !== revision) {
    kept = { revision, labels: search(service, siteId) };
    if (cache.size >= MOST_SITES) cache.clear();
    cache.set(siteId, kept);
    kept.labels.catch(() => cache.delete(siteId));
  }
  const labels = await kept.labels;
  return { ...labels, items: labels.items.slice(0, limit) };
}

const OPTIONS = { version: 'suspicious', provenance: {} };

async function search(service: Service, siteId: string): Promise<SuspiciousLabels> {
  if (service.trainInThread === null) return await searchHere(service, siteId);
  const thread = service.trainInThread({ ...OPTIONS, starter: service.starter });
  try {
    return await searchInThread(service, siteId, thread);
  } finally {
    await thread.close();
  }
}

async function searchInThread(
  service: Service,
  siteId: string,
  thread: TrainingThread,
): Promise<SuspiciousLabels> {
  const pages = readSamples(service.db, siteId);
  const { report } = await learnSamples(thread, pages, {});
  if (report.refusal) return { ...NOTHING, samples: report.samples };
  for await (const page of readSamples(service.db, siteId)) await thread.look(page);
  return view(await thread.listSuspicions(MOST_EVIDENCE));
}

/** Where there are no threads. */
async function searchHere(service: Service, siteId: string): Promise<SuspiciousLabels> {
  const training = beginTraining({ ...OPTIONS, starter: service.starter });
  for await (const page of readSamples(service.db, siteId)) {
    for (const sample of page) training.add(sample, { groupKey: sample.group });
  }
  const { model, report } = training.finish();
  if (report.refusal) return { ...NOTHING, samples: report.samples };
  const found = createSuspicionSearch<StoredSample>(model);
  for await (const page of readSamples(service.db, siteId)) for (const sample of page) found.look(sample);
  return view(found.list(MOST_EVIDENCE));
}

function view({ items, looked, disagreeing }: FoundSuspicions): SuspiciousLabels {
  return {
    items: items.map(({ sample, logOdds, evidence }) => ({
      id: sample.id,
      source: sample.source,
      content: sample.content,
      author_name: sample.authorName ?? null,
      author_url: sample.authorUrl ?? null,
      label: sample.label,
      labelled_by: sample.actor,
      labelled_at: sample.labelledAt.toISOString(),
      log_odds: logOdds,
      evidence: evidence.map((one) => ({ feature: one.feature, group: one.group, log_odds: one.logOdds })),
    })),
    samples: looked,
    disagreeing,
  };
}
