import { pino } from 'pino';
import type { LogLevel } from '../config.ts';
import { createLog, type Log } from '../logging.ts';

/** JSON lines on stderr, so that stdout stays for people: `{"level":"info","time":"…","event":"request",…}`. */
export function createNodeLog(level: LogLevel): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return createLog(level, (line, own) => logger[own](line));
}
