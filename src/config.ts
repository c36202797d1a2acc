/**
 * The only reader of the environment: `readConfig(process.env)` at an entry, a frozen {@link Config} from there on.
 */
import { z } from 'zod';

/** A secret key for pseudonyms. `kid` names it in every stored pseudonym (`kid:…`), so that several can live. */
export interface PseudonymKey {
  /** 1–16 letters, digits, `-` or `_`. */
  readonly kid: string;
  /** At least {@link PSEUDONYM_KEY_BYTES} secret bytes. */
  readonly key: Uint8Array;
}

/** How much is logged; `silent` logs nothing. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Everything that is set from outside, read once and frozen. */
export interface Config {
  /** TCP port, 0–65535; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; the default 127.0.0.1 is reachable from this machine only. */
  readonly host: string;
  /** Folder of the embedded database, its pseudonym key and its lock. Unused when `databaseUrl` is set. */
  readonly dataDir: string;
  /** PostgreSQL 15 or newer; undefined means the embedded PGlite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Most connections to PostgreSQL for what one process answers; its jobs take up to four more. */
  readonly databaseConnections: number;
  /** Whether statements are prepared on a connection; false behind a pooler in transaction mode. */
  readonly databasePrepare: boolean;
  /** The first admin's key, instead of a random one that is printed once. */
  readonly adminApiKey: string | undefined;
  /** Newest first; writes use the first, reads accept all. Empty only on the embedded default before `DATA_DIR` was read. */
  readonly pseudonymKeys: readonly PseudonymKey[];
  /** Path of another starter filter; undefined means the shipped one. */
  readonly starterModel: string | undefined;
  readonly logLevel: LogLevel;
  /**
   * Where people reach the service, without a slash at its end, e.g. `https://comments.example`; undefined: as each request
   * says itself. Links are made of it, because a request's `Host` is what its sender wrote.
   */
  readonly publicUrl: string | undefined;
  /** What `/metrics` asks for as a bearer token; undefined: anybody may read them. */
  readonly metricsToken: string | undefined;
  /** How many proxies in front of the service add to `X-Forwarded-For`; 0 ignores the header. */
  readonly trustedProxies: number;
  /** Requests a minute that a key without a limit of its own may make to one process. */
  readonly rateLimitPerMinute: number;
  /** Private ranges in CIDR notation that webhooks and callbacks may go to all the same; empty: none. */
  readonly outgoingPrivateRanges: readonly string[];
}

/** HMAC-SHA-256 gains nothing from a longer key and loses strength with a shorter one (RFC 2104, section 3). */
export const PSEUDONYM_KEY_BYTES = 32;

