/**
 * A proof of work for the form in a page: ALTCHA's challenges (version 2, https://altcha.org), made and checked by its
 * library. Nothing is kept of a challenge until its proof is used; a proof is good for one comment of one site.
 */
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { z } from 'zod';
import { firstIdOf } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { listVerdictsSince, spendChallenge } from '../../storage/proof-of-work.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { drawChance } from '../chance.ts';
import { purposeKey } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';
import type { SiteContext } from '../site/site-context.ts';

/** What a page is asked to solve. */
export type Challenge = Awaited<ReturnType<typeof createChallenge>>;

/** A proof that holds, and was not used yet as far as is known. */
export interface Proof {
  readonly nonce: string;
  readonly expiresAt: Date;
}

const ALGORITHM = 'PBKDF2/SHA-256';
/** Iterations for each number that is tried. */
const COST = 1000;
/** How many numbers have to be tried, 1,500 on average: `npm run bench:embed` measures what that takes. */
const FEWEST_TRIES = 1000;
const MOST_TRIES = 2000;
const EXPIRES_MS = 10 * 60_000;

/** Under attack: so many comments of the last minutes are not plainly good, and they are more than the good ones. */
const ATTACK_MS = 10 * 60_000;
const ATTACK_COMMENTS = 30;
const COMMENTS_LOOKED_AT = 300;

/** Longer than any proof is. */
export const PROOF_CHARACTERS = 4000;

const payloadSchema = z.strictObject({
  challenge: z.strictObject({
    parameters: z.strictObject({
      nonce: z.string(),
      salt: z.string(),
      algorithm: z.literal(ALGORITHM),
      cost: z.number(),
      keyLength: z.number(),
      keyPrefix: z.string(),
      keySignature: z.string(),
      /** When it is over, in ms since 1970: the library's own `expiresAt` goes by the machine's clock, not by ours. */
      data: z.strictObject({ expires: z.number() }),
    }),
    signature: z.string(),
  }),
  solution: z.looseObject({ counter: z.number(), derivedKey: z.string() }),
});

/** A new challenge for a form of the site; it is over after ten minutes. */
export async function makeChallenge(service: Service, siteId: string): Promise<Challenge> {
  const { signature, keySignature } = secretsOf(service, siteId);
  return await createChallenge({
    algorithm: ALGORITHM,
    cost: COST,
    counter: FEWEST_TRIES + Math.floor(drawChance(service, 2) * (MOST_TRIES - FEWEST_TRIES)),
    deriveKey,
    data: { expires: service.now().getTime() + EXPIRES_MS },
    hmacSignatureSecret: signature,
    hmacKeySignatureSecret: keySignature,
  });
}

/**
 * The proof that a comment brings, null when the site asks for none now.
 *
 * @param altcha what ALTCHA's form field of this name holds: base64 of JSON `{challenge, solution}`
 * @throws {RefusedError} `proof_of_work_required` when it is missing, wrong or over.
 */
export async function requireProof(
  service: Service,
  site: SiteContext,
  altcha: string | null,
): Promise<Proof | null> {
  if (!(await isWorkAsked(service, site))) return null;
  const payload = readPayload(altcha);
  if (payload === null) throw refuse();
  const { signature, keySignature } = secretsOf(service, site.id);
  const { verified } = await verifySolution({
    ...payload,
    deriveKey,
    hmacSignatureSecret: signature,
    hmacKeySignatureSecret: keySignature,
  });
  const { nonce, data } = payload.challenge.parameters;
  if (!verified || data.expires <= service.now().getTime()) throw refuse();
  return { nonce, expiresAt: new Date(data.expires) };
}

/** Uses a proof up, in the transaction that stores its comment. @throws {RefusedError} when it was used before. */
export async function spendProof(trx: Transaction, siteId: string, proof: Proof): Promise<void> {
  if (!(await spendChallenge(trx, siteId, proof.nonce, proof.expiresAt))) throw refuse();
}

async function isWorkAsked(service: Service, site: SiteContext): Promise<boolean> {
  const when = site.settings.proof_of_work;
  if (when !== 'attack') return when === 'always';
  const first = firstIdOf(service.now().getTime() - ATTACK_MS);
  const verdicts = await listVerdictsSince(service.db, site.id, first, COMMENTS_LOOKED_AT);
  const good = verdicts.filter((verdict) => verdict === 'ham').length;
  const doubtful = verdicts.length - good;
  return doubtful >= ATTACK_COMMENTS && doubtful > good;
}

function secretsOf(service: Service, siteId: string): { signature: string; keySignature: string } {
  const [newest] = service.config.pseudonymKeys;
  if (!newest) throw new Error('a proof of work needs a pseudonym key');
  const secret = (purpose: string) => purposeKey(newest, `${purpose}|${siteId}`).toString('hex');
  return { signature: secret('proof-of-work'), keySignature: secret('proof-of-work-key') };
}

function readPayload(altcha: string | null): z.infer<typeof payloadSchema> | null {
  if (altcha === null) return null;
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(Buffer.from(altcha, 'base64').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function refuse(): RefusedError {
  return new RefusedError(
    'proof_of_work_required',
    'This site asks for a proof of work at the moment: solve a challenge of POST /v1/challenges and send it as “altcha”.',
  );
}
