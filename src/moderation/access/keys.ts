/**
 * API keys: made of a public id and 32 random bytes, shown once, kept as a SHA-256. Those for Akismet's clients have a
 * form of their own: akismet-keys.ts.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Service } from '../../service.ts';
import {
  type ApiKeyRow,
  findKey,
  hasAdminKey,
  hasKeyForOrigin,
  insertKey,
  insertKeyOnce,
  listKeys,
  revokeKey,
  touchKey,
} from '../../storage/access/keys.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { deleteCallbackKey } from '../../storage/outgoing/akismet-callbacks.ts';
import { type Actor, actorReference, SCOPES, type Scope } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { makeAkismetKey } from './akismet-keys.ts';

/** A key as its owner may see it: everything but the secret. */
export interface KeyView {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allowed_origins: readonly string[];
  /** Requests a minute; null: the usual. */
  readonly rate_limit: number | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

export interface NewKey {
  readonly siteId: string | null;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly allowedOrigins?: readonly string[];
  /** Requests a minute, ≥ 1. */
  readonly rateLimit?: number | null;
  readonly expiresAt?: Date | null;
}

const KEY = /^lar_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/;
/** Compared with when no such key is there, so that the answer takes as long. */
const NO_KEY = sha256('no such key');

/** The key of the environment: no row has it, so none is looked for at every request. */
const ADMIN_ID = 'admin';

/** How long a key that was read stays good without being read again: what a revocation takes at most elsewhere. */
const KEY_CACHE_MS = 1000;
const MOST_CACHED_KEYS = 10_000;
const cachedKeys = new WeakMap<Service['db'], Map<string, { row: ApiKeyRow; readAt: number }>>();

/**
 * Makes a key; the answer's `key` is the only time it can be seen.
 *
 * A key with the scope `akismet` alone is one for Akismet's clients: twelve characters that travel in host names are
 * good for nothing else.
 *
 * @throws {RefusedError} `invalid_value` for a key with allowed origins and more than `submit` and `read`, and for one
 *   that is over already.
 */
export async function createKey(
  service: Service,
  actor: Actor,
  wanted: NewKey,
): Promise<{ view: KeyView; key: string }> {
  const powers = wanted.scopes.filter((scope) => scope !== 'submit' && scope !== 'read');
  if ((wanted.allowedOrigins ?? []).length > 0 && powers.length > 0) {
    throw new RefusedError(
      'invalid_value',
      'Everybody can read a key with allowed origins in your pages: give it only “submit” and “read”.',
    );
  }
  if (wanted.expiresAt != null && wanted.expiresAt <= service.now()) {
    throw new RefusedError('invalid_value', 'The key would end before it began: let expires_at be later.');
  }
  const id = Buffer.from(service.random(16)).reduce((text, byte) => text + (byte % 36).toString(36), '');
  const { key, secret } = makeSecret(service, id, wanted.scopes);
  const row: ApiKeyRow = {
    id,
    site_id: wanted.siteId,
    name: wanted.name,
    secret_sha256: secret,
    scopes: [...wanted.scopes],
    allowed_origins: [...(wanted.allowedOrigins ?? [])],
    rate_limit: wanted.rateLimit ?? null,
    created_at: service.now(),
    expires_at: wanted.expiresAt ?? null,
    revoked_at: null,
    last_used_at: null,
  };
  await inTransaction(service.db, async (trx) => {
    await insertKey(trx, row);
    await appendAudit(trx, {
      siteId: wanted.siteId,
      actor: actorReference(actor),
      action: 'key.create',
      subject: id,
      detail: { scopes: wanted.scopes },
      at: row.created_at,
    });
  });
  return { view: viewKey(row), key };
}

function makeSecret(service: Service, id: string, scopes: readonly Scope[]): { key: string; secret: string } {
  if (scopes.length === 1 && scopes[0] === 'akismet') return makeAkismetKey(service);
  const key = `lar_${id}_${Buffer.from(service.random(32)).toString('base64url')}`;
  return { key, secret: sha256(key).toString('hex') };
}

/** The actor behind a presented key, or null. Right prefix or wrong, known id or not, it takes the same time. */
export async function authenticateKey(service: Service, presented: string): Promise<Actor | null> {
  const { adminApiKey } = service.config;
  if (adminApiKey !== undefined && timingSafeEqual(sha256(presented), sha256(adminApiKey))) {
    return { kind: 'key', id: ADMIN_ID, name: 'admin', siteId: null, scopes: ['admin'] };
  }
  const id = KEY.exec(presented)?.[1];
  const row = id === undefined ? null : await readKey(service, id);
  const expected = row ? Buffer.from(row.secret_sha256, 'hex') : NO_KEY;
  const matches = timingSafeEqual(sha256(presented), expected);
  if (!row || !matches || row.revoked_at !== null) return null;
  if (row.expires_at !== null && row.expires_at <= service.now()) return null;
  return {
    kind: 'key',
    id: row.id,
    name: row.name,
    siteId: row.site_id,
    scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
  };
}

/** The origins from which browsers may use this key; empty for a key that is not for browsers. */
export async function readAllowedOrigins(service: Service, keyId: string): Promise<readonly string[]> {
  return (await readKey(service, keyId))?.allowed_origins ?? [];
}

/** How many requests a minute the key's own limit allows; null: it has none of its own. */
export async function readKeyLimit(service: Service, keyId: string): Promise<number | null> {
  return (await readKey(service, keyId))?.rate_limit ?? null;
}

/** How long it is remembered whether an origin is some key's, and of how many. */
const ORIGIN_CACHE_MS = 10_000;
const MOST_ORIGINS = 1000;
const cachedOrigins = new WeakMap<Service['db'], Map<string, { known: boolean; readAt: number }>>();

/** Whether any live key names this origin, as of at most ten seconds ago. */
export async function isPublicOrigin(service: Service, origin: string): Promise<boolean> {
  if (origin === '' || origin.length > 300) return false;
  const cache = cachedOrigins.get(service.db) ?? new Map<string, { known: boolean; readAt: number }>();
  cachedOrigins.set(service.db, cache);
  const now = service.now();
  const cached = cache.get(origin);
  if (cached && Math.abs(now.getTime() - cached.readAt) < ORIGIN_CACHE_MS) return cached.known;
  const known = await hasKeyForOrigin(service.db, origin, now);
  if (cache.size >= MOST_ORIGINS) cache.clear();
  cache.set(origin, { known, readAt: now.getTime() });
  return known;
}

/**
 * The public key of the demonstration page: made on first need, the same ever after, good from the service's own
 * origin alone. Derived from the newest pseudonym key, so that the page can show it though only its hash is stored.
 */
export async function ensureDemoKey(service: Service, siteId: string): Promise<string> {
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a demonstration key needs a pseudonym key');
  const derive = (what: string) =>
    createHmac('sha256', newest.key).update(`demo-key|v1|${siteId}|${what}`).digest();
  const id = [...derive('id').subarray(0, 16)].map((byte) => (byte % 36).toString(36)).join('');
  const key = `lar_${id}_${derive('secret').toString('base64url')}`;
  if ((await readKey(service, id)) !== null) return key;
  await insertKeyOnce(service.db, {
    id,
    site_id: siteId,
    name: 'demonstration page',
    secret_sha256: sha256(key).toString('hex'),
    scopes: ['submit', 'read'],
    allowed_origins: ['self'],
    created_at: service.now(),
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
  });
  return key;
}

async function readKey(service: Service, id: string): Promise<ApiKeyRow | null> {
  if (id === ADMIN_ID) return null;
  const cache = cachedKeys.get(service.db) ?? new Map<string, { row: ApiKeyRow; readAt: number }>();
  cachedKeys.set(service.db, cache);
  const now = service.now().getTime();
  const cached = cache.get(id);
  if (cached && Math.abs(now - cached.readAt) < KEY_CACHE_MS) return cached.row;
  const row = await findKey(service.db, id);
  if (cache.size >= MOST_CACHED_KEYS) cache.clear();
  if (row) {
    cache.set(id, { row, readAt: now });
    service.background(() => touchKey(service.db, id, service.now()));
  } else cache.delete(id);
  return row;
}

export async function showKeys(service: Service, siteId: string | null): Promise<KeyView[]> {
  return (await listKeys(service.db, siteId)).map(viewKey);
}

/** A key, live or not. @throws {RefusedError} `not_found`, also for another site's. */
export async function showKey(service: Service, actor: Actor, id: string): Promise<KeyView> {
  const row = await findKey(service.db, id);
  if (!row || (actor.siteId !== null && row.site_id !== actor.siteId)) {
    throw new RefusedError('not_found', 'There is no such key.');
  }
  return viewKey(row);
}

/** Revokes a key at once in this process and within a second elsewhere. */
export async function revoke(service: Service, actor: Actor, id: string): Promise<void> {
  const now = service.now();
  const revoked = await inTransaction(service.db, async (trx) => {
    if (!(await revokeKey(trx, id, actor.siteId, now))) return false;
    await deleteCallbackKey(trx, id);
    await appendAudit(trx, {
      siteId: actor.siteId,
      actor: actorReference(actor),
      action: 'key.revoke',
      subject: id,
      detail: {},
      at: now,
    });
    return true;
  });
  cachedKeys.get(service.db)?.delete(id);
  if (!revoked) throw new RefusedError('not_found', 'There is no such key, or it was revoked before.');
}

/**
 * The first admin key of a new database, to be shown once; null when there is one already or `ADMIN_API_KEY` is set.
 */
export async function ensureFirstAdminKey(service: Service): Promise<string | null> {
  if (service.config.adminApiKey !== undefined || (await hasAdminKey(service.db))) return null;
  const system: Actor = { kind: 'system', id: 'start', name: 'start', siteId: null, scopes: ['admin'] };
  const { key } = await createKey(service, system, { siteId: null, name: 'first admin', scopes: ['admin'] });
  return key;
}

function viewKey(row: ApiKeyRow): KeyView {
  return {
    id: row.id,
    site_id: row.site_id,
    name: row.name,
    scopes: row.scopes,
    allowed_origins: row.allowed_origins,
    rate_limit: row.rate_limit,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
