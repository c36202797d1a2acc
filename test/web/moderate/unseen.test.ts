/** Decisions that cannot go wrong unseen: what each key and press does, what is shown of it, and what it leads to. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  article,
  type DeskService,
  goTo,
  post,
  startDeskService,
  styleOf,
} from '../../support/moderate-page.ts';
import { campaign, letters } from '../../support/moderators.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';

let desk: DeskService;
beforeAll(async () => {
  desk = await startDeskService();
});
afterAll(() => desk?.close());

const idOf = async (page: Page) => (await article(page).getAttribute('data-id')) ?? '';
const bar = (page: Page) => page.getByRole('group', { name: 'Decisions' });
const notice = (page: Page) => page.getByRole('status');

async function statusOf(site: TestSite, id: string): Promise<string> {
  return (await site.client.get<{ status: string }>(`/v1/comments/${id}`)).body.status;
}

async function begin(site: TestSite, options = {}): Promise<Page> {
  const { page } = await desk.joinAs(site, options);
  await article(page).waitFor();
  return page;
}

async function waitForNext(page: Page, id: string): Promise<void> {
  await page.locator(`article[data-id="${id}"]`).waitFor({ state: 'detached' });
  await article(page).waitFor();
}

const LONG = 'A long letter on the bridge, the river, and the council. '.repeat(80);

describe('keys after a press with the pointer', () => {
  test.each(['Space', 'Enter'])('%s after a click on a decision decides nothing', async (key) => {
    const site = await desk.siteWith(`after-click-${key}`.toLowerCase(), ...letters(4));
    const page = await begin(site);
    const first = await idOf(page);
    await bar(page).getByRole('button', { name: /^Spam/ }).click();
    await waitForNext(page, first);
    const second = await idOf(page);
    await page.keyboard.press(key);
    await notice(page)
      .getByText(/^Marked as spam/)
      .waitFor();
    await expect.poll(() => statusOf(site, first)).toBe('spam');
    expect(await idOf(page)).toBe(second);
    expect(await statusOf(site, second)).toBe('hold');
    await page.context().close();
  });

  test('Space after a click on a folder keeps the search', async () => {
    const site = await desk.siteWith('after-folder', ...letters(4));
    const page = await begin(site);
    await page.getByRole('button', { name: /^Oldest/ }).click();
    await article(page).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('harbour');
    await page.keyboard.press('Enter');
    await page.locator('.filter', { hasText: 'harbour' }).waitFor();
    await article(page).waitFor();
    await page.keyboard.press('v');
    await page.keyboard.press('Space');
    expect(await page.locator('.filter', { hasText: 'harbour' }).count()).toBe(1);
    await page.context().close();
  });

  test.each([
    ['a screen', { width: 1280, height: 720 }],
    ['a phone', { width: 390, height: 844 }],
  ])('Space scrolls the text, with shift upwards, and never decides, on %s', async (_, viewport) => {
    const site = await createTestSite(desk.service, `scroll-${viewport.width}`, { premoderate: true });
    const ids = [await post(site, { content: LONG }), await post(site, { content: `${LONG} Another.` })];
    const page = await begin(site, { viewport });
    const id = await idOf(page);
    await page.keyboard.press('v');
    const top = async () =>
      await page.evaluate<number>("document.querySelector('.content').getBoundingClientRect().top");
    const before = await top();
    await page.keyboard.press('Space');
    await expect.poll(top).toBeLessThan(before - 100);
    await page.keyboard.press('Shift+Space');
    await expect.poll(top).toBe(before);
    // Also where a decision has the focus, reached by Tab.
    await bar(page)
      .getByRole('button', { name: /^Approve/ })
      .focus();
    await page.keyboard.press('Space');
    await expect.poll(top).toBeLessThan(before - 100);
    expect(await idOf(page)).toBe(id);
    for (const one of ids) expect(await statusOf(site, one)).toBe('hold');
    await page.context().close();
  });
});

describe('the decisions', () => {
  test.each([
    [1440, 900],
    [1280, 720],
    [1024, 768],
    [390, 844],
    [844, 390],
  ])('stay at one place for every comment at %i × %i', async (width, height) => {
    const contents = [
      LONG,
      'Short.',
      ...campaign(3),
      'See http://a.example and http://b.example',
      ...letters(3),
    ];
    const site = await desk.siteWith(`place-${width}`, ...contents);
    const page = await begin(site, { viewport: { width, height } });
    const places = new Set<string>();
    for (let at = 0; at < contents.length; at += 1) {
      const box = await bar(page)
        .getByRole('button', { name: /^Approve/ })
        .boundingBox();
      places.add(JSON.stringify(box));
      await page.keyboard.press('j');
    }
    expect([...places]).toHaveLength(1);
    await page.context().close();
  });

  test('are shown with whom they were about and an Undo, one or many', async () => {
    const site = await desk.siteWith('toast', ...letters(6));
    const page = await begin(site);
    const first = await idOf(page);
    const name = await page.locator('article h2').innerText();
    await page.keyboard.press('s');
    await notice(page).getByText(`Marked as spam: comment by ${name}`).waitFor();
    await expect.poll(() => statusOf(site, first)).toBe('spam');
    await notice(page).getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => statusOf(site, first)).toBe('hold');
    for (const key of ['x', 'x', 'x', 'Shift+A']) await page.keyboard.press(key);
    await notice(page).getByText('Approved: 3 comments').waitFor();
    await notice(page).getByRole('button', { name: /^Undo/ }).click();
    await notice(page).getByText('Undone: 3 decisions').waitFor();
    expect((await site.client.get<{ total: number }>('/v1/queue')).body.total).toBe(6);
    await page.context().close();
  });

  test('that were refused are told until they were seen, whatever is pressed meanwhile', async () => {
    const site = await desk.siteWith('refused', ...letters(4));
    const page = await begin(site);
    const first = await idOf(page);
    await page.route(/\/decisions\?/, async (route) => {
      if (route.request().url().includes(first) && route.request().method() === 'POST') {
        await site.client.post(`/v1/comments/${first}/decisions`, { decision: 'approve' });
      }
      await route.continue();
    });
    await page.keyboard.press('s');
    await waitForNext(page, first);
    const refusals = page.getByRole('alert', { name: 'Not done' });
    await refusals.getByText(/^Already decided/).waitFor();
    for (const key of ['j', 'k', 'a']) await page.keyboard.press(key);
    await notice(page)
      .getByText(/^Approved/)
      .waitFor();
    expect(await refusals.count()).toBe(1);
    await refusals.getByRole('button', { name: 'Dismiss' }).click();
    await refusals.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('on a campaign begin with what it is: three samples, the hosts, the authors, and nothing preset', async () => {
    const site = await desk.siteWith('campaign', ...campaign(5), 'A letter on the bridge');
    const page = await begin(site);
    await goTo(page, 'Dear readers');
    await page.keyboard.press('c');
    const dialog = page.getByRole('dialog', { name: 'Apply to all 5 near-duplicates' });
    await dialog.getByText('5 comments by 5 authors').waitFor();
    expect(await dialog.getByText('Links to: earn.example').count()).toBe(1);
    expect(await dialog.getByRole('list', { name: 'Samples' }).getByRole('listitem').count()).toBe(3);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await dialog.count()).toBe(1);
    expect((await site.client.get<{ total: number }>('/v1/queue')).body.total).toBe(6);
    await page.context().close();
  });

  test('a rejection is of no guideline that was not chosen', async () => {
    const site = await desk.siteWith('no-preset', ...letters(2));
    const page = await begin(site);
    await page.keyboard.press('r');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect((await site.client.get<{ total: number }>('/v1/queue')).body.total).toBe(2);
    await page.context().close();
  });
});

describe('an escalation', () => {
  test('asks why, leaves the own folders, also after a reload, and is first in a senior’s', async () => {
    const site = await desk.siteWith('escalation', ...letters(3));
    const page = await begin(site);
    const id = await idOf(page);
    await page.keyboard.press('e');
    await page
      .getByRole('dialog', { name: /senior/ })
      .getByRole('textbox')
      .fill('Is this true?');
    await page.keyboard.press('Enter');
    await waitForNext(page, id);
    await notice(page)
      .getByText(/^Escalated/)
      .waitFor();
    await expect
      .poll(async () => (await site.client.get<{ total: number }>('/v1/queue?escalated=true')).body.total)
      .toBe(1);
    await page.goto(new URL('/moderate', page.url()).href);
    for (const folder of ['Highest risk', 'Oldest', 'Most useful for training']) {
      await page.getByRole('button', { name: new RegExp(`^${folder}`) }).click();
      await expect.poll(() => page.locator('.upcoming li').count()).toBe(2);
      expect(await page.locator(`[data-id="${id}"]`).count()).toBe(0);
    }
    const { page: senior } = await desk.joinAs(site, {}, 'senior');
    await senior
      .locator('.folders .folder')
      .first()
      .filter({ hasText: /^Escalated/ })
      .waitFor();
    await senior.keyboard.press('1');
    await senior.locator('.standing', { hasText: 'Is this true?' }).waitFor();
    await page.context().close();
    await senior.context().close();
  });
});

describe('the address', () => {
  test('keeps site, folder, filter and comment over a reload, and leads back', async () => {
    const site = await desk.siteWith('address', ...letters(5));
    const page = await begin(site);
    await page.getByRole('button', { name: /^Oldest/ }).click();
    await article(page).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const id = await idOf(page);
    await page.waitForURL((url) => url.searchParams.get('comment') === id);
    const query = new URL(page.url()).searchParams;
    expect(Object.fromEntries(query)).toEqual({ site: 'address', folder: 'oldest', comment: id });
    await page.reload();
    await expect.poll(() => idOf(page)).toBe(id);
    expect(await page.locator('.folder[aria-current]').innerText()).toMatch(/^Oldest/);
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('harbour');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === 'harbour');
    await page.goBack();
    await page.locator('.filter').waitFor({ state: 'detached' });
    await page.locator('.folder[aria-current]', { hasText: 'Oldest' }).waitFor();
    await page.context().close();
  }, 120_000);

  test('that was sent leads a colleague to the comment, also to one that somebody has before them', async () => {
    const site = await desk.siteWith('address-sent', ...letters(3));
    const page = await begin(site);
    await page.keyboard.press('j');
    const id = await idOf(page);
    const sent = `${desk.app.url}/moderate?site=address-sent&folder=oldest&comment=${id}`;
    const { page: other } = await desk.joinAs(site);
    await other.goto(sent);
    await expect.poll(() => idOf(other)).toBe(id);
    await page.context().close();
    await other.context().close();
  });

  test('of a comment that was decided on leads to it all the same', async () => {
    const site = await desk.siteWith('address-decided', ...letters(3));
    const id = await post(site, { content: 'The one that was sent' });
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    const page = await begin(site);
    await page.goto(`${desk.app.url}/moderate?site=address-decided&comment=${id}`);
    await expect.poll(() => idOf(page)).toBe(id);
    await page.locator('.standing', { hasText: /^Approved by/ }).waitFor();
    await page.context().close();
  });

  test('the chosen site survives a reload', async () => {
    const one = await desk.siteWith('paper-one', 'A letter to the first paper');
    await desk.siteWith('paper-two', 'A letter to the second paper');
    const { page } = await desk.joinAs(one, {}, 'admin', true);
    await page.locator('.site select').selectOption('paper-two');
    await page.locator('.content', { hasText: 'second paper' }).waitFor();
    await page.reload();
    await page.locator('.content', { hasText: 'second paper' }).waitFor();
    await page.goto(`${desk.app.url}/moderate`);
    await page.locator('.content', { hasText: 'second paper' }).waitFor();
    await page.context().close();
  });
});

describe('what is shown of a comment', () => {
  test('a first-time commenter with more waiting is said to have them, and they are a click away', async () => {
    const site = await createTestSite(desk.service, 'newcomer', { premoderate: true });
    for (const content of letters(4))
      await post(site, { content, author_email: 'new@a.example', author_name: 'New' });
    await post(site, { content: 'Somebody else writes this' });
    const page = await begin(site);
    await goTo(page, 'Letter 2');
    const history = page.locator('.history');
    expect((await history.innerText()).replaceAll('\n', ' ')).toMatch(/First-time commenter.*3 more waiting/);
    await history.getByRole('button', { name: '3 more waiting' }).click();
    await expect.poll(() => page.locator('.upcoming li').count()).toBe(4);
    await page.context().close();
  });

  test('the whole text is shown when it is asked for, and less again', async () => {
    const site = await desk.siteWith('whole', `${LONG} The end.`);
    const page = await begin(site, { viewport: { width: 1280, height: 720 } });
    const height = async () => (await page.locator('.content').boundingBox())?.height ?? 0;
    const folded = await height();
    await page.getByRole('button', { name: /^Show the whole text/ }).click();
    await expect.poll(height).toBeGreaterThan(folded * 2);
    expect(await styleOf(page, '.content', 'overflow-y')).toBe('visible');
    await page.getByRole('button', { name: /^Show less/ }).click();
    await expect.poll(height).toBe(folded);
    await page.context().close();
  });

  test('at most five whole words are marked, and no name of a feature is shown before it is asked for', async () => {
    const contents = [
      'Hey guys check out my channel and subscribe, it is free! http://bit.ly/abc',
      ...letters(6),
    ];
    const site = await desk.siteWith('marks', ...contents);
    const page = await begin(site);
    const NAMES = /\b(shape|bigram|skip|edge|part|call|form|symbol|word|char|url):/;
    for (let at = 0; at < contents.length; at += 1) {
      const text = await page.locator('.content').innerText();
      const marks = await page.locator('.content mark').allInnerTexts();
      expect(marks.length).toBeLessThanOrEqual(5);
      expect(marks.join('').length).toBeLessThanOrEqual(0.15 * text.length);
      expect(await page.locator('#page').innerText()).not.toMatch(NAMES);
      await page.keyboard.press('j');
    }
    await goTo(page, 'Hey guys');
    expect(await page.locator('.signs li').count()).toBeGreaterThan(0);
    await page.keyboard.press('i');
    await page.locator('.evidence').getByText(NAMES).first().waitFor();
    await page.context().close();
  });

  test.each([
    ['a phone', 390, 844, 0.45],
    ['a phone on its side', 844, 390, 0.4],
    ['400 % zoom', 320, 256, 0.3],
  ])('%s leaves room for the comment', async (_, width, height, share) => {
    const site = await desk.siteWith(`room-${width}`, LONG, `${LONG} Another.`, ...letters(2));
    const page = await begin(site, { viewport: { width, height } });
    const first = await idOf(page);
    await page.keyboard.press('j');
    await waitForNext(page, first);
    const inSight = async () =>
      await page.evaluate<number>(`(() => {
        const text = document.querySelector('.content').getBoundingClientRect();
        const bar = document.querySelector('.decisions').getBoundingClientRect();
        return Math.min(text.bottom, bar.top) - Math.max(0, text.top);
      })()`);
    const before = await inSight();
    await page.keyboard.press('Space');
    await expect.poll(async () => Math.max(before, await inSight()) / height).toBeGreaterThan(share);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await page.context().close();
  });
});

describe('the list', () => {
  test('scrolls through everything and selects a range', async () => {
    const site = await desk.siteWith('range', ...letters(70));
    const page = await begin(site);
    await page.locator('.upcoming li').nth(1).locator('input').click();
    await page
      .locator('.upcoming li')
      .nth(4)
      .locator('input')
      .click({ modifiers: ['Shift'] });
    await bar(page)
      .getByRole('button', { name: /^Approve 4/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.several').waitFor({ state: 'detached' });
    const seen = new Set<string>();
    await expect
      .poll(async () => {
        for (const text of await page.locator('.upcoming .excerpt').allInnerTexts()) seen.add(text);
        await page.evaluate("document.querySelector('.upcoming').scrollTop += 150");
        return seen.size;
      })
      .toBe(70);
    await page.context().close();
  });

  test('keys lead to the first and the last comment, the author and the folders', async () => {
    const site = await desk.siteWith('more-keys', ...letters(6));
    const page = await begin(site);
    const first = await idOf(page);
    await page.keyboard.press('End');
    await expect.poll(() => idOf(page)).not.toBe(first);
    await page.keyboard.press('Home');
    await expect.poll(() => idOf(page)).toBe(first);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => idOf(page)).not.toBe(first);
    await page.keyboard.press('p');
    await page.locator('.folder[aria-current]', { hasText: 'Search results' }).waitFor();
    await page.getByText('1 results').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.filter').waitFor({ state: 'detached' });
    await page.keyboard.press('2');
    await page.locator('.folder[aria-current]', { hasText: 'Oldest' }).waitFor();
    await page.context().close();
  });

  test('that is empty says why and where to go on', async () => {
    const site = await desk.siteWith('empty', 'A letter');
    const page = await begin(site);
    await page.getByRole('button', { name: 'Trash', exact: true }).click();
    await page.getByText('“Trash” is empty.').waitFor();
    await page.getByRole('button', { name: 'Open “Highest risk” (1)' }).click();
    await article(page).waitFor();
    await page.context().close();
  });

  test('costs at most 1.5 requests a decision and does not stall at burst speed', async () => {
    const site = await desk.siteWith('burst', ...letters(80));
    const page = await begin(site);
    await page.getByRole('button', { name: 'Highest risk 80' }).waitFor();
    let requests = 0;
    page.on('request', (request) => {
      if (request.url().includes('/v1/')) requests += 1;
    });
    for (let press = 0; press < 60; press += 1) {
      await page.keyboard.press(press % 2 === 0 ? 'a' : 's');
      expect(await page.locator('.empty').count()).toBe(0);
    }
    await expect
      .poll(async () => (await site.client.get<{ total: number }>('/v1/queue')).body.total)
      .toBe(20);
    expect(requests).toBeLessThanOrEqual(90);
    await page.context().close();
  });
});
