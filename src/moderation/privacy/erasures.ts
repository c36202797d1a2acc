/** Who was erased, so that an import of an old export does not bring the comments back. */
import type { Service } from '../../service.ts';
import { listErasures } from '../../storage/privacy/personal-data.ts';
import { canonicaliseEmail, pseudonymiseEmail } from './pseudonymise.ts';

/** Whether a comment of an export was written before its author had everything erased. */
export type IsErased = (comment: { readonly authorEmail: string | null; readonly date: Date }) => boolean;

/** Reads the site's erasures once, for a whole import. */
export async function readErasures(service: Service, siteId: string): Promise<IsErased> {
  const erasures = await listErasures(service.db, siteId);
  if (erasures.length === 0) return () => false;
  const erasedAt = new Map(erasures.map(({ pseudonym, erased_at }) => [pseudonym, erased_at.getTime()]));
  return ({ authorEmail, date }) => {
    const canonical = authorEmail === null ? null : canonicaliseEmail(authorEmail);
    if (canonical === null) return false;
    const { allStrict, allLoose } = pseudonymiseEmail(service.config.pseudonymKeys, siteId, canonical);
    return [...allStrict, ...allLoose].some((pseudonym) => date.getTime() <= (erasedAt.get(pseudonym) ?? -1));
  };
}
