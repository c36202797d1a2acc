/** A model as it is kept: its bytes with their checksum, and what lists show without reading them. */
import { createHash } from 'node:crypto';
import type { ModelFacts } from '../../core/filter/model.ts';
import { MAX_MODEL_BYTES } from '../../core/filter/model-format.ts';
import type { Service } from '../../service.ts';
import { insertModel } from '../../storage/learn/models.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import type { ModelState } from '../../storage/schema/learn.ts';
import { RefusedError } from '../refused-error.ts';

/** What is known of a model beside itself. */
export interface ModelRecord {
  /** null: the shipped starter, which is every site's. */
  readonly siteId: string | null;
  readonly state: ModelState;
  readonly report: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  readonly at: Date;
}

/**
 * Stores a version, unless it is there.
 *
 * @throws {RefusedError} `model_not_usable` for more bytes than any reader takes.
 */
export async function storeModel(
  db: Service['db'] | Transaction,
  facts: ModelFacts,
  { siteId, state, report, createdBy, at }: ModelRecord,
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.length > MAX_MODEL_BYTES) {
    throw new RefusedError(
      'model_not_usable',
      `The model has ${bytes.length} bytes, more than ${MAX_MODEL_BYTES}: nobody could load it.`,
    );
  }
  await insertModel(db, {
    version: facts.version,
    site_id: siteId,
    state,
    bytes,
    sha256: checksumOf(bytes),
    size_bytes: bytes.length,
    metrics: JSON.stringify(facts.metrics),
    report: JSON.stringify(report),
    provenance: JSON.stringify(facts.provenance),
    created_by: createdBy,
    created_at: at,
  });
}

/** What stored bytes are held against. */
export function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
