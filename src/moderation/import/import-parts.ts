/**
 * The parts of an uploaded file. Exports hold e-mail and IP addresses in clear, and no column may: parts are sealed
 * until the import is over, and then deleted.
 */
import type { Service } from '../../service.ts';
import { putPart, readPart } from '../../storage/imports.ts';
import { SEAL_OVERHEAD_BYTES, seal, unseal } from '../privacy/seal.ts';
import { RefusedError } from '../refused-error.ts';

/** Bytes that a kept part has beside those of the file. */
export const PART_OVERHEAD_BYTES = SEAL_OVERHEAD_BYTES;

const PURPOSE = 'import-part';

export async function keepPart(
  service: Service,
  importId: string,
  part: number,
  bytes: Uint8Array,
): Promise<void> {
  const sealed = seal(service, PURPOSE, placeOf(importId, part), bytes);
  await putPart(service.db, importId, part, sealed.kid, sealed.bytes);
}

/** @throws {RefusedError} when the part is gone or its key is. */
export async function readBackPart(service: Service, importId: string, part: number): Promise<Uint8Array> {
  const row = await readPart(service.db, importId, part);
  const bytes = row && unseal(service, PURPOSE, placeOf(importId, part), row);
  if (!bytes) throw new RefusedError('not_found', 'A part of the file is gone: upload it again.');
  return bytes;
}

function placeOf(importId: string, part: number): string {
  return `${importId}|${part}`;
}
