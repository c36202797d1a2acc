/** Deletes what nobody needs any more from every table that grows with the traffic. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Service } from '../../service.ts';
import { deleteOldCandidates, deleteOldRows, TRIMMED } from '../../storage/trim.ts';

/** In one statement. On PGlite nothing else is answered meanwhile; 1,000 rows took 4 to 11 ms. */
const AT_ONCE = 1_000;
const CANDIDATES_AT_ONCE = 5;
/** Between two statements, so that requests have at least half of the database. */
const REST_MS = 10;

/** Several processes may do so at once: each leaves out the rows that another holds. */
export async function trimTables(service: Service): Promise<void> {
  for (const trimmed of TRIMMED) {
    const rows = await untilDone(service, AT_ONCE, () =>
      deleteOldRows(service.db, trimmed, service.now(), AT_ONCE),
    );
    if (rows > 0) service.log.info('table-trimmed', { kind: trimmed.table, count: rows });
  }
  const models = await untilDone(service, CANDIDATES_AT_ONCE, () =>
    deleteOldCandidates(service.db, CANDIDATES_AT_ONCE),
  );
  if (models > 0) service.log.info('table-trimmed', { kind: 'model', count: models });
}

async function untilDone(service: Service, atOnce: number, step: () => Promise<number>): Promise<number> {
  for (let done = 0; ; ) {
    const rows = await step();
    done += rows;
    if (rows < atOnce || service.stopping.aborted) return done;
    await wait(REST_MS);
  }
}
