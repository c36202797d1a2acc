/** A restore is announced with the head of its file; the file then comes in parts, as an import's does. */
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { isUntouched } from '../../storage/archive.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { type ImportRunRow, insertImport } from '../../storage/imports.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import {
  deleteSite,
  findSite,
  findSiteBySlug,
  insertSite,
  type ReplacedSite,
  type SiteRow,
} from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RESTORE_FORMAT } from '../import/import-record.ts';
import { type ImportView, viewImport } from '../import/imports.ts';
import { RefusedError } from '../refused-error.ts';
import { forgetSite } from '../site/site-context.ts';
import { checkValueOf } from './export-site.ts';

/** What the first line of the file says of the site. */
export interface WantedRestore {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly createdAt: Date;
  /** From the file: the check value of each pseudonym key that was live there. */
  readonly pseudonymKeys: Readonly<Record<string, string>>;
  /** Restore even where pseudonyms of the file can no longer be matched with addresses. */
  readonly withoutKeys: boolean;
}

/**
 * Makes the site, empty and under its old id: pseudonyms are made with it, and links name comments by theirs. A site of
 * the same slug that nobody used (a fresh service has one) gives way.
 *
 * @throws {RefusedError} `conflict` when the site or its slug is taken, or a pseudonym key is missing.
 */
export async function announceRestore(
  service: Service,
  actor: Actor,
  wanted: WantedRestore,
): Promise<ImportView> {
  if (!wanted.withoutKeys) requireKeys(service, wanted);
  const run = await inTransaction(service.db, async (trx) => {
    const replaced = await makeRoom(service, trx, actor, wanted);
    return await insertRestore(service, trx, actor, wanted, replaced);
  });
  forgetSite(service, wanted.id);
  return viewImport(run, 'waiting');
}

function requireKeys(service: Service, { id, pseudonymKeys }: WantedRestore): void {
  const missing = Object.entries(pseudonymKeys)
    .filter(([kid, check]) =>
      service.config.pseudonymKeys.every((key) => key.kid !== kid || checkValueOf(key, id) !== check),
    )
    .map(([kid]) => kid);
  if (missing.length === 0) return;
  throw new RefusedError(
    'conflict',
    `The pseudonym key ${missing.join(', ')} of the export is not among PSEUDONYM_KEYS: nobody would be found again by ` +
      'their address. Add it behind the newest key, or restore without keys.',
    { missing_keys: missing },
  );
}

/** The untouched site of the same slug, which is gone now. */
async function makeRoom(
  service: Service,
  trx: Transaction,
  actor: Actor,
  { id, slug }: WantedRestore,
): Promise<SiteRow | null> {
  if (await findSite(trx, id)) {
    throw new RefusedError(
      'conflict',
      'The site of this export is here already: delete it first, or restore into another database.',
    );
  }
  const other = await findSiteBySlug(trx, slug);
  if (!other) return null;
  if (!(await isUntouched(trx, other.id))) {
    throw new RefusedError('conflict', `Another site has the slug “${slug}”: give another one.`);
  }
  await deleteSite(trx, other.id);
  await appendAudit(trx, {
    siteId: other.id,
    actor: actorReference(actor),
    action: 'site.delete',
    subject: other.id,
    detail: { slug, for: 'restore' },
    at: service.now(),
  });
  return other;
}

async function insertRestore(
  service: Service,
  trx: Transaction,
  actor: Actor,
  wanted: WantedRestore,
  replaced: SiteRow | null,
): Promise<ImportRunRow> {
  const now = service.now();
  const site = await insertSite(trx, {
    id: wanted.id,
    slug: wanted.slug,
    name: wanted.name,
    url: wanted.url,
    settings: '{}',
    active_model: null,
    created_at: wanted.createdAt,
  });
  if (!site)
    throw new RefusedError('conflict', `Another site has the slug “${wanted.slug}”: give another one.`);
  const run = await insertImport(trx, {
    id: createId(now.getTime(), service.random(10)),
    site_id: site.id,
    job_id: null,
    format: RESTORE_FORMAT,
    name: null,
    options: JSON.stringify(replaced === null ? {} : { replaced: toReplacedSite(replaced) }),
    parts: null,
    size_bytes: 0,
    created_by: actorReference(actor),
    created_at: now,
  });
  await appendAudit(trx, {
    siteId: site.id,
    actor: actorReference(actor),
    action: 'site.create',
    subject: site.id,
    detail: { slug: wanted.slug, for: 'restore' },
    at: now,
  });
  return run;
}

function toReplacedSite({ id, slug, name, url, settings, created_at }: SiteRow): ReplacedSite {
  return { id, slug, name, url, settings, created_at: created_at.toISOString() };
}
