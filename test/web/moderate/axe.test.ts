import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations } from '../../support/axe.ts';
import { type BrowsedService, startBrowsedService } from '../../support/browsed-service.ts';
import type { ListeningApp } from '../../support/browser.ts';
import type { Client } from '../../support/client.ts';
import type { TestService } from '../../support/databases.ts';
import { invite, PASSWORD } from '../../support/people.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

const RICH = `A letter that has everything: sub\u200bscribe, p\u0430ypal, http://gift.example/now ${'and so it goes on, line by line. '.repeat(80)}`;
const FOLDERS = 9;

describe('axe on the moderators’ pages', () => {
  let service: TestService;
  let admin: Client;
  let app: ListeningApp;
  let browser: Browser;
  let browsed: BrowsedService;
  beforeAll(async () => {
    browsed = await startBrowsedService();
    ({ service, admin, app, browser } = browsed);
  });
  afterAll(() => browsed?.close());

  /** A site with something in every folder, and one comment that shows everything that can be shown. */
  async function fillSite(slug: string): Promise<TestSite> {
    const settings = { premoderate: true, require_name: false, require_email: false, second_look_share: 0.2 };
    const site = await createTestSite(service, slug, settings);
    const post = async (fields: Record<string, unknown>) =>
      (await site.client.post<{ id: string }>('/v1/comments', submission(fields))).body.id;
    const decide = (id: string, decision: Record<string, unknown>) =>
      site.client.post(`/v1/comments/${id}/decisions`, decision);
    const drawn = service.db.selectFrom('second_look').selectAll().where('site_id', '=', site.site.id);
    for (let n = 0; n < 4 || (await drawn.execute()).length === 0; n += 1) {
      await decide(await post({}), { decision: ['approve', 'spam'][n % 2] });
    }
    await decide(await post({}), { decision: 'reject', reason: 'insult', note: 'The last line' });
    await decide(await post({}), { decision: 'escalate', note: 'Is this true?' });
    const parent = await post({ content: 'What is answered here is long. '.repeat(60) });
    await decide(parent, { decision: 'approve' });
    const rich = { content: RICH, author_url: 'https://gift.example/me', post_title: 'The bridge' };
    const id = await post({ ...rich, parent, post_url: 'https://news.example/bridge' });
    await site.client.post(`/v1/comments/${id}/notes`, { text: 'Ask the desk' });
    const audited = await post({ author_name: '', author_email: '' });
    await service.db
      .updateTable('queue_item')
      .set({ audit: true })
      .where('comment_id', '=', audited)
      .execute();
    for (const n of [1, 2, 3]) {
      await post({
        content: `Dear readers number ${n}, earn money from home with our wonderful system, visit us at http://earn.example today`,
      });
    }
    return site;
  }

  /** Fails with the name of the view. Nothing may need to be scrolled sideways, either. */
  async function look(page: Page, view: string): Promise<void> {
    expect([view, await findViolations(page)]).toEqual([view, []]);
    const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect([view, beyond]).toEqual([view, 0]);
  }

  /** Signs in, looking at each form on the way. */
  async function signIn(site: TestSite, options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${app.url}/sign-in`);
    await look(page, 'sign-in');
    await page.goto(`${app.url}/invitation`);
    await page.locator('form[data-kind=setUp]:not([hidden])').waitFor();
    await look(page, 'set-up');
    const { invitation } = await invite(admin, site, 'admin', true);
    await page.goto(`${app.url}/sign-in`);
    await page.goto(`${app.url}/invitation#${invitation}`);
    await look(page, 'invitation');
    await page.locator('form:not([hidden]) input').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/moderate');
    await page.locator('.site select').selectOption(site.site.slug);
    await page.getByRole('article').waitFor();
    return page;
  }

  /** Whether a key opens a dialog; the page listens to keys again a frame after the last dialog was closed. */
  async function opens(page: Page, key: string): Promise<boolean> {
    await page.keyboard.press(key);
    return (await page.getByRole('dialog').count()) > 0;
  }

  /** On a narrow screen the folders are a list to choose from. */
  async function openFolder(page: Page, at: number): Promise<void> {
    const choice = page.locator('.folder-choice');
    if (await choice.isVisible()) await choice.selectOption({ index: at });
    else await page.locator('.folders .folder').nth(at).click();
  }

  async function search(page: Page, words: string): Promise<void> {
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill(words);
    await page.keyboard.press('Enter');
    await page.locator('.filter', { hasText: words }).waitFor();
  }

  test.each([
    ['light', 1280, 'en-GB'],
    ['dark', 1280, 'en-GB'],
    ['light', 390, 'de-DE'],
    ['dark', 390, 'es-ES'],
  ] as const)(
    'finds nothing in any folder, dialog or state: %s, %i px wide, %s',
    async (colorScheme, width, locale) => {
      await createTestSite(service, `other-${colorScheme}-${width}`);
      const site = await fillSite(`axe-${colorScheme}-${width}`);
      const page = await signIn(site, { colorScheme, locale, viewport: { width, height: 900 } });
      for (let at = 0; at < FOLDERS; at += 1) {
        await openFolder(page, at);
        await page.getByRole('article').waitFor();
        await look(page, `folder ${at}`);
      }
      await openFolder(page, 0);
      await page.getByRole('article').waitFor();
      await search(page, 'everything');
      await page.locator('article .parent').waitFor();
      await page.locator('.why .open').click();
      await look(page, 'folded, with a parent, a note and links');
      await page.keyboard.press('v');
      await look(page, 'unfolded');
      await page.keyboard.press('v');
      await page.keyboard.press('b');
      await look(page, 'blurred');
      await page.keyboard.press('b');
      await search(page, 'nowhere');
      await page.locator('.empty').waitFor();
      await look(page, 'nothing found');
      await search(page, 'wonderful');
      await page.getByRole('article').waitFor();
      for (const key of ['r', 'c', 'n', 'e', '?']) {
        await expect.poll(() => opens(page, key)).toBe(true);
        await look(page, `dialog of ${key}`);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await expect
        .poll(async () => {
          await page.keyboard.press('x');
          return await page.locator('.several').count();
        })
        .toBe(1);
      await look(page, 'a selection');
      await page.locator('.account summary').click();
      await look(page, 'the account');
      await page.context().close();
    },
    120_000,
  );
});
