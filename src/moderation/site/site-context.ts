/** What a process keeps of a site between requests: settings, word lists, the active filter. */
import type { Model } from '../../core/filter/model.ts';
import type { CompiledRule } from '../../core/rules/rule.ts';
import { compileWords, type WordList } from '../../core/text/words.ts';
import { describeError } from '../../logging.ts';
import type { Service } from '../../service.ts';
import { findOpenRun } from '../../storage/learn/shadow.ts';
import { listRules } from '../../storage/rules.ts';
import { findSite, type SiteRow } from '../../storage/sites.ts';
import { loadModel } from './load-model.ts';
import { isProven, promiseOf } from './promise.ts';
import { readSettings, type Settings } from './settings.ts';
import { compileSiteRules } from './site-rules.ts';

export interface SiteContext {
  readonly id: string;
  readonly slug: string;
  readonly url: string | null;
  readonly revision: number;
  readonly settings: Settings;
  readonly bannedWords: WordList;
  readonly suspectWords: WordList;
  readonly rules: readonly CompiledRule[];
  readonly model: Model;
  /** Whether the active filter's bound on blocked ham is proven on this site's own labels. */
  readonly bounded: boolean;
  /** The model that scores beside the active one without effect, and whether it keeps the promise. */
  readonly shadow: { readonly model: Model; readonly bounded: boolean } | null;
  /** The active filter could not be read, and another serves. */
  readonly degraded: boolean;
}

/** A change elsewhere (an activation, a setting) is seen no later than this. */
const FRESH_MS = 1000;
const MOST_SITES = 5000;

interface Entry {
  context: SiteContext;
  checkedAt: number;
}
const caches = new WeakMap<Service['db'], Map<string, Entry>>();

/** The site as of at most a second ago, or null when there is none. */
export async function readSiteContext(service: Service, siteId: string): Promise<SiteContext | null> {
  const cache = cacheOf(service);
  const entry = cache.get(siteId);
  const now = service.now().getTime();
  if (entry && Math.abs(now - entry.checkedAt) < FRESH_MS) return entry.context;
  const row = await findSite(service.db, siteId);
  if (!row) {
    cache.delete(siteId);
    return null;
  }
  const context =
    entry?.context.revision === row.revision ? entry.context : await build(service, row, entry?.context);
  if (cache.size >= MOST_SITES) cache.clear();
  cache.set(siteId, { context, checkedAt: now });
  return context;
}

/** Makes the next read see what was just changed. */
export function forgetSite(service: Service, siteId: string): void {
  const entry = cacheOf(service).get(siteId);
  if (entry) entry.checkedAt = Number.NEGATIVE_INFINITY;
}

/** The sites whose active filter could not be read. */
export function listDegradedSites(service: Service): string[] {
  return [...cacheOf(service).values()]
    .filter(({ context }) => context.degraded)
    .map(({ context }) => context.id);
}

function cacheOf(service: Service): Map<string, Entry> {
  const cache = caches.get(service.db) ?? new Map<string, Entry>();
  caches.set(service.db, cache);
  return cache;
}

async function build(service: Service, row: SiteRow, before: SiteContext | undefined): Promise<SiteContext> {
  const settings = readSettings(row.settings);
  const model = await activeModel(service, row, before);
  const keepsPromise = (one: Model) => one !== service.starter && isProven(one.bound, promiseOf(settings));
  const shadow = await readShadow(service, row.id);
  return {
    id: row.id,
    slug: row.slug,
    url: row.url,
    revision: row.revision,
    settings,
    bannedWords: compileWords(settings.banned_words),
    suspectWords: compileWords(settings.suspect_words),
    rules: compileSiteRules(service, await listRules(service.db, row.id), before?.rules ?? []),
    model,
    bounded: keepsPromise(model),
    shadow: shadow && { model: shadow, bounded: keepsPromise(shadow) },
    degraded: row.active_model !== null && model.version !== row.active_model,
  };
}

/** A damaged model in the shadow scores nothing; the comments do not notice. */
async function readShadow(service: Service, siteId: string): Promise<Model | null> {
  const run = await findOpenRun(service.db, siteId);
  if (!run) return null;
  try {
    return await loadModel(service, siteId, run.model_version);
  } catch (error) {
    const modelVersion = run.model_version;
    service.log.error('shadow-not-usable', { siteId, modelVersion, ...describeError(error) });
    return null;
  }
}

/** A damaged model never goes live: what was active stays, or the starter filter, which may only hold. */
async function activeModel(service: Service, row: SiteRow, before: SiteContext | undefined): Promise<Model> {
  if (row.active_model === null) return service.starter;
  try {
    return await loadModel(service, row.id, row.active_model);
  } catch (error) {
    service.log.error('model-not-usable', {
      siteId: row.id,
      modelVersion: row.active_model,
      ...describeError(error),
    });
    return before?.model ?? service.starter;
  }
}
