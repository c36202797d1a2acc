/** The pseudonym key of the embedded default: made on the first start and kept in DATA_DIR. */
import { randomBytes } from 'node:crypto';
import { access, chmod, link, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, PSEUDONYM_KEY_BYTES, type PseudonymKey, readConfig } from '../config.ts';

/**
 * The keys in `DATA_DIR/pseudonym.keys` (`kid:base64,…`, newest first, mode 0600); a new one in a new folder.
 *
 * @throws {ConfigError} when the file is unusable, or gone while the database is there: a new key could never be
 * matched with the pseudonyms in it.
 */
export async function ensurePseudonymKeys(dataDir: string): Promise<readonly PseudonymKey[]> {
  const path = join(dataDir, 'pseudonym.keys');
  if (!(await exists(path))) {
    if (await exists(join(dataDir, 'pglite'))) {
      throw new ConfigError([
        `${resolve(path)} is missing, and ${resolve(dataDir)} has a database made with its key: put the file back, ` +
          'or set PSEUDONYM_KEYS as it was',
      ]);
    }
    await createKeyFile(path);
  }
  await chmod(path, 0o600);
  const text = (await readFile(path, 'utf8')).trim();
  try {
    const { pseudonymKeys } = readConfig({ PSEUDONYM_KEYS: text });
    if (pseudonymKeys.length > 0) return pseudonymKeys;
    throw new ConfigError(['the file is empty']);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([
      `${resolve(path)} cannot be used: restore it from a backup`,
      ...error.problems.map((problem) => problem.replaceAll('PSEUDONYM_KEYS', 'pseudonym.keys')),
    ]);
  }
}

/** On the disk before it is used: a key lost in a power cut would orphan every pseudonym. */
async function createKeyFile(path: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`k1:${randomBytes(PSEUDONYM_KEY_BYTES).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } finally {
    await rm(temporary);
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
