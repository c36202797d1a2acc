import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkshop, runCommand, type ServiceProcess } from '../support/service-process.ts';

const workshop = createWorkshop();
afterAll(() => workshop.clean());

function wxr(count: number): string {
  const comments = Array.from(
    { length: count },
    (_, at) =>
      `<wp:comment><wp:comment_id>${at + 1}</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada${at}@example.org</wp:comment_author_email><wp:comment_date_gmt>2024-05-01 10:00:00</wp:comment_date_gmt>
<wp:comment_content>The casino on the hill, number ${at}</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>`,
  );
  return `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>T</title><wp:post_id>1</wp:post_id>
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

  describe('beside a running service', () => {
    let service: ServiceProcess;
    let env: Record<string, string> = {};
    beforeAll(async () => {
      const own = { DATA_DIR: join(folder, 'served') };
      service = await workshop.serve(own);
      env = { ...own, ADMIN_API_KEY: service.firstAdminKey };
    });

    it('imports over HTTP, and a second time adds nothing', async () => {
      const first = await runCommand(['import', file, '--format', 'wxr'], env);
      expect(first.stdout).toBe('600 records: 600 added, 0 known already, 0 passed over, 0 refused.\n');
      const second = await runCommand(['import', file, '--format', 'wxr'], env);
      expect(second.stdout).toContain('0 added, 600 known already');
    });

    it('tells which entries of a list stand in good comments, and leaves them out', async () => {
      const saved = await runCommand(['rules', 'import', list, '--except-ham', '--note', 'old list'], env);
      expect(saved.code, saved.stderr).toBe(0);
      expect(saved.stdout).toMatch(/^Of the newest comments it hits 600 of 600 good ones/);
      expect(saved.stderr).toContain('“casino” stands in 600 good comments and 0 spam');
      expect(saved.stdout).toMatch(/without 1 of its 2 entries/);
      expect((await runCommand(['rules', 'list'], env)).stdout).toMatch(/words +2 entries +hold/);
    });

    it('says what is wrong with a file, and leaves nothing behind for one that is not there', async () => {
      const wrong = await runCommand(['import', list, '--format', 'wxr'], env);
      expect(wrong.code).toBe(1);
      expect(wrong.stderr).toContain('this is no such XML');
      const missing = await runCommand(['import', join(folder, 'none'), '--format', 'wxr'], env);
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain('ENOENT');
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
  });
});
