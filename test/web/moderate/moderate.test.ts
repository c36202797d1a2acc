import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedService, startBrowsedService } from '../../support/browsed-service.ts';
import { createWebAssets, type ListeningApp, listen } from '../../support/browser.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, type TestService } from '../../support/databases.ts';
import { join, PASSWORD } from '../../support/people.ts';
import { HAS_SHARED_DATA, readShared } from '../../support/shared-data.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../../support/site.ts';

let service: TestService;
let app: ListeningApp;
let browser: Browser;
let admin: Client;
let browsed: BrowsedService;
let people = 0;

beforeAll(async () => {
  browsed = await startBrowsedService();
  ({ service, admin, app, browser } = browsed);
});
afterAll(() => browsed?.close());

const joinAs = (site: TestSite) => join({ admin, app, browser, site });

async function hold(site: TestSite, contents: readonly string[]): Promise<void> {
  for (const content of contents) await site.client.post('/v1/comments', submission({ content }));
}

async function statuses(site: TestSite): Promise<Record<string, number>> {
  const rows = await service.db
    .selectFrom('comment')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('site_id', '=', site.site.id)
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
}

const focused = (page: Page) => page.getByRole('article');
const shownText = (page: Page) => page.locator('article .content').innerText();

/** Presses a key and waits for the next comment, or for the end. */
async function pressAndGoOn(page: Page, key: string): Promise<void> {
  const id = await focused(page).getAttribute('data-id');
  await page.keyboard.press(key);
  await page.locator(`article[data-id="${id}"]`).waitFor({ state: 'detached' });
}

