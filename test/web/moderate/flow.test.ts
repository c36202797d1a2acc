/** What a press does in each folder, to second looks, and beyond the end of a session. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BusySite,
  begin,
  campaign,
  createBusySite,
  focused,
  focusedId,
  hold,
  letters,
  type Newsroom,
  openFolder,
  openNewsroom,
  pressAndGoOn,
  said,
  statuses as statusesOf,
} from '../../support/moderators.ts';
import { join, PASSWORD } from '../../support/people.ts';
import type { TestSite } from '../../support/site.ts';

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.close());

const statuses = async (site: TestSite) => await statusesOf(newsroom.service, site);
const siteWith = async (slug: string, contents: readonly string[], settings = {}) =>
  await createBusySite(newsroom, slug, contents, settings);
const joinAs = async (site: TestSite) => await join({ ...newsroom, site });

async function units(site: TestSite): Promise<number> {
  const { body } = await site.client.get<{ agreement: { units: number } }>('/v1/stats');
  return body.agreement.units;
}

describe('every key in every folder', () => {
  const HELD = { spam: 3, trash: 2, approved: 2, hold: 5 };
  test.each([
    ['Highest risk', HELD],
    ['Oldest', HELD],
    ['Most useful for training', HELD],
    ['Escalated', HELD],
    ['Spot checks', HELD],
    ['Approved', { spam: 3, trash: 2, approved: 7 }],
    ['Spam', { spam: 8, trash: 2, approved: 2 }],
    ['Trash', { spam: 3, trash: 7, approved: 2 }],
  ])(
    '%s: walks, selects, decides on one and on several, escalates, takes back, notes',
    async (folder, after) => {
      const site = await siteWith(`keys-${folder.slice(0, 4).toLowerCase()}`, campaign(12));
      await fillFolder(site, folder);
      const { page } = await joinAs(site);
      await openFolder(page, folder);
      await focused(page).waitFor();
      const first = await focusedId(page);
      await page.keyboard.press('j');
      await expect.poll(() => focusedId(page)).not.toBe(first);
      await page.keyboard.press('k');
      await expect.poll(() => focusedId(page)).toBe(first);
      for (const key of ['n', 'e', '?']) {
        await page.keyboard.press(key);
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      }
      for (const keys of [
        ['x', 'x', 'Shift+S'],
        ['x', 'Shift+R', '1'],
        ['x', 'Shift+A'],
        'asr2'.split(''),
        ['e', 'Enter'],
      ]) {
        for (const key of keys) await page.keyboard.press(key);
      }
      await expect.poll(() => statuses(site), { timeout: 15_000 }).toEqual(after);
      const escalated = async () =>
        (await site.client.get<{ total: number }>('/v1/queue?escalated=true')).body.total;
      const before = folder === 'Escalated' ? 5 : 1;
      await expect.poll(escalated).toBe(before);
      await page.keyboard.press('u');
      await page.getByText(/^Undone/).waitFor();
      expect(await escalated()).toBe(folder === 'Escalated' ? 5 : 0);
      await page.keyboard.press('c');
      if ('hold' in after) {
        await page.keyboard.press('a');
        await expect.poll(() => statuses(site)).toEqual({ spam: 3, trash: 2, approved: 7 });
        await page.getByText('You’re all caught up.').waitFor();
      } else {
        await page.getByText('That can’t be done in this folder.').waitFor();
        expect(await page.getByRole('dialog').count()).toBe(0);
      }
      await page.context().close();
    },
  );

  async function fillFolder(site: BusySite, folder: string): Promise<void> {
    const bulk = { Approved: 'approve', Spam: 'spam', Trash: 'reject', Escalated: 'escalate' }[folder];
    if (bulk !== undefined)
      await site.client.post('/v1/decisions', { decision: bulk, reason: 'insult', ids: site.ids });
    if (folder === 'Spot checks')
      await newsroom.service.db
        .updateTable('queue_item')
        .set({ audit: true })
        .where('site_id', '=', site.site.id)
        .execute();
  }

  test('Second opinions: they are given one by one, and no key meets the first decision', async () => {
    const site = await siteWith('keys-second', campaign(4), { second_look_share: 0.2 });
    await site.client.post('/v1/decisions', { decision: 'approve', ids: site.ids });
    const { page } = await joinAs(site);
    const posted: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posted.push(new URL(request.url()).pathname);
    });
    await openFolder(page, 'Second opinions');
    const id = await focusedId(page);
    for (const key of ['x', 'c', 'n', 'e', 'Shift+A', 'Shift+S', 'Shift+R']) {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press(key);
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await focusedId(page)).toBe(id);
    }
    await said(page).filter({ hasText: 'can’t be done in this folder' }).waitFor();
    expect(posted.filter((path) => /decisions$|notes$|second-looks/.test(path))).toEqual([]);
    await page.getByRole('button', { name: 'Second opinions 4' }).waitFor();
    await pressAndGoOn(page, 'a');
    await pressAndGoOn(page, 's');
    await page.keyboard.press('r');
    await pressAndGoOn(page, '1');
    await expect.poll(() => units(site)).toBe(3);
    await page.getByRole('button', { name: 'Second opinions 1' }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('readers');
    await page.keyboard.press('Enter');
    await page.locator('button[aria-current=page]', { hasText: 'Search results' }).waitFor();
    await page.getByText('4 results').waitFor();
    expect(await statuses(site)).toEqual({ approved: 4 });
    await page.context().close();
  });

  test('the reason of a comment in a folder narrows what waits, for it cannot narrow the folder', async () => {
    const site = await siteWith('reason', letters(2));
    await site.client.post(`/v1/comments/${site.ids[0]}/decisions`, { decision: 'spam' });
    const page = await begin(newsroom, site);
    await openFolder(page, 'Spam');
    await page.locator('article').getByRole('button', { name: 'every comment is reviewed' }).click();
    await page.getByRole('button', { name: /^Clear/ }).waitFor();
    await expect.poll(() => focusedId(page)).toBe(site.ids[1]);
    await page.context().close();
  });
});

describe('second looks', () => {
  async function lookedAt(slug: string, count: number) {
    const site = await siteWith(slug, letters(count), { second_look_share: 0.2 });
    await site.client.post('/v1/decisions', { decision: 'approve', ids: site.ids });
    const { page } = await joinAs(site);
    await openFolder(page, 'Second opinions');
    await focused(page).waitFor();
    return { site, page };
  }

  test('u takes the last look back, also after a reload, and no other decision', async () => {
    const { site, page } = await lookedAt('look-back', 2);
    const [held] = await hold(site, ['One that waits']);
    await openFolder(page, 'Highest risk');
    await pressAndGoOn(page, 's');
    await openFolder(page, 'Second opinions');
    const first = await focusedId(page);
    await pressAndGoOn(page, 'a');
    await expect.poll(() => units(site)).toBe(1);
    await page.keyboard.press('u');
    await expect.poll(() => focusedId(page)).toBe(first);
    expect(await units(site)).toBe(0);
    await pressAndGoOn(page, 's');
    await expect.poll(() => units(site)).toBe(1);
    await page.reload();
    await openFolder(page, 'Second opinions');
    await page.keyboard.press('u');
    await expect.poll(() => focusedId(page)).toBe(first);
    await page.keyboard.press('u');
    await page.getByText('There is nothing to undo.').waitFor();
    expect((await site.client.get<{ status: string }>(`/v1/comments/${held}`)).body.status).toBe('spam');
    await page.context().close();
  });

  test('one that another gave meanwhile is told and does not come back; more come than one page has', async () => {
    const { site, page } = await lookedAt('look-many', 34);
    const other = site.client.as(await site.keyFor(['moderate'], 'night desk'));
    await other.post(`/v1/second-looks/${await focusedId(page)}`, { decision: 'spam' });
    const taken = await focusedId(page);
    await pressAndGoOn(page, 'a');
    await page.getByText(/^Already decided/).waitFor();
    for (let left = 33; left > 0; left -= 1) await pressAndGoOn(page, 'a');
    await page.getByText('“Second opinions” is empty.').waitFor();
    await expect.poll(() => units(site), { timeout: 15_000 }).toBe(34);
    expect(await page.locator(`[data-id="${taken}"]`).count()).toBe(0);
    await page.context().close();
  });
});

describe('sessions', () => {
  /** And nobody holds anything: who is signed out cannot give it back. */
  async function endSessions(): Promise<void> {
    await newsroom.service.db.deleteFrom('session').execute();
    await newsroom.service.db
      .updateTable('queue_item')
      .set({ claimed_by: null, claimed_until: null })
      .execute();
  }
  async function signIn(page: Page, email: string): Promise<void> {
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/moderate');
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  test('a decision outlives the session: it is sent when the same person is back, never by another', async () => {
    const site = await siteWith('session', letters(3));
    const { page, email } = await joinAs(site);
    const other = await joinAs(site);
    await other.page.context().close();
    await focused(page).waitFor();
    await endSessions();
    await page.keyboard.press('a');
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
    await signIn(page, other.email);
    await focused(page).waitFor();
    await page.getByRole('button', { name: 'Highest risk 3' }).waitFor();
    await page.keyboard.press('j');
    await pressAndGoOn(page, 's');
    await expect.poll(() => statuses(site)).toEqual({ spam: 1, hold: 2 });
    await endSessions();
    await page.goto(`${newsroom.app.url}/moderate`, { waitUntil: 'commit' });
    await signIn(page, email);
    await page.getByText('Saved decisions sent: 1.').waitFor();
    await expect.poll(() => statuses(site)).toMatchObject({ approved: 1 });
    const rows = await newsroom.service.db
      .selectFrom('decision')
      .select(['actor', 'decision'])
      .where('site_id', '=', site.site.id)
      .execute();
    expect(new Set(rows.map(({ actor }) => actor)).size).toBe(rows.length);
    await page.context().close();
  });
});
