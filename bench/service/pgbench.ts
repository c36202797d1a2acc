/** What the database takes by itself: pgbench inserting one narrow row of like bytes in each transaction. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const SCRIPT =
  "insert into bench_row (id, body) values (gen_random_uuid(), repeat('a comment of so many letters ', 9));";

/** Rows a second by the number of connections; null where pgbench is not installed (Debian: postgresql-contrib). */
export async function runPgbench(url: string, connections: number, seconds: number): Promise<number | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table if not exists bench_row (id uuid primary key, body text not null)');
  await client.end();
  const folder = mkdtempSync(join(tmpdir(), 'pgbench-'));
  const script = join(folder, 'insert.sql');
  writeFileSync(script, SCRIPT);
  try {
    const { stdout } = await promisify(execFile)('pgbench', [
      ...['--no-vacuum', '--protocol', 'prepared', '--file', script, '--time', String(seconds)],
      ...['--client', String(connections), '--jobs', '2', url],
    ]);
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
