import { createHash } from 'node:crypto';
import type { Model } from '../core/model.ts';
import { parseModel } from '../core/model-format.ts';
import type { Service } from '../service.ts';
import { readModelBytes } from '../storage/models.ts';
import { RefusedError } from './refused-error.ts';

/** Parsed models by version; a version never changes, so they never go stale. */
const MOST_MODELS = 32;
const caches = new WeakMap<Service['db'], Map<string, Model>>();

/**
 * The model of a version: the site's own, or a shipped starter filter.
 *
 * @throws {RefusedError} `not_found` when there is none, `model_not_usable` when its bytes are damaged.
 */
export async function loadModel(service: Service, siteId: string, version: string): Promise<Model> {
  if (version === service.starter.version) return service.starter;
  const cache = caches.get(service.db) ?? new Map<string, Model>();
  caches.set(service.db, cache);
  const key = `${siteId} ${version}`;
  const cached = cache.get(key);
  if (cached) {
    cache.delete(key);
    cache.set(key, cached);
    return cached;
  }
  const model = await readModel(service, siteId, version);
  const oldest = cache.keys().next().value;
  if (cache.size >= MOST_MODELS && oldest !== undefined) cache.delete(oldest);
  cache.set(key, model);
  return model;
}

async function readModel(service: Service, siteId: string, version: string): Promise<Model> {
  const stored = await readModelBytes(service.db, siteId, version);
  if (!stored) throw new RefusedError('not_found', `There is no model “${version}”.`);
  const sha256 = createHash('sha256').update(stored.bytes).digest('hex');
  if (sha256 !== stored.sha256) {
    throw new RefusedError(
      'model_not_usable',
      `The stored bytes of model “${version}” are damaged: train a new one.`,
    );
  }
  return parseModel(stored.bytes);
}
