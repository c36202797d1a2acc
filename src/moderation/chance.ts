import type { Service } from '../service.ts';

/** A number in [0, 1) of so many random bytes, six at most: seven would not fit a double. */
export function drawChance(service: Service, bytes: number): number {
  return service.random(bytes).reduce((sum, byte) => sum * 256 + byte, 0) / 256 ** bytes;
}
