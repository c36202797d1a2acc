/**
 * kill -9 of the service under 16 writers, and a history of what each of them was told. `npm run test:faults` does so 100
 * times on each database, the tests do once.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { connectPglite, connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { PROCESS_KEY } from '../support/call-process.ts';
import { DATABASES } from '../support/databases.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, type Environment, type ServiceProcess } from '../support/service-process.ts';
import { submission } from '../support/site.ts';

const { FAULT_ROUNDS = '1' } = process.env;
const ROUNDS = Number(FAULT_ROUNDS);
const WRITERS = 16;
/** A kill comes after so many answers of a round. */
const ANSWERS = 40;
/** A key that a killed process had taken comes free after a minute at the latest. */
const REPEAT_MS = 90_000;

/** What a writer sent, and what it was told of it: null is unknown, which is neither stored nor not stored. */
interface Call {
  readonly key: string;
  readonly body: Record<string, unknown>;
  id: string | null;
}

interface Decided {
  readonly id: string;
  readonly decision: string;
  /** null: nobody knows. */
  decisionId: string | null;
}

class History {
  readonly calls: Call[] = [];
  readonly decided: Decided[] = [];
  #count = 0;

  begin(): Call {
    this.#count += 1;
    const call = {
      key: `history-${this.#count}`,
      body: submission({ post: `p${this.#count % 5}` }),
      id: null,
    };
    this.calls.push(call);
    return call;
  }

  /** @param stored the comments; `decisions` those that stand, by comment. */
  check(stored: readonly { id: string; content: string }[], decisions: ReadonlyMap<string, string[]>): void {
    const byText = new Map<string, string[]>();
    for (const { id, content } of stored) byText.set(content, [...(byText.get(content) ?? []), id]);
    const told = this.calls.map(({ body, id }) => ({ id, ids: byText.get(String(body.content)) ?? [] }));
    const lost = told.filter(({ id, ids }) => id !== null && !ids.includes(id));
    const twice = told.filter(({ ids }) => ids.length > 1);
    const undecided = this.decided.filter(
      ({ id, decisionId }) => decisionId !== null && !decisions.get(id)?.includes(decisionId),
    );
    const contradictory = [...decisions.values()].filter((ids) => ids.length > 1);
    expect({ lost, twice, undecided, contradictory }).toEqual({
      lost: [],
      twice: [],
      undecided: [],
      contradictory: [],
    });
  }
}

const headers = { authorization: `Bearer ${PROCESS_KEY}`, 'content-type': 'application/json' };

/** The body of a success; null for anything else, and for no answer. */
async function ask(url: string, body: unknown, key?: string): Promise<Record<string, unknown> | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...(key !== undefined && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
    const answer: Record<string, unknown> = JSON.parse(await response.text());
    return response.ok ? answer : null;
  } catch {
    return null;
  }
}

async function send(service: ServiceProcess, call: Call): Promise<boolean> {
  const answer = await ask(`${service.url}/v1/comments?site=default`, call.body, call.key);
  if (answer === null) return false;
  const id = String(answer.id);
  if (call.id !== null && call.id !== id)
    throw new Error('a repeated call was answered with another comment');
  call.id = id;
  return true;
}

async function decide(service: ServiceProcess, history: History, id: string): Promise<void> {
  const decided: Decided = { id, decision: 'spam', decisionId: null };
  history.decided.push(decided);
  const answer = await ask(`${service.url}/v1/comments/${id}/decisions?site=default`, { decision: 'spam' });
  if (answer !== null) decided.decisionId = String(answer.decision_id);
}

async function readDatabase({ DATA_DIR, DATABASE_URL = '' }: Environment) {
  const options = { connections: 1, onIdleError: () => undefined };
  const connection = await (DATA_DIR === undefined
    ? connectPostgres(DATABASE_URL, options)
    : connectPglite(DATA_DIR));
  try {
    const comments = await sql<{ id: string; content: string }>`select id, content from comment`.execute(
      connection.db,
    );
    const standing = await sql<{
      comment_id: string;
      ids: string[];
    }>`select comment_id, array_agg(id::text) as ids
      from decision d where decision <> 'undo' and not exists (select from decision u where u.undoes = d.id)
      group by comment_id`.execute(connection.db);
    const odd = await sql<{ id: string }>`select c.id from comment c where
      (c.status = 'hold') <> exists (select from queue_item q where q.comment_id = c.id and not q.audit)
      or not exists (select from event e where e.subject = c.id::text)`.execute(connection.db);
    return {
      comments: comments.rows,
      decisions: new Map(standing.rows.map(({ comment_id, ids }) => [comment_id, ids])),
      odd: odd.rows,
    };
  } finally {
    await connection.close();
  }
}

describe('a service that is killed under 16 writers', () => {
  const workshop = createWorkshop();
  afterAll(() => workshop.clean());

  test.each(DATABASES)(
    `on %s loses nothing that it answered, stores nothing twice and decides once: ${ROUNDS} kills`,
    async (kind) => {
      const database = kind === 'postgres' ? await createPostgresDatabase() : null;
      const where: Environment =
        database === null
          ? { DATA_DIR: workshop.folder() }
          : { DATABASE_URL: database.url, PSEUDONYM_KEYS: `h1:${randomBytes(32).toString('base64')}` };
      const env = { ...where, ADMIN_API_KEY: PROCESS_KEY, LOG_LEVEL: 'error' };
      const history = new History();
      let service = await workshop.serve(env);
      for (let round = 0; round < ROUNDS; round++) {
        let answers = 0;
        let alive = true;
        const write = async () => {
          while (alive) {
            const call = history.begin();
            if (!(await send(service, call))) return;
            answers += 1;
            if (answers % 4 === 0 && call.id !== null) await decide(service, history, call.id);
          }
        };
        const writers = Array.from({ length: WRITERS }, write);
        await expect.poll(() => answers, { interval: 5 }).toBeGreaterThan(ANSWERS);
        alive = false;
        service.child.kill('SIGKILL');
        await Promise.all([service.ended, ...writers]);
        service = await workshop.serve(env);
        const unknown = history.calls.filter(({ id }) => id === null);
        const repeat = async (call: Call) => {
          await expect.poll(() => send(service, call), { timeout: REPEAT_MS, interval: 500 }).toBe(true);
        };
        await Promise.all(unknown.map(repeat));
        console.log(
          `${kind}, kill ${round + 1}: ${answers} answered, ${unknown.length} unknown and repeated`,
        );
      }
      service.child.kill('SIGTERM');
      expect(await service.ended).toMatchObject({ code: 0 });
      const { comments, decisions, odd } = await readDatabase(where);
      history.check(comments, decisions);
      expect(odd).toEqual([]);
      await database?.drop();
    },
    120_000 + ROUNDS * 120_000,
  );
});
