/** Declares what a service and its thread of the jobs send each other. */
import type { LogLevel } from '../config.ts';
import type { LogFields } from '../logging.ts';

/** `stop`: puts back what runs, as a service does that stops. `close`: nothing runs, and nothing more will be asked. */
export type JobsRequest =
  | { readonly kind: 'work'; readonly id: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'close' };

export type JobsAnswer =
  | { readonly kind: 'worked'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly error: Error }
  | {
      readonly kind: 'log';
      readonly level: Exclude<LogLevel, 'silent'>;
      readonly event: string;
      readonly fields: LogFields;
    };
