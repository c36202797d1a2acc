import { type Challenge, solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trimTables } from '../../../src/moderation/background/trim.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { createAdminClient, createTestSite, submission } from '../../support/site.ts';

const ORIGIN = 'https://news.example';
const headers = { origin: ORIGIN };
const SPAM =
  'CHEAP VIAGRA casino pills!!! Visit http://pills.example http://casino.example now and win FREE MONEY';

/** What a page sends as `altcha`. */
async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
}

describe.each(DATABASES)('a proof of work on %s', (kind) => {
  let service: TestService;
  let admin: Client;
  // Each proof takes half a second: what does not depend on the database is tried on one.
  const once = test.runIf(kind === 'pglite');
  beforeAll(async () => {
    service = await createTestService(kind);
    admin = await createAdminClient(service);
  });
  afterAll(() => service.close());

  async function createPage(slug: string, proofOfWork: string) {
    const { client: desk } = await createTestSite(service, slug, { proof_of_work: proofOfWork });
    const made = await admin.post<{ key: string }>('/v1/keys', {
      site: slug,
      scopes: ['submit', 'read'],
      allowed_origins: [ORIGIN],
    });
    const page = createClient(service, made.body.key);
    const ask = async () => (await page.post<Challenge>('/v1/challenges', {}, { headers })).body;
    const send = async (fields: Record<string, unknown>) =>
      await page.post<{ code: string; detail: string }>('/v1/comments', submission(fields), { headers });
    return { desk, page, key: made.body.key, ask, send };
  }

  test('is asked of a page, good for one comment, and missing until then without a trace', async () => {
    const { ask, send, page } = await createPage('asked', 'always');
    const bare = await send({});
    expect([bare.status, bare.body.code]).toEqual([403, 'proof_of_work_required']);
    expect(bare.body.detail).toContain('POST /v1/challenges');
    const altcha = await solve(await ask());
    expect((await send({ altcha })).status).toBe(201);
    expect((await send({ altcha })).body.code).toBe('proof_of_work_required');
    const listed = await page.get<{ items: unknown[] }>('/v1/comments?post=article-1', { headers });
    expect(listed.body.items).toHaveLength(1);
  });

  test('of two comments that bring the same proof at once, one is stored', async () => {
    const { ask, send } = await createPage('twice', 'always');
    const altcha = await solve(await ask());
    const answers = await Promise.all([send({ altcha }), send({ altcha }), send({ altcha })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
  });

  test('is not used up by a comment that is refused for something else', async () => {
    const { ask, send } = await createPage('refused', 'always');
    const fields = submission();
    expect((await send({ ...fields, altcha: await solve(await ask()) })).status).toBe(201);
    const altcha = await solve(await ask());
    expect((await send({ ...fields, altcha })).body.code).toBe('duplicate');
    expect((await send({ altcha })).status).toBe(201);
  });

  test('need not come again when an answer was lost: the same comment under its key is answered as before', async () => {
    const { ask, page } = await createPage('lost', 'always');
    const fields = submission();
    const send = async (body: Record<string, unknown>) =>
      await page.post<{ id: string; code?: string }>('/v1/comments', body, {
        headers: { ...headers, 'idempotency-key': 'lost-answer' },
      });
    const first = await send({ ...fields, altcha: await solve(await ask()) });
    expect(first.status).toBe(201);
    const again = await send(fields);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect((await send({ ...fields, content: 'Another text altogether.' })).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  once('of another site, with another number, made easier, or no proof at all is refused', async () => {
    const { ask, send } = await createPage('forged', 'always');
    const other = await createPage('forged-elsewhere', 'always');
    const challenge = await ask();
    const parts = JSON.parse(Buffer.from(await solve(challenge), 'base64').toString());
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
    const { parameters } = challenge;
    const easier = { ...challenge, parameters: { ...parameters, keyPrefix: '00' } };
    const later = { ...challenge, parameters: { ...parameters, data: { expires: 2 ** 52 } } };
    const forgeries = [
      await solve(await other.ask()),
      encode({ ...parts, solution: { ...parts.solution, derivedKey: '00'.repeat(32) } }),
      await solve(easier),
      encode({ ...parts, challenge: later }),
      encode({ ...parts, challenge: { ...challenge, signature: '' } }),
      encode([]),
      encode({ challenge: { parameters: { ...parameters, nonce: { a: [] } } }, solution: null }),
      'no base64 !',
      '',
    ];
    for (const altcha of forgeries) {
      const { status, body } = await send({ altcha });
      expect([status, body.code]).toEqual([403, 'proof_of_work_required']);
    }
    expect((await send({ altcha: encode(parts) })).status).toBe(201);
  });

  once('is over after ten minutes', async () => {
    const { ask, send } = await createPage('over', 'always');
    const [inTime, tooLate] = [await solve(await ask()), await solve(await ask())];
    service.clock.advance(599);
    expect((await send({ altcha: inTime })).status).toBe(201);
    service.clock.advance(2);
    expect((await send({ altcha: tooLate })).body.code).toBe('proof_of_work_required');
  });

  test('under “attack” is asked for while doubtful comments outnumber good ones, and not before', async () => {
    const { ask, send, desk } = await createPage('attacked', 'attack');
    expect((await send({})).status).toBe(201);
    for (let sent = 0; sent < 29; sent += 1) {
      await desk.post('/v1/comments', submission({ content: `${SPAM} ${sent}` }));
    }
    expect((await send({ content: `${SPAM} last` })).status).toBe(201);
    expect((await send({})).body.code).toBe('proof_of_work_required');
    expect((await send({ altcha: await solve(await ask()) })).status).toBe(201);
    service.clock.advance(601);
    expect((await send({})).status).toBe(201);
  });

  once('is asked for through every door of a page, and never of a server with its own key', async () => {
    const { ask, page, desk, key } = await createPage('doors', 'always');
    expect((await desk.post('/v1/comments', submission())).status).toBe(201);
    const form = (fields: Record<string, string>) => new URLSearchParams({ key, ...fields });
    const author = { author_name: 'Ada', author_email: 'ada@example.org' };
    const text = (what: string) => `The repair of the bridge is a good decision, as ${what} said last week.`;
    const plain = async (altcha: string, what: string) =>
      await page.post('/embed/comments', form({ post: '1', ...author, content: text(what), altcha }), {
        headers,
      });
    const wordpress = async (altcha: string, what: string) =>
      await page.post(
        '/wp-comments-post.php',
        form({ comment_post_ID: '1', author: 'Ben', email: 'ben@example.org', comment: text(what), altcha }),
        { headers },
      );
    const rest = async (altcha: string, what: string) =>
      await page.post(
        '/wp-json/wp/v2/comments',
        { post: '1', author_name: 'Cleo', author_email: 'cleo@example.org', content: text(what), altcha },
        { headers },
      );
    for (const send of [plain, wordpress, rest]) {
      expect((await send('', 'the mayor')).status).toBe(403);
      expect([201, 302]).toContain((await send(await solve(await ask()), 'the council')).status);
    }
    expect((await plain('', 'nobody')).text).toContain('asks for a proof of work');
  });

  test('spent challenges are forgotten when they are over', async () => {
    const count = async () =>
      (await service.db.selectFrom('spent_challenge').select('nonce').execute()).length;
    const { ask, send } = await createPage('forgotten', 'always');
    expect((await send({ altcha: await solve(await ask()) })).status).toBe(201);
    await trimTables(service);
    expect(await count()).toBeGreaterThan(0);
    service.clock.advance(3600);
    await trimTables(service);
    expect(await count()).toBe(0);
  });
});
