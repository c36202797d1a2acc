/** What is done on the moderators' page while the service is away is done once it is back. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  begin,
  createBusySite,
  focused,
  focusedId,
  hold,
  letters,
  type Newsroom,
  openNewsroom,
  pressAndGoOn,
  said,
  statuses as statusesOf,
} from '../../support/moderators.ts';
import { join } from '../../support/people.ts';
import type { TestSite } from '../../support/site.ts';

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.close());

const statuses = async (site: TestSite) => await statusesOf(newsroom.service, site);
const siteWith = async (slug: string, count: number) => await createBusySite(newsroom, slug, letters(count));

async function notesOf(site: TestSite): Promise<Record<string, string[]>> {
  const { body } = await site.client.get<{ items: { id: string; notes: { text: string }[] }[] }>('/v1/queue');
  const noted = body.items.filter(({ notes }) => notes.length > 0);
  return Object.fromEntries(noted.map(({ id, notes }) => [id, notes.map(({ text }) => text)]));
}

async function writeNote(page: Page, text: string): Promise<void> {
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Note' }).fill(text);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('while the service is away', () => {
  test('it is tried for all presses together, ever more rarely, and then sent in their order', async () => {
    const site = await siteWith('one-timer', 8);
    const page = await begin(newsroom, site);
    const tried: { readonly at: number; readonly path: string }[] = [];
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      if (path.endsWith('/decisions') && request.method() === 'POST') tried.push({ at: Date.now(), path });
    });
    let refused = 0;
    page.on('requestfailed', (request) => {
      if (request.url().includes('/decisions?')) refused += 1;
    });
    await page.route('**/decisions?*', (route) => route.abort('connectionrefused'));
    const pressed: string[] = [];
    for (const key of 'asasas') {
      pressed.push(`/v1/comments/${await focusedId(page)}/decisions`);
      await pressAndGoOn(page, key);
    }
    await expect.poll(() => refused, { timeout: 15_000 }).toBe(3);
    const [first = 0, second = 0, third = 0] = tried.map(({ at }) => at);
    expect(second - first).toBeGreaterThan(1000);
    expect(third - second).toBeGreaterThan(1.5 * (second - first));
    expect(new Set(tried.map(({ path }) => path))).toEqual(new Set(pressed.slice(0, 1)));
    await page.unroute('**/decisions?*');
    await expect
      .poll(async () => await statuses(site), { timeout: 15_000 })
      .toEqual({ approved: 3, spam: 3, hold: 2 });
    await expect.poll(() => tried.slice(3).map(({ path }) => path)).toEqual(pressed);
    await page.context().close();
  });

  test('that the network is back is noticed at once', async () => {
    const site = await siteWith('online', 2);
    const page = await begin(newsroom, site);
    let failed = 0;
    page.on('requestfailed', (request) => {
      if (request.url().includes('/decisions?') && request.method() === 'POST') failed += 1;
    });
    await page.context().setOffline(true);
    await pressAndGoOn(page, 'a');
    // After the third, the next one by itself is six seconds away.
    await expect.poll(() => failed, { timeout: 15_000 }).toBe(3);
    await page.context().setOffline(false);
    await expect.poll(() => statuses(site), { timeout: 3000 }).toEqual({ approved: 1, hold: 1 });
    await page.context().close();
  });
});

