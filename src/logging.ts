/**
 * JSON lines from a closed list of fields. What is not on the list cannot be logged: no content, no name, no e-mail
 * or IP address, no cookie, no key. The list is enforced by the type and once more at run time.
 */
import type { LogLevel } from './config.ts';

const LOG_FIELDS = [
  'requestId',
  'traceId',
  'method',
  'route',
  'status',
  'code',
  'durationMs',
  'bytes',
  'siteId',
  'site',
  'commentId',
  'decisionId',
  'keyId',
  'userId',
  'jobId',
  'webhookId',
  'modelVersion',
  'verdict',
  'disposition',
  'decision',
  'kind',
  'state',
  'count',
  'done',
  'total',
  'attempt',
  'pid',
  'signal',
  'address',
  'database',
  'migration',
  'version',
  'error',
  'errorCode',
  'stack',
] as const;

/** A field that may be logged. `address` is what the service listens on, never a reader's. */
export type LogField = (typeof LOG_FIELDS)[number];

export type LogFields = { readonly [F in LogField]?: string | number | boolean | null | undefined };

/** One line for each event; `event` is a fixed kebab-case word such as `request` or `model-activated`. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const LEVELS = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 } as const;

const allowed: ReadonlySet<string> = new Set(LOG_FIELDS);

/** A longer value is a mistake (a stack of 30 frames has about 2,500 characters). */
const LONGEST_VALUE = 4_000;

/**
 * What an error may say in a log: its class, its code (such as an SQLSTATE) and where it happened. Its message stays
 * out: PostgreSQL and JSON.parse quote the input in theirs, and the input may be a comment or an address.
 *
 * @example
 * describeError(new RangeError('secret')) // { error: 'RangeError', errorCode: undefined, stack: 'at …' }
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    errorCode: typeof code === 'string' ? code : undefined,
    stack: frames
      .slice(0, 12)
      .map((line) => line.trim())
      .join(' | '),
  };
}

/** The fields that are on the list, without undefined ones, long strings cut. */
export function keepAllowed(fields: LogFields | undefined): Record<string, string | number | boolean | null> {
  const kept: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (value === undefined || !allowed.has(name)) continue;
    kept[name] = typeof value === 'string' ? value.slice(0, LONGEST_VALUE) : value;
  }
  return kept;
}

/**
 * A log that hands each line's object to `write`; the entries choose where it goes (pino on Node, the console on
 * Workers, an array in tests).
 *
 * @example
 * createLog('info', (line) => console.log(JSON.stringify(line)))
 */
export function createLog(
  level: LogLevel,
  write: (line: Record<string, string | number | boolean | null>, level: Exclude<LogLevel, 'silent'>) => void,
): Log {
  const at = (own: Exclude<LogLevel, 'silent'>) => (event: string, fields?: LogFields) => {
    if (LEVELS[own] >= LEVELS[level]) write({ event, ...keepAllowed(fields) }, own);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
