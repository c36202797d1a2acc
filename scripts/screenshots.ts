/**
 * `npm run screenshots`: the pictures of docs/pictures/, taken of the built service on an empty database. The one of a
 * report needs labelled comments, ../shared/data, of which it shows figures alone.
 */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../test/support/browser.ts';

/** For the picture of a report. */
const LABELLED = '../shared/data/youtube-indonesian-gambling.jsonl.gz';
const KEY = randomBytes(24).toString('base64url');
const PASSWORD = 'a password for the pictures';
const COMMENTS: readonly { readonly name: string; readonly content: string; readonly url?: string }[] = [
  {
    name: 'Ines Duarte',
    content:
      'Thank you for this article. I grew up beside the old bridge: the drawing of 1932 shows our house.',
  },
  {
    name: 'Best Gifts',
    content: 'Subscribe to my channel and get FREE gift cards at http://bit.ly/gifts now!!! Sub\u200bscribe!',
    url: 'http://gifts.example',
  },
  ...['Anna', 'Bob', 'Chris'].map((name, n) => ({
    name,
    content: `Dear readers, I earn ${n + 2}000 a week from home with this system, visit http://earn.example today`,
  })),
  { name: 'T. Okafor', content: 'The council has promised this three times. Who pays for the second study?' },
  { name: 'Angry', content: 'You are an idiot if you believe one word of the mayor.' },
];

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const service = spawn(process.execPath, ['dist/src/cli/cli.js', 'serve'], {
  env: { ...process.env, DATA_DIR: folder, PORT: '0', ADMIN_API_KEY: KEY, LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    service.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? [];
      if (found !== undefined) resolve(found);
    });
    service.once('exit', (code) => reject(new Error(`the service ended with ${code}: ${printed}`)));
  });
  mkdirSync('docs/pictures', { recursive: true });
  const browser = await startBrowser();
  await takePictures(browser, url);
  await browser.close();
} finally {
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}

type Send = <T>(method: string, path: string, body?: unknown) => Promise<T>;

async function takePictures(browser: Browser, url: string): Promise<void> {
  const send: Send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const lines = typeof body === 'string';
    const headers = {
      authorization: `Bearer ${KEY}`,
      'content-type': lines ? 'application/x-ndjson' : 'application/json',
    };
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      body: lines ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return JSON.parse(await response.text());
  };
  const sites = await send<{ items: { id: string }[] }>('GET', '/v1/sites');
  const settings = { premoderate: true, flood_seconds: 0 };
  await send('PATCH', `/v1/sites/${sites.items[0]?.id}`, { settings });
  for (const [index, { name, content, url: authorUrl }] of COMMENTS.entries()) {
    const author = {
      author_name: name,
      author_email: `reader${index + 1}@example.org`,
      author_url: authorUrl,
    };
    const post = { post: 'bridge', post_title: 'The old bridge is to be repaired' };
    await send('POST', '/v1/comments?site=default', { ...post, ...author, content });
  }
  const invited = await send<{ invitation: { url: string } }>('POST', '/v1/users?site=default', {
    name: 'Moderator',
    email: 'moderator@news.example',
    role: 'admin',
  });
  await joinOnce(browser, url, invited.invitation.url);
  const desktop = { viewport: { width: 1280, height: 720 } };
  await takePicture(browser, url, 'moderate-light', { ...desktop, colorScheme: 'light' });
  await takePicture(browser, url, 'moderate-dark', { ...desktop, colorScheme: 'dark' });
  await takePicture(browser, url, 'moderate-phone', { viewport: { width: 390, height: 844 } });
  await takePicture(browser, url, 'moderate-campaign', desktop, async (page) => {
    await page.locator('.upcoming li', { hasText: 'I earn' }).getByRole('button').first().click();
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
  });
  if (!existsSync(LABELLED)) return;
  const version = await trainTwice(send);
  await takePicture(
    browser,
    url,
    'admin-report',
    { viewport: { width: 1280, height: 1500 } },
    async (page) => {
      await page.goto(`${url}/admin#models/${version}`);
      await page.getByRole('heading', { name: /past decisions? would change/ }).waitFor();
    },
  );
}

/** A candidate from thousands of labels beside a filter from a few hundred; returns the candidate's version. */
async function trainTwice(send: Send): Promise<string> {
  const rows: { text: string; label: string }[] = gunzipSync(readFileSync(LABELLED))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ text }) => /[^\s\p{Cf}]/u.test(text));
  const train = async (from: number, to: number): Promise<string> => {
    const samples = rows.slice(from, to).map(({ text, label }) => JSON.stringify({ content: text, label }));
    for (let at = 0; at < samples.length; at += 1000) {
      await send('POST', '/v1/samples?site=default', samples.slice(at, at + 1000).join('\n'));
    }
    const { job } = await send<{ job: string }>('POST', '/v1/models?site=default', {});
    for (;;) {
      const { state, result } = await send<{ state: string; result: { model_version: string } }>(
        'GET',
        `/v1/jobs/${job}`,
      );
      if (state === 'succeeded') return result.model_version;
      if (state === 'failed') throw new Error('the training failed');
      await wait(200);
    }
  };
  await send('POST', `/v1/models/${await train(0, 600)}/activate?site=default`, {});
  return await train(600, rows.length);
}

async function joinOnce(browser: Browser, url: string, link: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(`${url}/invitation${new URL(link).hash}`);
  await page.locator('form:not([hidden]) input').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/moderate');
  await page.context().close();
}

async function takePicture(
  browser: Browser,
  url: string,
  name: string,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail').fill('moderator@news.example');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('article').waitFor();
  await page.getByText('0 decided').waitFor();
  await prepare(page);
  await page.screenshot({ path: `docs/pictures/${name}.png` });
  await context.close();
}
