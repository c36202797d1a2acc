/** Restores an export over the API, as the command line does, and reads and writes its lines. */
import { expect } from 'vitest';
import { createArchiveWriter } from '../../src/moderation/archive/archive-format.ts';
import type { Client } from './client.ts';
import type { TestService } from './databases.ts';

export interface Line {
  table?: string;
  row?: Record<string, unknown>;
  link?: { id: string; to: string };
  site?: { id: string; slug: string; name: string; url: string | null; created_at: string };
  pseudonym_keys?: Record<string, string>;
  end?: { lines: number; counts: Record<string, number>; sha256: string };
}

export interface Restored {
  readonly id: string;
  readonly state: string;
  readonly records: number;
  readonly added: number;
  readonly passed_over: number;
  readonly error: string | null;
}

export const linesOf = (file: string): Line[] =>
  file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Every row without seals and times of the export: equal for equal sites. */
export const contentOf = (file: string): string[] =>
  linesOf(file)
    .filter(({ table }) => table !== undefined)
    .map(({ table, row, link }) => JSON.stringify({ table, row, link }));

/** The lines sealed anew: what somebody writes who knows the format. */
export function sealed(lines: readonly Line[]): string {
  const writer = createArchiveWriter();
  const body = lines
    .filter(({ end }) => end === undefined)
    .map(({ ...line }) => {
      delete (line as { seal?: string }).seal;
      return writer.line(line as Parameters<typeof writer.line>[0]);
    });
  return body.join('') + writer.end();
}

export async function exportSite(admin: Client, id: string): Promise<string> {
  const answer = await admin.get(`/v1/sites/${id}/export`);
  expect(answer.status, answer.text).toBe(200);
  return answer.text;
}

/** The body of `POST /v1/restores` for a file. */
export function announcementOf(file: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const [head] = linesOf(file.slice(0, file.indexOf('\n') + 1));
  const { id, slug, name, url, created_at } = head?.site ?? {};
  return { id, slug, name, url, created_at, pseudonym_keys: head?.pseudonym_keys, ...more };
}

/** Announces and sends the file; its import's id. */
export async function sendArchive(
  admin: Client,
  file: string,
  bytes: string | Uint8Array = file,
  more: Record<string, unknown> = {},
): Promise<string> {
  const announced = await admin.post<{ id: string }>('/v1/restores', announcementOf(file, more));
  expect(announced.status, announced.text).toBe(201);
  const { id } = announced.body;
  const slug = String(announcementOf(file, more).slug);
  const sent = await admin.call('PUT', `/v1/imports/${id}/parts/0?site=${slug}`, { body: bytes });
  expect(sent.status, sent.text).toBe(204);
  return id;
}

export async function restoreSite(
  service: TestService,
  admin: Client,
  file: string,
  damaged: string | Uint8Array = file,
  more: Record<string, unknown> = {},
): Promise<Restored> {
  const id = await sendArchive(admin, file, damaged, more);
  const slug = String(announcementOf(file, more).slug);
  const started = await admin.post<{ job: string }>(`/v1/imports/${id}/start?site=${slug}`);
  expect(started.status, started.text).toBe(202);
  await service.settled();
  const job = await admin.get<{ error: string | null }>(`/v1/jobs/${started.body.job}`);
  const run = await admin.get<Restored>(`/v1/imports/${id}?site=${slug}`);
  return { ...run.body, error: job.body.error };
}
