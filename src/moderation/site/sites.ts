/** Sites: the tenants. */
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import {
  deleteSite,
  findReplacedSite,
  findSite,
  findSiteBySlug,
  insertSite,
  listSites,
  lockSite,
  type ReplacedSite,
  type SiteRow,
  updateSite,
} from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { readSettings, type Settings } from './settings.ts';
import { forgetSite } from './site-context.ts';

export interface SiteView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly settings: Settings;
  readonly active_model: string | null;
  readonly created_at: string;
}

export interface NewSite {
  readonly slug: string;
  readonly name: string;
  readonly url?: string | null | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export async function createSite(service: Service, actor: Actor, wanted: NewSite): Promise<SiteView> {
  const now = service.now();
  const row = await inTransaction(service.db, async (trx) => {
    const site = await insertSite(trx, {
      id: createId(now.getTime(), service.random(10)),
      slug: wanted.slug,
      name: wanted.name,
      url: wanted.url ?? null,
      settings: JSON.stringify(wanted.settings ?? {}),
      active_model: null,
      created_at: now,
    });
    if (!site) throw new RefusedError('conflict', `A site with the slug “${wanted.slug}” exists already.`);
    await appendAudit(trx, {
      siteId: site.id,
      actor: actorReference(actor),
      action: 'site.create',
      subject: site.id,
      detail: { slug: wanted.slug },
      at: now,
    });
    return site;
  });
  return viewSite(row);
}

/** The site that `/demo` shows: what strangers write there must reach no real site. */
export const DEMO_SLUG = 'demo';

/** The site named `default`. A fresh service has it from the start, and the one that `/demo` shows beside it. */
export async function ensureDefaultSite(service: Service): Promise<SiteView> {
  const found = await findSiteBySlug(service.db, 'default');
  if (found) return viewSite(found);
  const system: Actor = { kind: 'system', id: 'start', name: 'start', siteId: null, scopes: ['admin'] };
  try {
    const made = await createSite(service, system, { slug: 'default', name: 'Default site' });
    await createSite(service, system, { slug: DEMO_SLUG, name: 'Demonstration' });
    return made;
  } catch (error) {
    // Another process that started at the same time made it.
    const made = await findSiteBySlug(service.db, 'default');
    if (!made) throw error;
    return viewSite(made);
  }
}

/** The sites an actor may see. */
export async function showSites(service: Service, actor: Actor): Promise<SiteView[]> {
  if (actor.siteId === null) return (await listSites(service.db)).map(viewSite);
  const own = await findSite(service.db, actor.siteId);
  return own ? [viewSite(own)] : [];
}

export async function showSite(service: Service, actor: Actor, id: string): Promise<SiteView> {
  const row = actor.siteId === null || actor.siteId === id ? await findSite(service.db, id) : null;
  if (!row) throw new RefusedError('not_found', 'There is no such site.');
  return viewSite(row);
}

export interface SiteChange {
  readonly name?: string | undefined;
  readonly url?: string | null | undefined;
  /** Merged into the settings; a setting that is left out stays as it is. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export async function changeSite(
  service: Service,
  actor: Actor,
  id: string,
  change: SiteChange,
): Promise<SiteView> {
  await showSite(service, actor, id);
  const row = await inTransaction(service.db, async (trx) => {
    const before = await lockSite(trx, id);
    if (!before) throw new RefusedError('not_found', 'There is no such site.');
    const site = await updateSite(trx, id, {
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.url === undefined ? {} : { url: change.url }),
      ...(change.settings === undefined
        ? {}
        : { settings: JSON.stringify({ ...before.settings, ...change.settings }) }),
    });
    await appendAudit(trx, {
      siteId: id,
      actor: actorReference(actor),
      action: 'site.change',
      subject: id,
      detail: { changed: [...Object.keys(change), ...Object.keys(change.settings ?? {})] },
      at: service.now(),
    });
    return site;
  });
  forgetSite(service, id);
  if (!row) throw new RefusedError('not_found', 'There is no such site.');
  return viewSite(row);
}

/**
 * Deletes a site with everything in it. Where a restore of it was not finished, the untouched site that it had replaced
 * comes back: a failed restore must not take the default site away. @throws {RefusedError} `not_found`, for another site than the actor's, too. */
export async function removeSite(service: Service, actor: Actor, id: string): Promise<void> {
  await showSite(service, actor, id);
  await inTransaction(service.db, async (trx) => {
    const replaced = await findReplacedSite(trx, id);
    if (!(await deleteSite(trx, id))) throw new RefusedError('not_found', 'There is no such site.');
    await appendAudit(trx, {
      siteId: id,
      actor: actorReference(actor),
      action: 'site.delete',
      subject: id,
      detail: {},
      at: service.now(),
    });
    if (replaced !== null) await putBack(service, trx, actor, replaced);
  });
  forgetSite(service, id);
}

async function putBack(
  service: Service,
  trx: Transaction,
  actor: Actor,
  { created_at, settings, ...site }: ReplacedSite,
): Promise<void> {
  const row = await insertSite(trx, {
    ...site,
    settings: JSON.stringify(settings),
    active_model: null,
    created_at: new Date(created_at),
  });
  if (row === null) return;
  await appendAudit(trx, {
    siteId: row.id,
    actor: actorReference(actor),
    action: 'site.create',
    subject: row.id,
    detail: { slug: row.slug, for: 'restore' },
    at: service.now(),
  });
}

function viewSite(row: SiteRow): SiteView {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    url: row.url,
    settings: readSettings(row.settings),
    active_model: row.active_model,
    created_at: row.created_at.toISOString(),
  };
}
