/** Whether the service can do its work: database, schema, filters. */
import type { Service } from '../../service.ts';
import { listPendingMigrations } from '../../storage/connection/migrate.ts';
import { isReadOnly, sqlState } from '../../storage/connection/transaction.ts';
import { checkActiveModels } from '../../storage/learn/models.ts';
import { listDegradedSites } from '../site/site-context.ts';

export interface Readiness {
  readonly status: 'ready' | 'not_ready';
  /**
   * `read_only`: it reads and takes no writes, as a standby after a fail-over does. `full`: within the last seconds it had
   * no room for a write.
   */
  readonly database: 'ok' | 'unreachable' | 'read_only' | 'full';
  readonly migrations: 'ok' | 'pending' | 'unknown';
  /**
   * `degraded`: the stored bytes of a site's active filter are damaged, and the one before it or the starter filter
   * serves, which may only hold. Comments are still judged, so this alone does not make the service not ready.
   */
  readonly model: 'ok' | 'degraded';
}

/** A filter that was found sound is looked at again after this. */
const SOUND_MS = 600_000;
/** At most so many are looked at for one answer, however many sites there are: it takes milliseconds for each. */
const MOST_CHECKED = 8;
/** When each version was found sound, of a process; on Workers, where a database lasts one request, of an isolate. */
const soundModels = new WeakMap<Service['config'], Map<string, number>>();

/** A full disk is only seen by the write that found no room; one that finds room again says so no louder. */
const FULL_MS = 10_000;
const FULL = '53100';
/** When a write last found the disk full, of a process. */
const fullAt = new WeakMap<Service['config'], number>();

/** Remembers a failure that says that nothing can be written for now. */
export function noteFailure(service: Service, error: unknown): void {
  if (sqlState(error) === FULL) fullAt.set(service.config, service.now().getTime());
}

export async function checkReadiness(service: Service): Promise<Readiness> {
  const known = listDegradedSites(service).length === 0 ? 'ok' : 'degraded';
  try {
    const pending = await listPendingMigrations(service.db);
    if (pending.length > 0) {
      return { status: 'not_ready', database: 'ok', migrations: 'pending', model: known };
    }
    const unwritable = await whyUnwritable(service);
    if (unwritable !== null) {
      return { status: 'not_ready', database: unwritable, migrations: 'ok', model: known };
    }
    const model = (await areActiveModelsSound(service)) ? known : 'degraded';
    return { status: 'ready', database: 'ok', migrations: 'ok', model };
  } catch {
    return { status: 'not_ready', database: 'unreachable', migrations: 'unknown', model: known };
  }
}

async function whyUnwritable(service: Service): Promise<'read_only' | 'full' | null> {
  if (await isReadOnly(service.db)) return 'read_only';
  const full = fullAt.get(service.config);
  return full !== undefined && Math.abs(service.now().getTime() - full) < FULL_MS ? 'full' : null;
}

async function areActiveModelsSound(service: Service): Promise<boolean> {
  const sound = soundModels.get(service.config) ?? new Map<string, number>();
  soundModels.set(service.config, sound);
  const now = service.now().getTime();
  for (const [version, foundAt] of sound) if (now - foundAt > SOUND_MS) sound.delete(version);
  const checked = await checkActiveModels(service.db, [...sound.keys()], MOST_CHECKED);
  for (const model of checked) if (model.sound) sound.set(model.version, now);
  return checked.every((model) => model.sound);
}
