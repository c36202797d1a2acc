/**
 * `npm run bench:embed`: how large the scripts are that pages load, and what a proof of work costs a reader: from the
 * click on “Post Comment” to the answer on `/demo`, in Chromium, without one and with one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../test/support/browser.ts';
import { serve } from '../served.ts';

const COMMENTS = 30;
/** A visitor of a public key has 120 requests a minute, and a comment with a proof takes four. */
const PAUSE_MS = 2000;

console.log('| script | gzipped |\n|---|---:|');
for (const name of ['embed.js', 'moderate.js', 'admin.js']) {
  const size = gzipSync(readFileSync(join('dist/public', name))).length;
  console.log(`| ${name} | ${(size / 1000).toFixed(1)} kB |`);
}

const folder = mkdtempSync(join(tmpdir(), 'bench-embed-'));
const { child, url, call } = await serve({ DATA_DIR: folder });
const browser = await startBrowser();
try {
  const { items } = await call<{ items: { id: string }[] }>('GET', '/v1/sites');
  const site = items[0]?.id ?? '';
  const page = await browser.newPage();
  console.log(`\n| proof of work | median, ms | 95 % within, ms |\n|---|---:|---:|`);
  for (const when of ['never', 'always']) {
    await call('PATCH', `/v1/sites/${site}`, {
      settings: { proof_of_work: when, flood_seconds: 0, minimum_seconds: 0 },
    });
    const times = await measure(page, when);
    const at = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(0);
    console.log(`| ${when} | ${at(0.5)} | ${at(0.95)} |`);
  }
  console.log(
    `\n${COMMENTS} comments each; Node ${process.version}, Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
  );
} finally {
  await browser.close();
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function measure(page: Page, when: string): Promise<number[]> {
  const times: number[] = [];
  for (let comment = 0; comment < COMMENTS; comment += 1) {
    await page.goto(`${url}/demo`);
    await page.getByLabel('Comment *').fill(`The bridge, point ${comment}: it is repaired ${when} too soon.`);
    await page.getByLabel('Name *').fill('Ada');
    await page.getByLabel('Email *').fill('ada@example.org');
    const started = performance.now();
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page
      .getByRole('status')
      .getByText(/is published|awaiting moderation/)
      .waitFor();
    times.push(performance.now() - started);
    await wait(PAUSE_MS);
  }
  return times.sort((a, b) => a - b);
}
