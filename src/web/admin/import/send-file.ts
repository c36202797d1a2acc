/** Sends a file in parts, so that a lost connection costs one of them. */

import type { AdminStrings } from '../../../strings/admin/en-all.ts';
import { fill } from '../../../strings/index.ts';
import { BASE } from '../../page/base.ts';
import { inSite } from '../resource.tsx';

/** As the command line has it, so that each can go on with what the other began. */
const PART_BYTES = 8 * 1024 * 1024;
/** Before a part is sent again: half a minute in all. */
const PAUSES_MS = [1000, 2000, 4000, 8000, 16_000];

export interface SentPart {
  readonly part: number;
  readonly bytes: number;
}

interface Sending {
  readonly site: string;
  /** Of the import. */
  readonly id: string;
  readonly file: File;
  readonly sent: readonly SentPart[];
  readonly onSent: (share: number) => void;
  readonly t: AdminStrings['imports'];
}

/**
 * Sends the parts of a file that are not there; `onSent` gets the share that is.
 *
 * @throws {Error} when a part is refused, the service cannot be reached for long, or what is there is no part of this file.
 */
export async function sendParts({ site, id, file, sent, onSent, t }: Sending): Promise<void> {
  const count = Math.max(1, Math.ceil(file.size / PART_BYTES));
  const sizeOf = (part: number): number => Math.min(PART_BYTES, Math.max(0, file.size - part * PART_BYTES));
  if (sent.some(({ part, bytes }) => part >= count || bytes !== sizeOf(part))) {
    throw new Error(t.otherFile);
  }
  const there = new Set(sent.map(({ part }) => part));
  for (let part = 0; part < count; part += 1) {
    if (!there.has(part)) {
      const bytes = file.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
      await sendPart(inSite(site, `/v1/imports/${id}/parts/${part}`), bytes, t);
    }
    onSent((part + 1) / count);
  }
}

async function sendPart(path: string, body: Blob, t: AdminStrings['imports']): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  for (const pause of [...PAUSES_MS, null]) {
    const response = await fetch(`${BASE}${path}`, { method: 'PUT', headers, body }).catch(() => null);
    if (response?.ok) return;
    const passing = response === null || response.status >= 500 || response.status === 429;
    if (!passing) throw new Error(fill(t.partRefused, { detail: await response.text() }));
    if (pause !== null) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(t.unreachable);
}
