import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf } from '../support/archive.ts';
import { buildPackage } from '../support/built-package.ts';
import { createWorkshop, runCommand } from '../support/service-process.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/import-and-export.md', import.meta.url)), 'utf8');
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim());
const run = promisify(execFile);
const workshop = createWorkshop();
afterAll(() => workshop.clean());

const FILES: Readonly<Record<string, string>> = {
  'wordpress.xml': `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>T</title><wp:post_id>1</wp:post_id>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Ada</wp:comment_author>
<wp:comment_author_email>ada@example.org</wp:comment_author_email><wp:comment_date_gmt>2024-05-01 10:00:00</wp:comment_date_gmt>
<wp:comment_content>The bridge again</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment></item></channel></rss>`,
  'disqus.xml.gz': `<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="10"><id>nine</id><link>https://daily.example/nine</link><title>Nine</title></thread>
<post dsq:id="100"><message>Free money</message><createdAt>2023-01-02T00:00:00Z</createdAt><isSpam>true</isSpam>
<author><name>Deals</name></author><thread dsq:id="10"/></post></disqus>`,
  'isso.json':
    '[{"id":1,"parent":null,"created":1700000000,"mode":2,"text":"=Waits","author":"Ben","uri":"/two"}]',
  'remark42.jsonl':
    '{"version":1}\n{"id":"a","text":"Hello","user":{"name":"Cleo"},"locator":{"url":"https://daily.example/x"},"time":"2024-02-03T04:05:06Z"}',
};

describe('the page on import and export', () => {
  let folder = '';
  let env: Record<string, string> = {};
  beforeAll(async () => {
    folder = workshop.folder();
    const service = await workshop.serve({ DATA_DIR: join(folder, 'data') });
    env = { DATA_DIR: join(folder, 'data'), ADMIN_API_KEY: service.firstAdminKey };
    for (const [name, text] of Object.entries(FILES)) {
      writeFileSync(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
    }
  });

  /** Runs a block as it stands, in the folder of the files and beside the running service. */
  async function paste(block: string): Promise<string> {
    const cli = `"${process.execPath}" "${join(buildPackage(), 'dist/src/cli/cli.js')}"`;
    const script = block.replaceAll('npx leave-a-reply', cli);
    const inherited = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
    return (await run('sh', ['-ec', script], { cwd: folder, env: { ...inherited, ...env } })).stdout;
  }
  const blockWith = (text: string) => blocks.find((block) => block.includes(text)) ?? '';

  it('imports the exports of four systems', async () => {
    const lines = (await paste(blockWith('--format wxr'))).trim().split('\n');
    expect(lines.map((line) => /\d+ records: 1 added/.test(line))).toEqual([true, true, true, true]);
  });

  it('exports samples as lines and as a table, and knows all of them again', async () => {
    const printed = await paste(blockWith('samples export'));
    expect(printed).toContain('3 records: 3 added, 0 known already');
    const lines = linesOf(gunzipSync(readFileSync(join(folder, 'samples.jsonl.gz'))).toString());
    expect(lines).toContainEqual({
      content: 'The bridge again',
      label: 'ham',
      author_name: 'Ada',
    });
    expect(readFileSync(join(folder, 'samples.csv'), 'utf8')).toMatch(
      /^content,label,author_name,author_url\r\n/,
    );
  });

  it('exports the site, for its owner alone, and restores it elsewhere', async () => {
    const printed = await paste(blockWith('restore'));
    expect(printed).toContain('site.jsonl.gz: 4 comments, 0 decisions, 3 samples');
    expect(printed).toMatch(/Site default is restored: \d+ rows, 0 skipped/);
    expect(statSync(join(folder, 'site.jsonl.gz')).mode & 0o077).toBe(0);
  });

  it('finds in the restored site what the export had', async () => {
    const second = join(folder, 'second.jsonl');
    const again = await runCommand(['export', second], { DATA_DIR: join(folder, 'other') });
    expect(again.code, again.stderr).toBe(0);
    const first = linesOf(gunzipSync(readFileSync(join(folder, 'site.jsonl.gz'))).toString());
    const rows = (lines: ReturnType<typeof linesOf>) =>
      lines.map(({ table, row }) => JSON.stringify([table, row]));
    expect(rows(linesOf(readFileSync(second, 'utf8')))).toEqual(rows(first));
  });

  it('verifies the audit log', async () => {
    expect(await paste(blockWith('audit verify'))).toMatch(/^\d+ entries, unbroken/);
  });

  it('has no command that this file does not run', () => {
    const known = [/--format wxr/, /samples export/, /restore/, /audit verify/, /^wp comment list/];
    expect(blocks.filter((block) => !known.some((pattern) => pattern.test(block)))).toEqual([]);
  });

  it('imports the spam that wp-cli prints', async () => {
    // In the place of wp-cli, which needs a WordPress: it prints one line, with slashes and letters escaped.
    const row = String.raw`{"comment_content":"Cheap <b>pills<\/b> \u2014 now","comment_approved":"spam","comment_author":"Deals","comment_author_url":"http:\/\/pills.example","comment_type":"comment"}`;
    const printed = `#!/bin/sh\ncat <<'END'\n[${row},${row.replace('pills', 'watches')}]\nEND\n`;
    writeFileSync(join(folder, 'wp'), printed, { mode: 0o755 });
    expect(await paste(blockWith('wp comment list'))).toContain('2 records: 2 added');
  });

  it('refuses a damaged file by its line and a site that is there', async () => {
    const there = await runCommand(['restore', join(folder, 'site.jsonl.gz')], env);
    expect([there.code, there.stderr]).toEqual([1, expect.stringContaining('is here already')]);
    const missing = await runCommand(['export', join(folder, 'none.jsonl'), '--site', 'absent'], env);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('there is no site “absent”')]);
    const lines = gunzipSync(readFileSync(join(folder, 'site.jsonl.gz')))
      .toString()
      .split('\n');
    const damaged = join(folder, 'damaged.jsonl');
    writeFileSync(damaged, lines.with(3, lines[3]?.replace(/[a-z]/, 'Z') ?? '').join('\n'));
    const refused = await runCommand(['restore', damaged], env);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('line 4: ')]);
  });

  it('restores over a running service, under another slug', async () => {
    const keys = readFileSync(join(folder, 'data', 'pseudonym.keys'), 'utf8').trim();
    const third = { DATA_DIR: join(folder, 'third'), PSEUDONYM_KEYS: keys };
    const service = await workshop.serve(third);
    const own = { ...third, ADMIN_API_KEY: service.firstAdminKey };
    const done = await runCommand(['restore', join(folder, 'site.jsonl.gz'), '--slug', 'moved'], own);
    expect([done.code, done.stderr]).toEqual([
      0,
      expect.stringMatching(/^restore [0-9a-f-]{36}\njob [0-9a-f-]{36}\n$/),
    ]);
    expect(done.stdout).toContain('Site moved is restored');
  });
});
