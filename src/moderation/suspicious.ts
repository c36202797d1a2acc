/** The labels of a site that its other labels speak against. */
import type { Evidence } from '../core/classifier.ts';
import { createSuspicionList, explainSuspicion, type Suspicion } from '../core/suspicious.ts';
import { beginTraining } from '../core/training.ts';
import type { Service } from '../service.ts';
import { readLabelRevision, readSamples, type StoredSample } from '../storage/samples.ts';

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

/** As many are found at once; a request shows the first of them. */
export const MOST_SUSPICIOUS = 200;
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
 * 100,000; kept until a label changes, and found once for those who ask at the same time.
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

async function search(service: Service, siteId: string): Promise<SuspiciousLabels> {
  const training = beginTraining({ version: 'suspicious', starter: service.starter, provenance: {} });
  for await (const page of readSamples(service.db, siteId)) {
    for (const sample of page) training.add(sample, { groupKey: sample.group });
  }
  const { model, report } = training.finish();
  if (report.refusal) return { ...NOTHING, samples: report.samples };
  const list = createSuspicionList<StoredSample>(model, MOST_SUSPICIOUS);
  for await (const page of readSamples(service.db, siteId)) {
    for (const sample of page) list.look(sample);
  }
  return {
    items: list.list().map((found) => view(found, explainSuspicion(model, found.sample, MOST_EVIDENCE))),
    samples: list.looked(),
    disagreeing: list.disagreeing(),
  };
}

function view({ sample, logOdds }: Suspicion<StoredSample>, evidence: readonly Evidence[]): SuspiciousLabel {
  return {
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
  };
}
