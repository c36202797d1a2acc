/** Passwords: scrypt with its parameters in the stored text, so that they can be raised later. */
import { scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's low-memory pair: 16 MiB a hash, which a Worker has. */
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

/** Shorter ones are guessed; longer ones are no safer, and hashing them is work for nothing. */
export const PASSWORD_CHARACTERS = { least: 12, most: 200 } as const;

/**
 * The text to store. `random` gives the salt.
 *
 * @example
 * await hashPassword('correct horse battery', service.random) // 'scrypt$16384$8$5$…$…'
 */
export async function hashPassword(password: string, random: (bytes: number) => Uint8Array): Promise<string> {
  const salt = Buffer.from(random(SALT_BYTES));
  const hash = await derive(password, salt, COST.N, COST.r, COST.p);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether the password is the stored one. `null` (no such person, no password yet) takes as long and is false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, n, r, p, salt = '', expected = ''] = (stored ?? NOBODY).split('$');
  if (kind !== 'scrypt') return false;
  const hash = await derive(password, Buffer.from(salt, 'base64url'), Number(n), Number(r), Number(p));
  const matches = timingSafeEqual(hash, Buffer.from(expected, 'base64url'));
  return matches && stored !== null;
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function derive(password: string, salt: Buffer, N: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}
