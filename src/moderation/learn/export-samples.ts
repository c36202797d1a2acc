/** The labelled comments of a site on their way out. */
import type { Label } from '../../core/comment.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { readSamples } from '../../storage/learn/samples.ts';
import { type Actor, actorReference } from '../actor.ts';

/** What a sample is without its site: no id, nobody who labelled it, no pseudonym. */
export interface SampleLine {
  readonly content: string;
  readonly label: Label;
  readonly author_name: string | null;
  readonly author_url: string | null;
}

/** Every sample in pages of up to 1,000: decided comments first, then uploads. Audited when it begins. */
export async function exportSamples(
  service: Service,
  siteId: string,
  actor: Actor,
  format: string,
): Promise<AsyncGenerator<SampleLine[]>> {
  await inTransaction(service.db, (trx) =>
    appendAudit(trx, {
      siteId,
      actor: actorReference(actor),
      action: 'samples.export',
      subject: siteId,
      detail: { format },
      at: service.now(),
    }),
  );
  return pagesOf(service, siteId);
}

async function* pagesOf(service: Service, siteId: string): AsyncGenerator<SampleLine[]> {
  for await (const page of readSamples(service.db, siteId)) {
    yield page.map(({ content, label, authorName, authorUrl }) => ({
      content,
      label,
      author_name: authorName || null,
      author_url: authorUrl ?? null,
    }));
  }
}
