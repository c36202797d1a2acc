import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 91 + 7) % 256)).toString('base64');
const OTHER = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 57 + 3) % 256)).toString(
  'base64',
);
const DATABASE_URL = 'postgres://lar:hush@db.example:5432/lar';

/** What is wrong with an environment. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      port: 8787,
      host: '127.0.0.1',
      dataDir: './data',
      databaseUrl: undefined,
      adminApiKey: undefined,
      pseudonymKeys: [],
      logLevel: 'info',
      trustedProxies: 0,
      outgoingPrivateRanges: [],
      rateLimitPerMinute: 600_000,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', ADMIN_API_KEY: '' })).toEqual(readConfig({}));
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  it('holds several pseudonym keys, the newest first', () => {
    const { pseudonymKeys } = readConfig({ DATABASE_URL, PSEUDONYM_KEYS: `k2:${KEY},k1:${OTHER}` });
    expect(pseudonymKeys.map(({ kid, key }) => [kid, key.length])).toEqual([
      ['k2', 32],
      ['k1', 32],
    ]);
  });

  it.each([
    ['missing beside DATABASE_URL', { DATABASE_URL }, /PSEUDONYM_KEYS is missing/],
    ['short', { DATABASE_URL, PSEUDONYM_KEYS: 'k1:c2hvcnQ=' }, /has 5 bytes, 32 are needed/],
    ['no base64', { DATABASE_URL, PSEUDONYM_KEYS: 'k1:not base64!' }, /must be kid:base64/],
    [
      'a default',
      {
        DATABASE_URL,
        PSEUDONYM_KEYS: `k1:${Buffer.from('change-me-change-me-change-me-change-me').toString('base64')}`,
      },
      /looks like an example or a default/,
    ],
    [
      'all zeros',
      { DATABASE_URL, PSEUDONYM_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` },
      /not a random key/,
    ],
    [
      'twice under one kid',
      { DATABASE_URL, PSEUDONYM_KEYS: `k1:${KEY},k1:${OTHER}` },
      /the kid k1 is used twice/,
    ],
    [
      'twice under two kids',
      { DATABASE_URL, PSEUDONYM_KEYS: `k1:${KEY},k2:${KEY}` },
      /same key as an earlier one/,
    ],
  ])('refuses a pseudonym key that is %s, and never repeats it', (_, env, message) => {
    const problems = problemsOf(env).join('\n');
    expect(problems).toMatch(message);
    for (const secret of [KEY, OTHER, 'c2hvcnQ', 'hush']) expect(problems).not.toContain(secret);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '80a'],
    ['DATABASE_URL', 'mysql://db'],
    ['DATABASE_CONNECTIONS', '0'],
    ['DATABASE_PREPARE', 'yes'],
    ['ADMIN_API_KEY', 'short'],
    ['ADMIN_API_KEY', 'has a space in it and is long'],
    ['LOG_LEVEL', 'loud'],
    ['TRUSTED_PROXIES', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['OUTGOING_PRIVATE_RANGES', '10.0.0.1'],
    ['OUTGOING_PRIVATE_RANGES', '10.0.0.0/8,localhost'],
  ])('refuses %s=%s and says what it may be', (name, value) => {
    const problems = problemsOf({ PSEUDONYM_KEYS: `k1:${KEY}`, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must`))]);
  });

  it('names everything that is wrong at once', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'x', DATABASE_URL }).length).toBe(3);
  });
});
