import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/logging.ts';
import { openService } from '../../src/node/open-service.ts';
import { DATABASES } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';

const log = createLog('silent', () => undefined);
const [a = '', b = '', c = ''] = Array.from({ length: 3 }, () => randomBytes(32).toString('base64'));

describe.each(DATABASES)('pseudonym keys on %s', (kind) => {
  let open: (keys: string) => Promise<void>;
  let drop = async (): Promise<void> => undefined;

  beforeAll(async () => {
    let where: Record<string, string>;
    let begin = (_keys: string): void => undefined;
    if (kind === 'postgres') {
      const database = await createPostgresDatabase();
      where = { DATABASE_URL: database.url };
      drop = database.drop;
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'leave-a-reply-keys-'));
      where = { DATA_DIR: folder };
      // The keys of the embedded default are in its folder: a wrong file is the same fault.
      begin = (keys) => writeFileSync(join(folder, 'pseudonym.keys'), keys, { mode: 0o600 });
      drop = async () => rmSync(folder, { recursive: true, force: true });
    }
    open = async (keys) => {
      begin(keys);
      const config = readConfig(kind === 'postgres' ? { ...where, PSEUDONYM_KEYS: keys } : where);
      const opened = await openService(config, log, () => undefined);
      await opened.close(0);
    };
    await open(`k1:${a}`);
  });
  afterAll(() => drop());

  test.each([
    ['another key under the same id', `k1:${b}`, /key k1 is not the key with this id/],
    ['another key under an old id behind a good one', `k2:${b},k1:${c}`, /key k1 is not the key/],
    ['another key under another id', `k9:${b}`, /made with the pseudonym key k1, none of which is given/],
  ])('refuses %s at the start, and notes nothing of it', async (_, keys, why) => {
    await expect(open(keys)).rejects.toThrow(why);
    await open(`k1:${a}`);
  });

  test('takes a new key in front of the old one, knows it from then on, and lets the old one go', async () => {
    await open(`k2:${b},k1:${a}`);
    await expect(open(`k2:${c},k1:${a}`)).rejects.toThrow(/key k2 is not the key/);
    await open(`k2:${b}`);
    await expect(open(`k3:${c}`)).rejects.toThrow(/keys k1, k2, none of which is given/);
  });
});
