/** How much a caller has asked for of late, in the memory of this process. */
import { type Bucket, type RateLimit, type Taking, takeTokens } from '../../core/token-bucket.ts';
import type { Service } from '../../service.ts';

/** About 5 MB; the bucket that was used longest ago is forgotten, and thereby full. */
const MOST_BUCKETS = 50_000;

export type Limiter = (subject: string, limit: RateLimit, nowMs: number, cost: number) => Taking;

const limiters = new WeakMap<Service['log'], Limiter>();

/** Buckets by subject, the most recently used last. */
export function createLimiter(): Limiter {
  const buckets = new Map<string, Bucket>();
  return (subject, limit, nowMs, cost) => {
    const taking = takeTokens(buckets.get(subject), limit, nowMs, cost);
    buckets.delete(subject);
    buckets.set(subject, taking.bucket);
    if (buckets.size > MOST_BUCKETS) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    return taking;
  };
}

/** Takes `cost` requests from what a subject may make. On Workers an isolate counts for itself, as a process does. */
export function takeRequests(service: Service, subject: string, limit: RateLimit, cost: number): Taking {
  // By the log: it is made once a process and once an isolate, where a database is made once a request.
  const limiter = limiters.get(service.log) ?? createLimiter();
  limiters.set(service.log, limiter);
  return limiter(subject, limit, service.now().getTime(), cost);
}