describe('a list that cannot be read', () => {
  test('is not told to be empty, and is read when asked for', async () => {
    const site = await siteWith('unread-folder', 2);
    await site.client.post('/v1/decisions', { decision: 'approve', ids: site.ids });
    const { page } = await join({ ...newsroom, site });
    await page.getByText('You’re all caught up.').waitFor();
    await page.route('**/v1/queue?*', (route) => route.abort('connectionrefused'));
    await page.getByRole('button', { name: 'Approved' }).click();
    await page.getByText('The list could not be loaded.').waitFor();
    expect(await page.getByText('You’re all caught up.').count()).toBe(0);
    await page.unroute('**/v1/queue?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await focused(page).waitFor();
    expect(await said(page).innerText()).toBe('');
    await page.context().close();
  });

  test('is read as soon as the service tells of something again', async () => {
    const site = await siteWith('unread-queue', 2);
    const page = await begin(newsroom, site);
    await page.route('**/v1/queue?*', (route) => route.abort('connectionrefused'));
    await page.reload();
    await page.getByText('The list could not be loaded.').waitFor();
    await page.unroute('**/v1/queue?*');
    await hold(site, ['One more letter']);
    await expect.poll(() => page.locator('.upcoming li').count(), { timeout: 10_000 }).toBe(3);
    await page.context().close();
  });
});

describe('signing out', () => {
  test.each(['Sign out', 'Sign out everywhere'])(
    '“%s”: that it failed is told, one is signed in still, and it can be tried again',
    async (name) => {
      const site = await siteWith(`leave-${name.length}`, 1);
      const page = await begin(newsroom, site);
      const session = () => page.evaluate<number>(`fetch('/v1/session').then(({ status }) => status)`);
      const isOut = (route: Route) => route.request().method() === 'DELETE';
      await page.route('**/v1/session*', (route) =>
        isOut(route) ? route.abort('connectionrefused') : route.continue(),
      );
      await page.locator('.account summary').click();
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('alert').filter({ hasText: 'You may still be signed in' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/moderate');
      expect(await session()).toBe(200);
      await page.unroute('**/v1/session*');
      await page.getByRole('button', { name, exact: true }).click();
      await page.waitForURL('**/sign-in');
      expect(await session()).toBe(401);
      await page.context().close();
    },
  );

  test('with a session that has ended meanwhile leads to the sign-in', async () => {
    const site = await siteWith('leave-ended', 1);
    const page = await begin(newsroom, site);
    await page.context().clearCookies();
    await page.locator('.account summary').click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('**/sign-in');
    await page.context().close();
  });
});

describe('a note', () => {
  test('written while the service is away is kept, also over a reload, and stands when it is back', async () => {
    const site = await siteWith('note-away', 2);
    const page = await begin(newsroom, site);
    const id = await focusedId(page);
    await page.route('**/notes?*', (route) => route.abort('connectionrefused'));
    await writeNote(page, 'Ask the desk');
    await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor();
    await page.reload();
    await focused(page).waitFor();
    await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor();
    await page.unroute('**/notes?*');
    await page.locator('.note', { hasText: 'Ask the desk' }).waitFor();
    expect(await notesOf(site)).toEqual({ [id]: ['Ask the desk'] });
    await page.context().close();
  });

  test('comes before the decision that was made after it, and u takes back the decision alone', async () => {
    const site = await siteWith('note-order', 2);
    const page = await begin(newsroom, site);
    const id = await focusedId(page);
    await page.route(/\/v1\/comments\/.*/, (route) => route.abort('connectionrefused'));
    await writeNote(page, 'Ask the desk');
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await pressAndGoOn(page, 'Enter');
    await writeNote(page, 'And this one, too');
    await said(page).filter({ hasText: 'when you’re back: 3.' }).waitFor();
    await page.keyboard.press('u');
    await expect.poll(() => focusedId(page)).toBe(id);
    await page.unroute(/\/v1\/comments\/.*/);
    await expect
      .poll(async () => Object.values(await notesOf(site)).flat(), { timeout: 15_000 })
      .toHaveLength(2);
    expect((await notesOf(site))[id]).toEqual(['Ask the desk']);
    expect((await site.client.get<{ total: number }>('/v1/queue?escalated=true')).body.total).toBe(0);
    await page.context().close();
  });

  test('whose answer was lost stands once', async () => {
    const site = await siteWith('note-lost', 1);
    const page = await begin(newsroom, site);
    let tries = 0;
    await page.route('**/notes?*', async (route) => {
      tries += 1;
      if (tries > 1) return await route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await writeNote(page, 'Ask the desk');
    await page.locator('.note', { hasText: 'Ask the desk' }).waitFor();
    expect(tries).toBe(2);
    expect(Object.values(await notesOf(site))).toEqual([['Ask the desk']]);
    await page.context().close();
  });

  test('has up to 2,000 characters and several lines, as the service takes them', async () => {
    const site = await siteWith('note-long', 1);
    const page = await begin(newsroom, site);
    const text = `${'A line of many. '.repeat(100)}\n${'b'.repeat(399)}`;
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).focus();
    await page.keyboard.insertText(text);
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.insertText('more');
    await page.keyboard.press('Enter');
    await page.locator('.note').waitFor();
    expect(Object.values(await notesOf(site))).toEqual([[text]]);
    await page.context().close();
  });

  test('that is refused is told with its words', async () => {
    const site = await siteWith('note-refused', 2);
    const page = await begin(newsroom, site);
    const id = await focusedId(page);
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Note' }).fill('Ask the desk');
    await site.client.call('DELETE', `/v1/comments/${id}`);
    await page.keyboard.press('Enter');
    await page
      .getByRole('alert', { name: 'Not done' })
      .filter({ hasText: 'There is no such comment.' })
      .filter({ hasText: 'Ask the desk' })
      .waitFor();
    await page.context().close();
  });
});
