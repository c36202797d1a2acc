/** Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7). */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A UUIDv7 of a time and ten random bytes (74 of their bits are used).
 *
 * @param timeMs milliseconds since 1970, 0 … 2^48−1
 * @example
 * createId(0, new Uint8Array(10)) // '00000000-0000-7000-8000-000000000000'
 */
export function createId(timeMs: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  let rest = timeMs;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => HEX[byte]).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * The first id that {@link createId} can give at a time: what came before it has a smaller id.
 *
 * @param timeMs milliseconds since 1970, 0 … 2^48−1
 */
export function firstIdOf(timeMs: number): string {
  return createId(timeMs, new Uint8Array(10));
}

/** Whether a text is a UUID, so that it may be compared with an id column. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