describe('the moderators’ page', () => {
  test('its script is at most 45 kB gzipped', async () => {
    const script = await (await fetch(`${app.url}/assets/moderate.js`)).arrayBuffer();
    expect(gzipSync(new Uint8Array(script)).length).toBeLessThanOrEqual(45_000);
  });

  test('signs in with the password, says when it is wrong, and signs out', async () => {
    const site = await createTestSite(service, 'sign-in', { premoderate: true });
    const { page, email } = await joinAs(site);
    await page.locator('.account summary').click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button').click();
    await page.getByRole('alert').filter({ hasText: 'Wrong e-mail address or password.' }).waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/moderate');
    await page.getByText('You’re all caught up.').waitFor();
    await page.context().close();
  });

  test('decides by keys: approve, spam, reject with a rule, and takes back, also after a reload', async () => {
    const site = await createTestSite(service, 'keys', { premoderate: true });
    await hold(site, ['The first comment', 'The second comment', 'The third comment', 'The fourth comment']);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    await pressAndGoOn(page, 'a');
    await pressAndGoOn(page, 's');
    await page.keyboard.press('r');
    await page.getByRole('dialog').waitFor();
    await pressAndGoOn(page, '2');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, trash: 1, hold: 1 });
    const rejected = await service.db
      .selectFrom('decision')
      .select('reason')
      .where('decision', '=', 'reject')
      .execute();
    expect(rejected).toEqual([{ reason: 'insult' }]);
    await page.keyboard.press('u');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, hold: 2 });
    await page.reload();
    await focused(page).waitFor();
    await page.getByText('3 decided today').waitFor();
    await page.keyboard.press('u');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 3 });
    await page.context().close();
  });

  test('decides on a selection and on all that are alike', async () => {
    const site = await createTestSite(service, 'bulk', { premoderate: true });
    const campaign = (n: number) =>
      `Dear readers number ${n}, earn money from home with our wonderful system and visit us at http://earn.example today`;
    await hold(site, [
      campaign(1),
      campaign(2),
      campaign(3),
      'A question about the bridge',
      'An answer about the mayor',
    ]);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    await page
      .getByRole('button', { name: /Dear readers/ })
      .first()
      .click();
    await page.getByText('2 near-duplicates').waitFor();
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('s');
    await expect.poll(() => statuses(site)).toEqual({ spam: 3, hold: 2 });
    await page.keyboard.press('x');
    await page.keyboard.press('x');
    await page.keyboard.press('Shift+A');
    await expect.poll(() => statuses(site)).toEqual({ spam: 3, approved: 2 });
    await page.getByText('You’re all caught up.').waitFor();
    await page.context().close();
  });

  test('keeps what was decided while the service is away, and sends it when it is back', async () => {
    const site = await createTestSite(service, 'away', { premoderate: true });
    await hold(site, ['One to approve', 'One to approve, too', 'One to leave']);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    await page.route('**/decisions*', (route) => route.abort('connectionrefused'));
    await pressAndGoOn(page, 'a');
    await pressAndGoOn(page, 'a');
    await page.getByText(/You’re offline/).waitFor();
    expect(await statuses(site)).toEqual({ hold: 3 });
    await page.reload();
    await focused(page).waitFor();
    await page.unroute('**/decisions*');
    await expect.poll(() => statuses(site), { timeout: 10_000 }).toEqual({ approved: 2, hold: 1 });
    await page.context().close();
  });

  test('goes on by itself when the service was stopped and is back: decisions are sent, news arrive', async () => {
    const own = await createTestService('pglite', { readAsset: createWebAssets() });
    const ownAdmin = await createAdminClient(own);
    const ownSite = await createTestSite(own, 'stopped', { premoderate: true });
    let ownApp = await listen(own);
    await hold(ownSite, ['Before the stop', 'Before the stop, too']);
    const { page } = await join({ admin: ownAdmin, app: ownApp, browser, site: ownSite });
    await page.getByRole('button', { name: 'Highest risk 2' }).waitFor();
    await ownApp.close();
    await pressAndGoOn(page, 'a');
    await page.getByText('when you’re back: 1.').waitFor();
    await hold(ownSite, ['While it was stopped', 'While it was stopped, too']);
    ownApp = await listen(own, Number(new URL(ownApp.url).port));
    await page.getByRole('button', { name: 'Highest risk 3' }).waitFor();
    const rows = await own.db
      .selectFrom('comment')
      .select('status')
      .where('status', '=', 'approved')
      .execute();
    expect(rows.length).toBe(1);
    await hold(ownSite, ['After the stop']);
    await page.getByRole('button', { name: 'Highest risk 4' }).waitFor();
    await page.context().close();
    await ownApp.close();
    await own.close();
  });

  test('takes back what is still under way, and what failed to be sent', async () => {
    const site = await createTestSite(service, 'under-way', { premoderate: true });
    await hold(site, ['One that is approved', 'One that is left']);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    let release = () => {};
    const go = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/decisions*', async (route) => {
      await go;
      await route.continue();
    });
    const id = await focused(page).getAttribute('data-id');
    await pressAndGoOn(page, 'a');
    await page.keyboard.press('u');
    release();
    await page.locator(`article[data-id="${id}"]`).waitFor();
    await expect.poll(() => statuses(site)).toEqual({ hold: 2 });
    await page.unroute('**/decisions*');
    await page.route('**/decisions*', (route) => route.abort('connectionrefused'));
    await pressAndGoOn(page, 's');
    await page.getByText(/You’re offline/).waitFor();
    await page.keyboard.press('u');
    await page.locator(`article[data-id="${id}"]`).waitFor();
    await page.unroute('**/decisions*');
    expect(await statuses(site)).toEqual({ hold: 2 });
    await page.context().close();
  });

  test('finds by words, narrows to an author, keeps a note, and changes what stands in a folder', async () => {
    const site = await createTestSite(service, 'people', { premoderate: true });
    await hold(site, ['The harbour is quiet', 'The bridge is loud', 'The bridge is old']);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('harbour');
    await page.keyboard.press('Enter');
    await page.getByText('words: harbour').waitFor();
    await expect.poll(() => shownText(page)).toBe('The harbour is quiet');
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).fill('Ask the desk');
    await page.keyboard.press('Enter');
    await page.locator('.note', { hasText: 'Ask the desk' }).waitFor();
    await page.keyboard.press('s');
    await page.getByText('No comments match this search.').waitFor();
    await page.getByRole('button', { name: /^Clear/ }).click();
    await focused(page).waitFor();
    await page.getByRole('button', { name: 'Spam', exact: true }).click();
    await expect.poll(() => shownText(page)).toBe('The harbour is quiet');
    await page.keyboard.press('a');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 2 });
    await page.context().close();
  });

  test('asks for a second look without telling the first', async () => {
    const site = await createTestSite(service, 'second', { premoderate: true, second_look_share: 0.2 });
    await hold(
      site,
      Array.from({ length: 100 }, (_, n) => `Letter number ${n} on the harbour`),
    );
    // That none of these is drawn has a chance of 2e-10.
    const { body } = await site.client.get<{ items: { id: string }[] }>('/v1/queue?limit=100');
    await site.client.post('/v1/decisions', { decision: 'approve', ids: body.items.map(({ id }) => id) });
    const { page } = await joinAs(site);
    await page.getByRole('button', { name: /^Second opinions/ }).click();
    await focused(page).waitFor();
    expect(await page.getByRole('button', { name: /^Escalate\b/, disabled: false }).count()).toBe(0);
    await pressAndGoOn(page, 's');
    await expect
      .poll(
        async () =>
          (await site.client.get<{ agreement: { units: number } }>('/v1/stats')).body.agreement.units,
      )
      .toBe(1);
    expect(await statuses(site)).toEqual({ approved: 100 });
    await page.context().close();
  });

  test('the admin key makes the first person of a new service', async () => {
    const { key } = (await admin.post<{ key: string }>('/v1/keys', { name: 'first', scopes: ['admin'] }))
      .body;
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${app.url}/sign-in`);
    await page.getByRole('link', { name: 'Create the first admin account' }).click();
    await page.getByLabel('Admin key').fill('lar_wrong_key');
    await page.getByLabel('Name').fill('The first');
    await page.getByLabel('E-mail').fill('first@news.example');
    await page.keyboard.press('Enter');
    await page.locator('form:not([hidden]) [role=alert]').filter({ hasText: /key/i }).waitFor();
    await page.getByLabel('Admin key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByLabel(/New password/).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/moderate');
    await page.getByRole('heading', { name: 'Moderation' }).waitFor();
    await context.close();
  });

  test.each(['//evil.example', '/\\evil.example', 'https:evil.example', '%2f%2fevil.example', '/docs'])(
    'a sign-in leads to pages for people alone, not to %s',
    async (next) => {
      const site = await createTestSite(service, `next-${people++}`, {});
      const { page, email } = await joinAs(site);
      await page.goto(`${app.url}/sign-in?next=${next}`);
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${app.url}/moderate`);
      await page.context().close();
    },
  );

  test('two moderators never have the same comment before them', async () => {
    const site = await createTestSite(service, 'two', { premoderate: true });
    await hold(
      site,
      Array.from({ length: 12 }, (_, n) => `Comment number ${n} about the council`),
    );
    const { page: first } = await joinAs(site);
    await focused(first).waitFor();
    const claimed = async () =>
      (
        await service.db
          .selectFrom('queue_item')
          .select('claimed_by')
          .where('site_id', '=', site.site.id)
          .where('claimed_by', 'is not', null)
          .execute()
      ).length;
    await expect.poll(claimed).toBeGreaterThan(0);
    const { page: second } = await joinAs(site);
    await focused(second).waitFor();
    const seen = [await shownText(first), await shownText(second)];
    expect(new Set(seen).size).toBe(2);
    for (let round = 0; round < 3; round += 1) {
      await pressAndGoOn(first, 'a');
      await pressAndGoOn(second, 'a');
      seen.push(await shownText(first), await shownText(second));
    }
    expect(new Set(seen).size).toBe(8);
    await expect.poll(() => statuses(site)).toEqual({ approved: 6, hold: 6 });
    await first.context().close();
    await second.context().close();
  });

  test('shows hidden characters, the words that moved the score, and text as text', async () => {
    const site = await createTestSite(service, 'shown', { premoderate: true });
    await hold(site, [
      'Please sub\u200bscribe to my channel <img src=x onerror=alert(1)> \u202eevil http://bit.ly/abc',
    ]);
    const { page } = await joinAs(site);
    await focused(page).waitFor();
    expect(await page.locator('article .hidden-character').allInnerTexts()).toEqual(['U+200B', 'U+202E']);
    expect(await page.locator('mark').count()).toBeGreaterThan(0);
    expect(await page.locator('article img').count()).toBe(0);
    expect(await page.locator('.targets b').innerText()).toBe('bit.ly');
    await page.context().close();
  });

  test.skipIf(!HAS_SHARED_DATA)(
    'clears 200 real comments by keys alone (../shared/data)',
    async () => {
      const site = await createTestSite(service, 'real', { premoderate: true });
      const rows = readShared('youtube-psy').slice(0, 230);
      const labels = new Map<string, string>();
      for (const { text, label } of rows) {
        const { status, body } = await site.client.post<{ id: string }>(
          '/v1/comments',
          submission({ content: text }),
        );
        if (status === 201 && labels.size < 200) labels.set(body.id, label);
        if (labels.size === 200) break;
      }
      expect(labels.size).toBe(200);
      const { page } = await joinAs(site);
      await focused(page).waitFor();
      const paints: number[] = [];
      for (let done = 0; done < 200; done += 1) {
        const id = (await focused(page).getAttribute('data-id')) ?? '';
        const began = performance.now();
        await pressAndGoOn(page, labels.get(id) === 'spam' ? 's' : 'a');
        paints.push(performance.now() - began);
      }
      await page.getByText('You’re all caught up.').waitFor();
      const spam = [...labels.values()].filter((label) => label === 'spam').length;
      await expect.poll(() => statuses(site), { timeout: 30_000 }).toEqual({ spam, approved: 200 - spam });
      console.log(`key to next comment: median ${paints.sort((a, b) => a - b)[100]?.toFixed(0)} ms`);
      await page.context().close();
    },
    180_000,
  );
});
