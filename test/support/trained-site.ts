/** A site whose own filter is active: trained through the API on comments that are easily told apart. */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { TestService } from './databases.ts';

const HAM = [
  'the council voted on the budget',
  'I cycled over the bridge today',
  'our school needs teachers',
  'the article forgets the farmers',
];
const SPAM = [
  'earn money from home click here',
  'cheap watches best price buy now',
  'subscribe to my channel please',
  'free followers visit my page',
];
const WORDS = 'alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo'.split(' ');

/** Labelled comments, as many ham as spam; no two are equal. */
export function plainSamples(count: number): { content: string; label: 'ham' | 'spam' }[] {
  return Array.from({ length: count }, (_, at) => {
    const label = at % 2 === 0 ? 'ham' : 'spam';
    const text = (label === 'ham' ? HAM : SPAM)[Math.floor(at / 2) % 4];
    const tail = [at, at * 7, at * 5 + 3, at * 3 + 1].map((word) => WORDS[word % WORDS.length]).join(' ');
    return { content: `${text}, ${tail} ${Math.floor(at / WORDS.length)}`, label };
  });
}

export async function uploadSamples(client: Client, samples: readonly unknown[]): Promise<void> {
  const { status } = await client.post(
    '/v1/samples',
    samples.map((line) => JSON.stringify(line)).join('\n'),
    {
      headers: { 'content-type': 'application/x-ndjson' },
    },
  );
  expect(status).toBe(200);
}

/** Trains on what is there and activates the candidate; returns its version. */
export async function trainAndActivate(service: TestService, client: Client): Promise<string> {
  const { job } = (await client.post<{ job: string }>('/v1/models', {})).body;
  await service.settled();
  const { result } = (await client.get<{ result: { model_version: string } | null }>(`/v1/jobs/${job}`)).body;
  const version = result?.model_version ?? '';
  expect((await client.post(`/v1/models/${version}/activate`, {})).status).toBe(200);
  return version;
}
