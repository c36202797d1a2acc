/** Whether the service can do its work: database, schema, filters. */
import type { Service } from '../service.ts';
import { listPendingMigrations } from '../storage/migrate.ts';
import { listDegradedSites } from './site-context.ts';

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly database: 'ok' | 'unreachable';
  readonly migrations: 'ok' | 'pending' | 'unknown';
  /** `degraded`: a site's active filter could not be read, and the one before serves. */
  readonly model: 'ok' | 'degraded';
}

export async function checkReadiness(service: Service): Promise<Readiness> {
  const model = listDegradedSites(service).length === 0 ? 'ok' : 'degraded';
  try {
    const pending = await listPendingMigrations(service.db);
    const migrations = pending.length === 0 ? 'ok' : 'pending';
    return { status: migrations === 'ok' ? 'ready' : 'not_ready', database: 'ok', migrations, model };
  } catch {
    return { status: 'not_ready', database: 'unreachable', migrations: 'unknown', model };
  }
}
