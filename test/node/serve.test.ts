import { readFileSync, statSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { createWorkshop, runCommand, type ServiceProcess } from '../support/service-process.ts';
import { createTcpProxy } from '../support/tcp-proxy.ts';

const workshop = createWorkshop();
afterEach(() => workshop.clean());

function commentBody(number: number): string {
  return JSON.stringify({
    post: 'article',
    author_name: `Reader ${number}`,
    author_email: `reader${number}@example.org`,
    content: `The bridge in question ${number} should be repaired before winter, I think.`,
  });
}

async function submit({ url }: ServiceProcess, key: string, number: number): Promise<Response> {
  return await fetch(`${url}/v1/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: commentBody(number),
  });
}

async function countComments({ url }: ServiceProcess, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/stats`, { headers: { authorization: `Bearer ${key}` } });
  const { comments }: { comments: Record<string, number> } = JSON.parse(await response.text());
  return ['approved', 'hold', 'spam', 'trash'].reduce((sum, status) => sum + (comments[status] ?? 0), 0);
}

/** A POST whose headers have arrived (the server said "100 Continue") and whose body has not. */
function beginPost({ url }: ServiceProcess, key: string, body: string) {
  let begun: ClientRequest | undefined;
  const answer = new Promise<number>((resolve, reject) => {
    begun = request(`${url}/v1/comments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        expect: '100-continue',
      },
    });
    begun.once('response', (response: IncomingMessage) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    begun.once('error', reject);
    begun.flushHeaders();
  });
  const underWay = new Promise<void>((resolve) => begun?.once('continue', () => resolve()));
  return { underWay, answer, finish: () => begun?.end(body) };
}

describe('serve on the embedded default', () => {
  it('shows the first admin key once and keeps the folder to its owner', async () => {
    const dataDir = join(workshop.folder(), 'data');
    const first = await workshop.serve({ DATA_DIR: dataDir });
    expect(first.firstAdminKey).toMatch(/^lar_/);
    expect(first.stderr()).not.toContain(first.firstAdminKey);
    expect((await submit(first, first.firstAdminKey, 1)).status).toBe(201);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'pseudonym.keys')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'pseudonym.keys'), 'utf8')).toMatch(/^k1:[A-Za-z0-9+/]{43}=\n$/);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);

    const second = await workshop.serve({ DATA_DIR: dataDir });
    expect(second.firstAdminKey).toBe('');
    expect(await countComments(second, first.firstAdminKey)).toBe(1);
  });

  it('keeps every answered comment when it is killed, and starts again on the same folder', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: 'a-key-for-the-tests-alone' };
    const first = await workshop.serve(env);
    const statuses: number[] = [];
    const submissions = Array.from({ length: 40 }, async (_, number) => {
      const response = await submit(first, env.ADMIN_API_KEY, number).catch(() => null);
      if (response !== null) statuses.push(response.status);
      if (statuses.length === 20) first.child.kill('SIGKILL');
    });
    await Promise.all(submissions);
    expect((await first.ended).signal).toBe('SIGKILL');
    const answered = statuses.filter((status) => status === 201).length;
    expect(answered).toBeGreaterThanOrEqual(20);
    const second = await workshop.serve(env);
    expect(await countComments(second, env.ADMIN_API_KEY)).toBeGreaterThanOrEqual(answered);
  });

  it('refuses a second process on the same folder and goes on', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data') };
    const first = await workshop.serve(env);
    const second = await runCommand(['serve'], { ...env, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.stdout).toBe('');
    expect(second.stderr).toContain(`in use by process ${first.child.pid}`);
    expect(second.stderr).toContain(first.url);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it('refuses to make a new pseudonym key for a database that was made with another', async () => {
    const dataDir = join(workshop.folder(), 'data');
    const first = await workshop.serve({
      DATA_DIR: dataDir,
      PSEUDONYM_KEYS: `k7:${Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64')}`,
    });
    first.child.kill('SIGTERM');
    await first.ended;
    const second = await runCommand(['serve'], { DATA_DIR: dataDir, PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/pseudonym\.keys is missing.*PSEUDONYM_KEYS/);
  });

  it('says what to do when the port is taken, and leaves no lock behind', async () => {
    const first = await workshop.serve({ DATA_DIR: join(workshop.folder(), 'data') });
    const dataDir = join(workshop.folder(), 'data');
    const { port } = new URL(first.url);
    const second = await runCommand(['serve'], { DATA_DIR: dataDir, PORT: port });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`port ${port} on 127.0.0.1 is in use.*PORT`));
    expect(() => statSync(join(dataDir, 'lock'))).toThrow(/ENOENT/);
    const third = await workshop.serve({ DATA_DIR: dataDir });
    expect(third.firstAdminKey).toMatch(/^lar_/);
    expect(await countComments(third, third.firstAdminKey)).toBe(0);
  });
});

