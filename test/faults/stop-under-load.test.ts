/** SIGTERM under load: every request that was on its way is answered. `FAULT_ROUNDS` says how often. */
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { PROCESS_KEY } from '../support/call-process.ts';
import { DATABASES } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop } from '../support/service-process.ts';
import { submission } from '../support/site.ts';

const { FAULT_ROUNDS = '1' } = process.env;
const ROUNDS = Number(FAULT_ROUNDS);
const WRITERS = 24;

const workshop = createWorkshop();
afterAll(() => workshop.clean());

/** The status; `refused` when nobody listens any more; `dropped` when it was sent and never answered. */
function post(url: string, agent: Agent): Promise<number | 'refused' | 'dropped'> {
  const body = JSON.stringify(submission());
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/comments`, {
      method: 'POST',
      agent,
      headers: {
        authorization: `Bearer ${PROCESS_KEY}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', () => resolve('dropped'));
    });
    sent.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'dropped'),
    );
    sent.end(body);
  });
}

describe.each(DATABASES)('SIGTERM under %i writers on %s'.replace('%i', String(WRITERS)), (kind) => {
  test(
    `drops none of what had arrived and ends in time, ${ROUNDS} times`,
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const database = kind === 'postgres' ? await createPostgresDatabase() : null;
        const where =
          database === null
            ? { DATA_DIR: workshop.folder() }
            : { DATABASE_URL: database.url, PSEUDONYM_KEYS: `s1:${randomBytes(32).toString('base64')}` };
        const service = await workshop.serve({ ...where, ADMIN_API_KEY: PROCESS_KEY });
        const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
        const answers: (number | 'refused' | 'dropped')[] = [];
        const write = async () => {
          for (;;) {
            const answer = await post(service.url, agent);
            answers.push(answer);
            if (typeof answer !== 'number') return;
          }
        };
        const writers = Array.from({ length: WRITERS }, write);
        await expect.poll(() => answers.length, { interval: 10 }).toBeGreaterThan(3 * WRITERS);
        service.child.kill('SIGTERM');
        expect(await service.ended).toMatchObject({ code: 0, signal: null });
        await Promise.all(writers);
        agent.destroy();
        const counts = new Map<number | string, number>();
        for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
        console.log(`${kind}, round ${round + 1}:`, Object.fromEntries(counts));
        expect([...counts.keys()].sort()).toEqual([201, 'refused']);
        await database?.drop();
      }
    },
    60_000 * (1 + ROUNDS),
  );
});
