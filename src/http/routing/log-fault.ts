import { describeError } from '../../logging.ts';
import { noteFailure } from '../../moderation/background/readiness.ts';
import { RefusedError } from '../../moderation/refused-error.ts';
import type { AppContext } from './app-context.ts';
import { ProblemError } from './problem.ts';

/** Faults of the service are logged, those of the caller are not. */
export function logFault(c: AppContext, thrown: unknown, code: string): void {
  if (thrown instanceof ProblemError || thrown instanceof RefusedError) return;
  const { requestId, route, service } = c.var;
  noteFailure(service, thrown);
  service.log.error('request-failed', { requestId, route, code, ...describeError(thrown) });
}