describe('a stop', () => {
  it('answers every request that was in flight, refuses new ones and ends by itself', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: 'a-key-for-the-tests-alone' };
    const service = await workshop.serve(env);
    const posts = Array.from({ length: 50 }, (_, n) => beginPost(service, env.ADMIN_API_KEY, commentBody(n)));
    await Promise.all(posts.map((post) => post.underWay));
    service.child.kill('SIGTERM');
    await service.waitFor('stderr', /"event":"stopping"/);
    // Requests that are on their way still get in for a moment.
    const knock = () =>
      fetch(`${service.url}/livez`, { headers: { connection: 'close' } }).then(
        () => 'answered',
        () => 'refused',
      );
    await expect.poll(knock).toBe('refused');
    for (const post of posts) post.finish();
    const statuses = await Promise.all(posts.map((post) => post.answer));
    expect(statuses.filter((status) => status === 201)).toHaveLength(50);
    expect(await service.ended).toMatchObject({ code: 0, signal: null });
    const again = await workshop.serve(env);
    expect(await countComments(again, env.ADMIN_API_KEY)).toBe(50);
  });

  it('does not wait for a client that never finishes', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: 'a-key-for-the-tests-alone' };
    const service = await workshop.serve(env);
    const post = beginPost(service, env.ADMIN_API_KEY, commentBody(1));
    const cut = expect(post.answer).rejects.toThrow();
    await post.underWay;
    service.child.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('"event":"requests-cut-short"');
    await cut;
  });

  it('happens at once on a second signal', async () => {
    const env = { DATA_DIR: join(workshop.folder(), 'data'), ADMIN_API_KEY: 'a-key-for-the-tests-alone' };
    const service = await workshop.serve(env);
    const post = beginPost(service, env.ADMIN_API_KEY, commentBody(1));
    const cut = expect(post.answer).rejects.toThrow();
    await post.underWay;
    service.child.kill('SIGINT');
    await service.waitFor('stderr', /"event":"stopping"/);
    service.child.kill('SIGINT');
    expect((await service.ended).code).toBe(130);
    await cut;
  });
});

describe('serve with DATABASE_URL', () => {
  const pseudonymKey = `k1:${Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5 + 3)).toString('base64')}`;

  it('runs several processes on one PostgreSQL and leaves DATA_DIR alone', async () => {
    const { url, drop } = await createPostgresDatabase();
    const dataDir = join(workshop.folder(), 'data');
    const env = { DATABASE_URL: url, PSEUDONYM_KEYS: pseudonymKey, DATA_DIR: dataDir };
    try {
      const first = await workshop.serve(env);
      const second = await workshop.serve(env);
      expect((await submit(second, first.firstAdminKey, 1)).status).toBe(201);
      expect(await countComments(first, first.firstAdminKey)).toBe(1);
      expect(() => statSync(dataDir)).toThrow(/ENOENT/);
    } finally {
      await workshop.clean();
      await drop();
    }
  });

  it('answers what was in flight and ends by itself when it is stopped while the database is silent', async () => {
    const { url, drop } = await createPostgresDatabase();
    const proxy = await createTcpProxy(url);
    try {
      const service = await workshop.serve({ DATABASE_URL: proxy.url, PSEUDONYM_KEYS: pseudonymKey });
      const post = beginPost(service, service.firstAdminKey, commentBody(1));
      await post.underWay;
      proxy.freeze();
      post.finish();
      service.child.kill('SIGTERM');
      expect(await post.answer).toBe(503);
      expect(await service.ended).toMatchObject({ code: 0, signal: null });
    } finally {
      await workshop.clean();
      await proxy.cut();
      await drop();
    }
  });

  it('refuses to start without a pseudonym key and says how to make one', async () => {
    const { code, stderr } = await runCommand(['serve'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/PSEUDONYM_KEYS is missing.*randomBytes\(32\)/);
  });

  it('names the host and never the password when the database does not answer', async () => {
    const { code, stderr } = await runCommand(['serve'], {
      DATABASE_URL: 'postgres://nobody:hush@127.0.0.1:1/none',
      PSEUDONYM_KEYS: pseudonymKey,
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/the database at 127\.0\.0\.1:1 does not answer/);
    expect(stderr).not.toContain('hush');
  });
});
