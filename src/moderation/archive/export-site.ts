/** A whole site as one stream of lines; archive-format.ts has their form, restore-site.ts takes them back. */
import { createHmac } from 'node:crypto';
import type { PseudonymKey } from '../../config.ts';
import type { Service } from '../../service.ts';
import {
  ARCHIVED_TABLES,
  type ArchivedTable,
  keysOf,
  readColumns,
  readLaterReferences,
  readPage,
  type StoredRow,
  type StoredValue,
} from '../../storage/archive.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { findSite, type SiteRow } from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import {
  ARCHIVE_VERSION,
  type ArchivedRow,
  type ArchiveHead,
  type ArchiveWriter,
  createArchiveWriter,
} from './archive-format.ts';

export interface SiteExport {
  readonly slug: string;
  /** Some lines each; the last one ends the file. */
  readonly pieces: AsyncGenerator<string>;
}

/**
 * Everything of a site that is not a secret, a log or running: settings, models with their bytes, rules, posts,
 * comments with their pseudonyms, queue, decisions, second looks, notes, samples and tombstones. Read page by page
 * without a lock: what changes meanwhile may be in it or not, and a restore passes over what then names nothing.
 * Audited when it begins.
 *
 * @throws {RefusedError} `not_found`.
 */
export async function exportSite(service: Service, actor: Actor, siteId: string): Promise<SiteExport> {
  const site = actor.siteId === null || actor.siteId === siteId ? await findSite(service.db, siteId) : null;
  if (!site) throw new RefusedError('not_found', 'There is no such site.');
  await inTransaction(service.db, (trx) =>
    appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'site.export',
      subject: siteId,
      detail: { slug: site.slug },
      at: service.now(),
    }),
  );
  return { slug: site.slug, pieces: writeSite(service, site) };
}

async function* writeSite(service: Service, site: SiteRow): AsyncGenerator<string> {
  const writer = createArchiveWriter();
  yield writer.line(headOf(service, site));
  for (const table of ARCHIVED_TABLES) {
    yield* writeRows(service, site.id, table, writer);
    if (table.self !== undefined) yield* writeLinks(service, site.id, table, table.self, writer);
  }
  yield writer.end();
}

function headOf(service: Service, site: SiteRow): ArchiveHead {
  return {
    archive: 'leave-a-reply site',
    version: ARCHIVE_VERSION,
    exported_at: service.now().toISOString(),
    site: {
      id: site.id,
      slug: site.slug,
      name: site.name,
      url: site.url,
      settings: site.settings as ArchiveHead['site']['settings'],
      active_model: site.active_model,
      created_at: site.created_at.toISOString(),
    },
    pseudonym_keys: Object.fromEntries(
      service.config.pseudonymKeys.map((key) => [key.kid, checkValueOf(key, site.id)]),
    ),
  };
}

/** Equal for equal keys; HMAC keeps it from telling anything of the key. */
export function checkValueOf({ key }: PseudonymKey, siteId: string): string {
  return createHmac('sha256', key).update(`archive-check|v1|${siteId}`).digest('base64url');
}

async function* writeRows(
  service: Service,
  siteId: string,
  table: ArchivedTable,
  writer: ArchiveWriter,
): AsyncGenerator<string> {
  const columns = [...(await readColumns(service.db, table.name)).keys()];
  for (let after: string[] | null = null; ; ) {
    const rows: StoredRow[] = await readPage(service.db, siteId, table, columns, after);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map((row) => writer.line({ table: table.name, row: toJson(table, row) })).join('');
    after = keysOf(table).map((key) => String(last[key]));
  }
}

async function* writeLinks(
  service: Service,
  siteId: string,
  table: ArchivedTable,
  self: string,
  writer: ArchiveWriter,
): AsyncGenerator<string> {
  for (let after: string | null = null; ; ) {
    const links: { id: string; to: string }[] = await readLaterReferences(
      service.db,
      siteId,
      table,
      self,
      after,
    );
    const last = links.at(-1);
    if (!last) return;
    yield links.map(({ id, to }) => writer.line({ table: table.name, link: { id, to } })).join('');
    after = last.id;
  }
}

/** A reference to a later row is left out: it follows as a link when both rows are there. */
function toJson({ key, self = '' }: ArchivedTable, row: StoredRow): ArchivedRow['row'] {
  const later = row[self] != null && String(row[self]) > String(row[key]);
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, later && name === self ? null : toJsonValue(value)]),
  );
}

function toJsonValue(value: StoredValue): ArchivedRow['row'][string] {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value as ArchivedRow['row'][string];
}
