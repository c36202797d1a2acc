/** A migrated database and a Service over it in this process: for benchmarks that ask the app itself. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readConfig } from '../src/config.ts';
import { parseModel } from '../src/core/filter/model-format.ts';
import { createLog } from '../src/logging.ts';
import type { Actor } from '../src/moderation/actor.ts';
import { createBackground } from '../src/node/background.ts';
import { createNodeOutgoing } from '../src/node/outgoing-node.ts';
import type { Service } from '../src/service.ts';
import { connectPostgres } from '../src/storage/connection/connect-node.ts';
import { migrateToLatest } from '../src/storage/connection/migrate.ts';

/** Who sets a benchmark up. */
export const BENCH: Actor = { kind: 'system', id: 'bench', name: 'bench', siteId: null, scopes: ['admin'] };

export interface DirectService {
  readonly service: Service;
  /** Resolves when all is done that goes on beyond the answers, such as jobs. */
  readonly settled: () => Promise<void>;
  /** Waits for that, then ends the connections. */
  readonly close: () => Promise<void>;
}

/** Jobs are done in this thread. */
export async function openDirect(url: string, readAsset: Service['readAsset']): Promise<DirectService> {
  const { db, close } = await connectPostgres(url, { connections: 4, onIdleError: () => undefined });
  await migrateToLatest(db);
  const log = createLog('error', (line) => console.error(line));
  const background = createBackground(log);
  const service: Service = {
    db,
    config: readConfig({
      PSEUDONYM_KEYS: `b1:${randomBytes(32).toString('base64')}`,
      DATABASE_URL: url,
    }),
    now: () => new Date(),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    log,
    starter: parseModel(new Uint8Array(readFileSync('models/starter.bin'))),
    readAsset,
    background: background.run,
    sendOutgoing: createNodeOutgoing({ outgoingPrivateRanges: [] }),
    trainInThread: null,
    doJobsBeside: null,
    stopping: new AbortController().signal,
  };
  return {
    service,
    settled: background.settled,
    close: async () => {
      await background.settled();
      await close();
    },
  };
}
