/** `npm run bench:service`: comments checked a second, next to what the database itself takes; docs/performance.md. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { serve } from '../served.ts';
import { makeSubmission } from './comments.ts';
import { drive } from './load.ts';

const { values } = parseArgs({
  options: {
    databases: { type: 'string', default: 'postgres,pglite' },
    connections: { type: 'string', default: '1,16,64' },
    seconds: { type: 'string', default: '6' },
  },
});

const PSEUDONYM_KEYS = `b1:${randomBytes(32).toString('base64')}`;

for (const database of values.databases.split(',')) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-service-'));
  const server = database === 'postgres' ? await startPostgres([]) : null;
  const served = await serve({
    DATA_DIR: folder,
    PSEUDONYM_KEYS,
    RATE_LIMIT_PER_MINUTE: '100000000',
    ...(server && { DATABASE_URL: server.url }),
  });
  try {
    for (const connections of values.connections.split(',').map(Number)) {
      const wanted = {
        path: '/v1/comments',
        body: () => makeSubmission(),
        connections,
        seconds: Number(values.seconds),
      };
      const { perSecond, p50, p99, statuses } = await drive(served, wanted);
      console.log(database, connections, perSecond.toFixed(0), p50.toFixed(1), p99.toFixed(1), statuses);
    }
  } finally {
    served.child.kill();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
