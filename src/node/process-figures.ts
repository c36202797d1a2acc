/** Reads what the metrics say of this process. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessFigures } from '../service.ts';

/** Begins to measure the event loop's delay, sampled every 20 ms, and gives the reader of all figures. */
export function createProcessFigures(): () => ProcessFigures {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const startedAtSeconds = Date.now() / 1000 - process.uptime();
  return () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const p99 = delay.percentile(99) / 1e9;
    return {
      cpuSeconds: (user + system) / 1e6,
      residentBytes: rss,
      heapBytes: heapUsed,
      startedAtSeconds,
      loopDelayP99Seconds: Number.isFinite(p99) ? p99 : 0,
    };
  };
}
