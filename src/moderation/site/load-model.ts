import type { Model } from '../../core/filter/model.ts';
import {
  MAX_MODEL_BYTES,
  ModelFormatError,
  parseModel,
  serialiseModel,
} from '../../core/filter/model-format.ts';
import type { Service } from '../../service.ts';
import { readModelBytes } from '../../storage/learn/models.ts';
import { RefusedError } from '../refused-error.ts';
import { checksumOf } from './store-model.ts';

/** Parsed models by version; a version never changes, so they never go stale. */
const MOST_MODELS = 32;
const caches = new WeakMap<Service['db'], Map<string, Model>>();

/**
 * The model of a version: the site's own, or a shipped starter filter.
 *
 * @throws {RefusedError} `not_found` when there is none, `model_not_usable` when its bytes are damaged, too many, or of
 *   a format that this program does not read.
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
  const model = parseSound(version, await readSound(service, siteId, version));
  const oldest = cache.keys().next().value;
  if (cache.size >= MOST_MODELS && oldest !== undefined) cache.delete(oldest);
  cache.set(key, model);
  return model;
}

/**
 * The bytes of a version: the site's own, or a shipped starter filter.
 *
 * @throws {RefusedError} as {@link loadModel}, but for the format, which is not looked at.
 */
export async function readModelFile(service: Service, siteId: string, version: string): Promise<Uint8Array> {
  if (version === service.starter.version) return serialiseModel(service.starter);
  return await readSound(service, siteId, version);
}

async function readSound(service: Service, siteId: string, version: string): Promise<Uint8Array> {
  const stored = await readModelBytes(service.db, siteId, version, MAX_MODEL_BYTES);
  if (!stored) throw new RefusedError('not_found', `There is no model “${version}”.`);
  if (stored.bytes === null) {
    throw notUsable(`Model “${version}” has ${stored.size_bytes} bytes, more than ${MAX_MODEL_BYTES}`);
  }
  if (checksumOf(stored.bytes) !== stored.sha256) {
    throw notUsable(`The stored bytes of model “${version}” are damaged`);
  }
  return stored.bytes;
}

function parseSound(version: string, bytes: Uint8Array): Model {
  try {
    return parseModel(bytes);
  } catch (error) {
    // Of an older or newer version of this program, or of none.
    if (error instanceof ModelFormatError) {
      throw notUsable(`Model “${version}” cannot be read (${error.message})`);
    }
    throw error;
  }
}

function notUsable(what: string): RefusedError {
  return new RefusedError(
    'model_not_usable',
    `${what}: train a new one (POST /v1/models); the active filter goes on.`,
  );
}
