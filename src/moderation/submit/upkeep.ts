/** Keeps checks quick while tables grow: the planner's statistics, and the bands of old comments. */
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { deleteNearDuplicates } from '../../storage/privacy/retention.ts';
import { analyzeComments } from '../../storage/submissions.ts';
import { CAMPAIGN_MS } from '../site/scored-columns.ts';

/**
 * After so many comments of this process the tables are analysed, and again whenever their number has grown tenfold: a
 * plan that was made for empty tables took three times as long. PostgreSQL's autovacuum comes a minute later, PGlite has
 * none.
 */
const FIRST_ANALYZE = 1_000;
const GROWTH = 10;

/** Looking for old bands may read the whole table. */
const FORGET_EVERY_MS = 86_400_000;
/** In one statement, and of all in one go. */
const BANDS_AT_ONCE = 8_000;
const MOST_STATEMENTS = 200;

interface Progress {
  stored: number;
  nextAnalyze: number;
  forgetAt: number;
}
const progress = new WeakMap<Service['db'], Progress>();

function progressOf(service: Service): Progress {
  const known = progress.get(service.db) ?? { stored: 0, nextAnalyze: FIRST_ANALYZE, forgetAt: 0 };
  progress.set(service.db, known);
  return known;
}

/** Notes that comments were stored. */
export function noteGrowth(service: Service, comments: number): void {
  const of = progressOf(service);
  of.stored += comments;
  if (of.stored < of.nextAnalyze) return;
  of.nextAnalyze = of.stored * GROWTH;
  service.background(() => analyzeComments(service.db));
}

/** Forgets, once a day, the bands of comments that are too old to be part of a campaign. */
export async function forgetOldBands(service: Service): Promise<void> {
  const of = progressOf(service);
  const now = service.now().getTime();
  if (now < of.forgetAt) return;
  of.forgetAt = now + FORGET_EVERY_MS;
  const before = firstIdOf(Math.max(0, now - CAMPAIGN_MS));
  for (let statement = 0; statement < MOST_STATEMENTS && !service.stopping.aborted; statement += 1) {
    if ((await deleteNearDuplicates(service.db, before, BANDS_AT_ONCE)) < BANDS_AT_ONCE) return;
  }
}
