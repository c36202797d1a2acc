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
  readonly refusals: readonly { line: number; code: string; detail: string }[];
}

export async function importFile(
  service: TestService,
  { client }: TestSite,
  format: string,
  file: string | Uint8Array,
): Promise<ShownImport> {
  const announced = await client.post<{ id: string }>('/v1/imports', { format });
  expect(announced.status, announced.text).toBe(201);
  const path = `/v1/imports/${announced.body.id}`;
  expect((await client.call('PUT', `${path}/parts/0`, { body: file })).status).toBe(204);
  expect((await client.post(`${path}/start`)).status).toBe(202);
  await service.settled();
  return (await client.get<ShownImport>(path)).body;
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
