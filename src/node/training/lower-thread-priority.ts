import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A third of what an equal gets while others want the processor; at 10, a machine with ten busy neighbours starved it. */
const NICENESS = 5;

/**
 * Leaves the processor to the requests: for a thread that works beside them, and those that it starts. Linux has
 * priorities by thread, and `/proc` tells which thread this is; elsewhere it competes as an equal.
 */
export function yieldToRequests(): void {
  try {
    const thread = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1];
    if (thread !== undefined) setPriority(Number(thread), NICENESS);
  } catch {
    // No /proc, or no right to change a priority: slower answers meanwhile, and nothing else.
  }
}
