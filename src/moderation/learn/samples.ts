/** Labelled comments in bulk, and one of them corrected. */
import type { Label } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  deleteSample,
  insertSamples,
  lockSample,
  relabelSample,
  type SampleRow,
} from '../../storage/learn/samples.ts';
import { insertTombstones } from '../../storage/privacy/tombstones.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { type Actor, actorReference } from '../actor.ts';
import { batchesOf } from '../batches.ts';
import { RefusedError } from '../refused-error.ts';
import { hashContent } from '../site/content-hash.ts';

export interface NewSample {
  readonly content: string;
  readonly label: Label;
  readonly authorName: string | null;
  readonly authorUrl: string | null;
}

const BATCH = 500;

/** Stores samples; one that is there already (same text and label) counts as known. */
export async function addSamples(
  service: Service,
  siteId: string,
  actor: Actor,
  source: string,
  samples: readonly NewSample[],
): Promise<{ added: number; known: number }> {
  const now = service.now();
  let added = 0;
  for (const batch of batchesOf(samples, BATCH)) {
    added += await insertSamples(
      service.db,
      batch.map((sample) => ({
        id: createId(now.getTime(), service.random(10)),
        site_id: siteId,
        content: sample.content,
        author_name: sample.authorName,
        author_url: sample.authorUrl,
        label: sample.label,
        source,
        actor: actorReference(actor),
        content_hash: hashContent(sample.content),
        created_at: now,
      })),
    );
  }
  return { added, known: samples.length - added };
}

export interface SampleView {
  readonly id: string;
  readonly source: string;
  readonly content: string;
  readonly author_name: string | null;
  readonly author_url: string | null;
  readonly label: Label;
  readonly labelled_by: string;
  readonly labelled_at: string;
}

/**
 * Gives a sample another label: from the next training on it is as if it had always had that one. Who corrects it
 * answers for it, and it counts as labelled now.
 *
 * @throws {RefusedError} `not_found`, also for a decided comment; `conflict` when the same text has that label already.
 */
export async function correctSample(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  label: Label,
): Promise<SampleView> {
  const at = service.now();
  return await inTransaction(service.db, async (trx) => {
    const row = await requireSample(trx, siteId, id);
    if (row.label === label) return viewSample(row);
    const by = actorReference(actor);
    const changed = await relabelSample(trx, row, { label, actor: by, created_at: at });
    if (changed === null) {
      throw new RefusedError('conflict', `The same text is there as ${label} already: delete this sample.`);
    }
    const detail = { from: row.label, to: label, source: row.source };
    await appendAudit(trx, { siteId, actor: by, action: 'sample.label', subject: id, detail, at });
    return viewSample(changed);
  });
}

/**
 * Deletes a sample: from the next training on it is as if it had never been, and a restore of an older export does not
 * bring it back. Uploading the text again does.
 *
 * @throws {RefusedError} `not_found`, also for a decided comment.
 */
export async function removeSample(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
): Promise<void> {
  const at = service.now();
  await inTransaction(service.db, async (trx) => {
    const { label, source } = await requireSample(trx, siteId, id);
    await deleteSample(trx, id);
    await insertTombstones(trx, siteId, 'sample', [id], at);
    const by = actorReference(actor);
    const detail = { label, source };
    await appendAudit(trx, { siteId, actor: by, action: 'sample.delete', subject: id, detail, at });
  });
}

async function requireSample(trx: Transaction, siteId: string, id: string): Promise<SampleRow> {
  const row = await lockSample(trx, siteId, id);
  if (row) return row;
  throw new RefusedError(
    'not_found',
    'There is no sample with this id. The label of a decided comment is corrected by deciding it again.',
  );
}

function viewSample(row: SampleRow): SampleView {
  return {
    id: row.id,
    source: row.source,
    content: row.content,
    author_name: row.author_name,
    author_url: row.author_url,
    label: row.label,
    labelled_by: row.actor,
    labelled_at: row.created_at.toISOString(),
  };
}
