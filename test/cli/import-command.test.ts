import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectPglite } from '../../src/storage/connection/connect-node.ts';
import { createWorkshop, runCommand, type ServiceProcess, startCommand } from '../support/service-process.ts';

const workshop = createWorkshop();
afterAll(() => workshop.clean());

const importShape = z.object({ state: z.string(), parts: z.array(z.unknown()) });
/** As the command sends files. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS = 3;

const FILLING = `<category>${'x'.repeat(10_000)}</category>`;

/** Comments of an article, with categories before them for a file of so many bytes. */
function wxr(count: number, post = 1, bytes = 0): string {
  const comments = Array.from(
    { length: count },
    (_, at) =>
      `<wp:comment><wp:comment_id>${at + 1}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada${at}@example.org</wp:comment_author_email><wp:comment_date_gmt>2024-05-01 10:00:00</wp:comment_date_gmt>
<wp:comment_content>The casino on the hill, number ${at}</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>`,
  );
  return `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>${FILLING.repeat(Math.ceil(bytes / FILLING.length))}<item><title>T</title><wp:post_id>${post}</wp:post_id>
${comments.join('\n')}</item></channel></rss>`;
}

describe('importing, rules and the audit log on the command line', () => {
  let folder = '';
  let file = '';
  let list = '';
  beforeAll(() => {
    folder = workshop.folder();
    file = join(folder, 'export.xml.gz');
    list = join(folder, 'list.txt');
    writeFileSync(file, gzipSync(wxr(600)));
    writeFileSync(list, 'casino\nroulette\n');
  });

  it('works on the database itself where no service runs', async () => {
    const env = { DATA_DIR: join(folder, 'alone') };
    const done = await runCommand(['import', file, '--format', 'wxr', '--json'], env);
    expect(done.code, done.stderr).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ state: 'succeeded', records: 600, added: 600 });
    const verified = await runCommand(['audit', 'verify'], env);
    expect(verified.stdout).toMatch(/^\d+ entries, unbroken\. Last hash: [0-9a-f]{64}\n$/);
  });

  it('tells of an audit log that somebody with the database in hand has changed, and ends with 1', async () => {
    const env = { DATA_DIR: join(folder, 'tampered') };
    for (let made = 0; made < 2; made++) await runCommand(['key', 'create', '--scope', 'read'], env);
    expect((await runCommand(['audit', 'verify'], env)).code).toBe(0);
    const { db, close } = await connectPglite(env.DATA_DIR);
    await sql`alter table audit disable trigger audit_append_only`.execute(db);
    await sql`update audit set actor = 'someone' where seq = 2`.execute(db);
    await sql`alter table audit enable trigger audit_append_only`.execute(db);
    await close();
    const verified = await runCommand(['audit', 'verify'], env);
    expect(verified.code).toBe(1);
    expect(verified.stderr).toContain('the audit log is broken at entry 2: it was changed');
    const told = await runCommand(['audit', 'verify', '--json'], env);
    expect([told.code, JSON.parse(told.stdout)]).toMatchObject([1, { broken: { seq: '2' } }]);
  });

  describe('beside a running service', () => {
    let service: ServiceProcess;
    let env: Record<string, string> = {};
    beforeAll(async () => {
      const own = { DATA_DIR: join(folder, 'served'), LOG_LEVEL: 'info' };
      service = await workshop.serve(own);
      env = { ...own, ADMIN_API_KEY: service.firstAdminKey };
    });

    const headers = () => ({ authorization: `Bearer ${service.firstAdminKey}` });
    const listImports = async (): Promise<unknown> =>
      await (await fetch(`${service.url}/v1/imports`, { headers: headers() })).json();

    it('imports over HTTP, and a second time adds nothing', async () => {
      const first = await runCommand(['import', file, '--format', 'wxr'], env);
      expect(first.stdout).toBe('600 records: 600 added, 0 known already, 0 skipped, 0 refused.\n');
      const second = await runCommand(['import', file, '--format', 'wxr'], env);
      expect(second.stdout).toContain('0 added, 600 known already');
    });

    it('tells which entries of a list stand in good comments, and leaves them out', async () => {
      const saved = await runCommand(['rules', 'import', list, '--except-ham', '--note', 'old list'], env);
      expect(saved.code, saved.stderr).toBe(0);
      expect(saved.stdout).toMatch(/^Of the newest comments it matches 600 of 600 good ones/);
      expect(saved.stderr).toContain('“casino” matches 600 good comments and 0 spam');
      expect(saved.stdout).toMatch(/without 1 of its 2 entries/);
      expect((await runCommand(['rules', 'list'], env)).stdout).toMatch(/words +2 entries +hold/);
    });

    it('leaves out every entry that stands in a good comment, however many they are', async () => {
      const words = Array.from({ length: 1500 }, (_, at) => `word${at}x`);
      const long = join(folder, 'long-list.txt');
      const comments = join(folder, 'words.xml');
      writeFileSync(long, [...words, 'roulette'].join('\n'));
      writeFileSync(comments, wxr(1, 9).replace('The casino on the hill', words.join(' ')));
      expect((await runCommand(['import', comments, '--format', 'wxr'], env)).code).toBe(0);
      const saved = await runCommand(['rules', 'import', long, '--except-ham'], env);
      expect(saved.stdout, saved.stderr).toMatch(/without 1500 of its 1501 entries/);
      expect(saved.stderr).toContain('… and 1480 more');
    });

    it('says what is wrong with a file, and leaves nothing behind for one that is not there', async () => {
      const wrong = await runCommand(['import', list, '--format', 'wxr'], env);
      expect(wrong.code).toBe(1);
      expect(wrong.stderr).toContain('this is no such XML');
      const missing = await runCommand(['import', join(folder, 'none'), '--format', 'wxr'], env);
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain('none does not exist, or its folder does not');
      const before = await listImports();
      const empty = join(folder, 'empty.xml');
      writeFileSync(empty, '');
      for (const [path, why] of [
        [folder, 'is a folder'],
        ['/dev/null', 'is not a regular file'],
        [empty, 'is empty'],
      ] as const) {
        const refused = await runCommand(['import', path, '--format', 'wxr'], env);
        expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`${path} ${why}`)]);
      }
      expect(await listImports()).toEqual(before);
    });

    it('tells a part that the service refuses in words, and goes on with an import in its own format alone', async () => {
      const call = async (method: string, path: string, body: string, type: string) =>
        await fetch(`${service.url}/v1/imports${path}`, {
          ...{ method, body },
          headers: { ...headers(), 'content-type': type },
        });
      const announced = await call('POST', '', '{"format":"wxr"}', 'application/json');
      const { id } = z.object({ id: z.string() }).parse(await announced.json());
      const other = await runCommand(['import', list, '--format', 'csv', '--resume', id], env);
      expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('--format wxr')]);
      const large = join(folder, 'large.txt');
      writeFileSync(large, wxr(1, 3, 16 * PART_BYTES));
      const sending = startCommand(['import', large, '--format', 'wxr', '--resume', id], env);
      await sending.waitFor('stderr', /0 parts are there already/);
      await call('PUT', `/${id}/parts/0`, wxr(1, 3), 'application/octet-stream');
      await call('POST', `/${id}/start`, '', 'application/json');
      const refused = await sending.ended;
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringMatching(/^leave-a-reply: Conflict: The import has started/m),
      ]);
    });

    it('finds the last hash of before in the log, and misses one that was never there', async () => {
      const { stdout } = await runCommand(['audit', 'verify', '--json'], env);
      const { head } = JSON.parse(stdout);
      await runCommand(['key', 'create', '--scope', 'read'], env);
      expect((await runCommand(['audit', 'verify', '--head', head], env)).code).toBe(0);
      const lost = await runCommand(['audit', 'verify', '--head', 'f'.repeat(64)], env);
      expect(lost.code).toBe(1);
      expect(lost.stderr).toContain('cut off');
    });

    it('goes on with an upload that was killed in the middle: what is there is not sent again, and all is there once', async () => {
      const large = join(folder, 'large.xml');
      writeFileSync(large, wxr(600, 2, PARTS * PART_BYTES - 1_000_000));
      const killed = startCommand(['import', large, '--format', 'wxr'], env);
      const [, id = ''] = await killed.waitFor('stderr', /^import (\S+)$/m);
      const show = async () => {
        const headers = { authorization: `Bearer ${service.firstAdminKey}` };
        return importShape.parse(await (await fetch(`${service.url}/v1/imports/${id}`, { headers })).json());
      };
      await expect
        .poll(async () => (await show()).parts.length, { interval: 5, timeout: 30_000 })
        .not.toBe(0);
      killed.child.kill('SIGKILL');
      await killed.ended;
      const broken = await show();
      expect(broken.state).toBe('waiting');
      // What had arrived whole when the sender died may still be on its way into the database.
      const partsNow = async () => (await show()).parts.length;
      let there = 0;
      await expect
        .poll(
          async () => {
            const before = there;
            there = await partsNow();
            return there - before;
          },
          { interval: 500 },
        )
        .toBe(0);
      expect(there).toBeGreaterThan(0);
      expect(there).toBeLessThan(PARTS);

      const other = await runCommand(['import', file, '--format', 'wxr', '--resume', id], env);
      expect(other.code).toBe(1);
      expect(other.stderr).toContain('begin a new import');

      const before = service.stderr().length;
      const resumed = await runCommand(['import', large, '--format', 'wxr', '--resume', id], env);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stderr).toContain(`${there} parts are there already`);
      expect(resumed.stdout).toBe('600 records: 600 added, 0 known already, 0 skipped, 0 refused.\n');
      const sent = service
        .stderr()
        .slice(before)
        .match(/"method":"PUT","route":"\/v1\/imports/g);
      expect(sent).toHaveLength(PARTS - there);
    });
  });
});
