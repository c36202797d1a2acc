/** Imports as a client makes them: announced, sent, started and awaited. */
import { expect } from 'vitest';
import type { TestService } from './databases.ts';
import type { TestSite } from './site.ts';

export interface ShownImport {
  readonly id: string;
  readonly state: string;
  readonly job: string | null;
  readonly records: number;
  readonly added: number;
  readonly known: number;
  readonly refused: number;
  readonly passed_over: number;
  readonly merged: readonly { post: string; into: string }[];
  readonly refusals: readonly { line: number; code: string; detail: string }[];
}

export async function announce({ client }: TestSite, format: string, more = {}): Promise<string> {
  const answer = await client.post<ShownImport>('/v1/imports', { format, name: 'export', ...more });
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body.state).toBe('waiting');
  return answer.body.id;
}

export async function sendPart({ client }: TestSite, id: string, part: number, body: string | Uint8Array) {
  return await client.call('PUT', `/v1/imports/${id}/parts/${part}`, {
    body,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

export async function show({ client }: TestSite, id: string): Promise<ShownImport> {
  return (await client.get<ShownImport>(`/v1/imports/${id}`)).body;
}

export async function importFile(
  service: TestService,
  site: TestSite,
  format: string,
  file: string | Uint8Array,
  more = {},
): Promise<ShownImport> {
  const id = await announce(site, format, more);
  expect((await sendPart(site, id, 0, file)).status).toBe(204);
  const started = await site.client.post(`/v1/imports/${id}/start`);
  expect(started.status, started.text).toBe(202);
  await service.settled();
  return await show(site, id);
}

/** Why an import failed. */
export async function whyFailed({ client }: TestSite, { job }: ShownImport): Promise<string | null> {
  return (await client.get<{ error: string | null }>(`/v1/jobs/${job}`)).body.error;
}

/** The comments of a site, or its samples, in the order of their ids. */
export async function storedComments(service: TestService, { site }: TestSite) {
  return await service.db
    .selectFrom('comment')
    .selectAll()
    .where('site_id', '=', site.id)
    .orderBy('id')
    .execute();
}

export async function storedSamples(service: TestService, { site }: TestSite) {
  return await service.db
    .selectFrom('sample')
    .select(['content', 'label', 'author_name', 'author_url'])
    .where('site_id', '=', site.id)
    .orderBy('content')
    .execute();
}