/** The environment is wrong. The message names each variable and its remedy, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const MAKE_A_KEY =
  `make one with  node -e 'console.log("k1:" + require("crypto").randomBytes(${PSEUDONYM_KEY_BYTES})` +
  `.toString("base64"))'  and keep it as safe as the database`;

const environment = z.object({
  PORT: wholeNumber('PORT', 0, 65_535).default(8787),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, {
      error: 'DATABASE_URL must look like postgres://user:password@host:5432/name',
    })
    .optional(),
  DATABASE_CONNECTIONS: wholeNumber('DATABASE_CONNECTIONS', 1, 1000).default(10),
  DATABASE_PREPARE: z
    .enum(['true', 'false'], { error: 'DATABASE_PREPARE must be true or false' })
    .default('true')
    .transform((value) => value === 'true'),
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{20,200}$/, {
      error:
        'ADMIN_API_KEY must be 20 to 200 printable characters without spaces; or leave it out to get one',
    })
    .optional(),
  PSEUDONYM_KEYS: z.string().optional(),
  STARTER_MODEL: z.string().min(1).optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'LOG_LEVEL must be one of debug, info, warn, error, silent',
    })
    .default('info'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'PUBLIC_URL must be the address that people open, such as https://comments.example',
    })
    .refine((url) => !/[?#@]/.test(url), {
      error: 'PUBLIC_URL must have no user, password, query or fragment',
    })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{20,200}$/, {
      error: 'METRICS_TOKEN must be 20 to 200 printable characters without spaces',
    })
    .optional(),
  TRUSTED_PROXIES: wholeNumber('TRUSTED_PROXIES', 0, 16).default(0),
  RATE_LIMIT_PER_MINUTE: wholeNumber('RATE_LIMIT_PER_MINUTE', 1, 100_000_000).default(600_000),
  OUTGOING_PRIVATE_RANGES: z
    .string()
    .default('')
    .transform((value) => (value === '' ? [] : value.split(',').map((range) => range.trim())))
    .pipe(
      z.array(
        z.union([z.cidrv4(), z.cidrv6()], {
          error:
            'OUTGOING_PRIVATE_RANGES must be ranges such as 10.1.0.0/16,fd00:1::/64 (separated by commas)',
        }),
      ),
    ),
});

/** The names of all variables that are read. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environment.shape);

function wholeNumber(name: string, min: number, max: number) {
  const error = `${name} must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error });
}

/**
 * The configuration that the environment asks for. A variable set to the empty string counts as not set.
 *
 * With `DATABASE_URL`, `PSEUDONYM_KEYS` (`kid:base64,kid:base64`, newest first) is required: a database that outlives
 * this machine must not depend on a key that only lies in its folder. Without it, `pseudonymKeys` may be empty and the
 * entry fills it from `DATA_DIR`.
 *
 * @throws {ConfigError} naming every variable that is missing or wrong, and how to set it right.
 * @example
 * readConfig({ PORT: '9000' }).port // 9000
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(env).filter((entry) => entry[1] !== undefined && entry[1] !== ''),
  );
  const parsed = environment.safeParse(present);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
  const keys = parsePseudonymKeys(present.PSEUDONYM_KEYS);
  problems.push(...keys.problems);
  if (present.PSEUDONYM_KEYS === undefined && present.DATABASE_URL !== undefined) {
    problems.push(`PSEUDONYM_KEYS is missing, and DATABASE_URL is set: ${MAKE_A_KEY}`);
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const values = parsed.data;
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    databaseConnections: values.DATABASE_CONNECTIONS,
    databasePrepare: values.DATABASE_PREPARE,
    adminApiKey: values.ADMIN_API_KEY,
    pseudonymKeys: keys.keys,
    starterModel: values.STARTER_MODEL,
    logLevel: values.LOG_LEVEL,
    publicUrl: values.PUBLIC_URL,
    metricsToken: values.METRICS_TOKEN,
    trustedProxies: values.TRUSTED_PROXIES,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    outgoingPrivateRanges: Object.freeze(values.OUTGOING_PRIVATE_RANGES),
  });
}

function parsePseudonymKeys(text: string | undefined): { keys: PseudonymKey[]; problems: string[] } {
  const keys: PseudonymKey[] = [];
  const problems: string[] = [];
  for (const [index, part] of (text === undefined ? [] : text.split(',')).entries()) {
    const where = `PSEUDONYM_KEYS, key ${index + 1}`;
    const match = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9+/]+={0,2})$/.exec(part.trim());
    const [, kid, base64] = match ?? [];
    const key = base64 === undefined ? undefined : decodeBase64(base64);
    if (kid === undefined || key === undefined) {
      problems.push(
        `${where}: must be kid:base64 (a kid has 1 to 16 letters, digits, - or _); ${MAKE_A_KEY}`,
      );
    } else if (key.length < PSEUDONYM_KEY_BYTES) {
      problems.push(`${where}: has ${key.length} bytes, ${PSEUDONYM_KEY_BYTES} are needed; ${MAKE_A_KEY}`);
    } else if (looksLikeDefault(key)) {
      problems.push(`${where}: is not a random key, it looks like an example or a default; ${MAKE_A_KEY}`);
    } else if (keys.some((other) => other.kid === kid)) {
      problems.push(`${where}: the kid ${kid} is used twice; give each key a kid of its own`);
    } else if (keys.some((other) => sameBytes(other.key, key))) {
      problems.push(`${where}: is the same key as an earlier one under another kid; ${MAKE_A_KEY}`);
    } else {
      keys.push(Object.freeze({ kid, key }));
    }
  }
  return { keys, problems };
}

/** 32 random bytes have fewer than 16 distinct values with p = 3e-17, and contain a word of this list with p < 1e-8. */
function looksLikeDefault(key: Uint8Array): boolean {
  const text = String.fromCharCode(...key.slice(0, 1024)).toLowerCase();
  return new Set(key).size < 16 || /change|default|example|passw|pepper|secret|sample/.test(text);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
