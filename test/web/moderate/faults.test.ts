/** What becomes of a press when others are faster, hands are quick, and the way to the service is bad. */
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
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
import { invite, join, PASSWORD } from '../../support/people.ts';
import type { TestSite } from '../../support/site.ts';

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.close());

const statuses = async (site: TestSite) => await statusesOf(newsroom.service, site);
const siteWith = async (slug: string, contents: readonly string[], settings = {}) =>
  await createBusySite(newsroom, slug, contents, settings);

async function joinAs(site: TestSite, prepare?: (page: Page) => Promise<void>): Promise<{ page: Page }> {
  const { page } = await join({ ...newsroom, site });
  if (prepare) {
    await prepare(page);
    await page.reload();
  }
  return { page };
}

/** The requests that decide on one or on many. */
const DECISIONS = /\/v1\/(.*\/decisions|decisions|second-looks\/[^/]+)\?/;
const isPost = (route: Route) => route.request().method() === 'POST';

/** Before the next decision arrives, another has done something. */
async function beforeNext(page: Page, act: () => Promise<unknown>): Promise<void> {
  let done = false;
  await page.route(DECISIONS, async (route) => {
    if (!done && isPost(route)) {
      done = true;
      await act();
    }
    await route.continue();
  });
}

/** The service does once what it is asked, and its answer is lost. */
async function loseAnswer(page: Page): Promise<() => boolean> {
  let lost = false;
  await page.route(DECISIONS, async (route) => {
    if (lost || !isPost(route)) return await route.continue();
    lost = true;
    await route.fetch();
    await route.abort('connectionreset');
  });
  return () => lost;
}

const listed = (page: Page) => page.locator('.upcoming li');
async function pressAll(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe('refusals', () => {
  test('of a selection, what was done and what not is told, and what others decided does not come back', async () => {
    const site = await siteWith('partial', letters(4));
    const page = await begin(newsroom, site);
    await beforeNext(page, () => site.client.post(`/v1/comments/${first}/decisions`, { decision: 'spam' }));
    const first = await focusedId(page);
    await pressAll(page, ['x', 'x', 'x', 'Shift+A']);
    await page.getByText('1 of 3 not done:').waitFor();
    expect(await statuses(site)).toEqual({ spam: 1, approved: 2, hold: 1 });
    expect(await listed(page).count()).toBe(1);
    await page.context().close();
  });

  test('in a folder, what has changed meanwhile comes back as it is now, to be decided on again', async () => {
    const site = await siteWith('changed', letters(3));
    await site.client.post('/v1/decisions', { decision: 'approve', ids: site.ids });
    const { page } = await openAt(site, 'Approved');
    const first = await focusedId(page);
    await beforeNext(page, async () => {
      for (const [decision, version] of [
        ['spam', 2],
        ['approve', 3],
      ])
        await site.client.post(`/v1/comments/${first}/decisions`, { decision, version });
    });
    await pressAll(page, ['x', 'x', 'Shift+S']);
    await page.getByText('1 of 2 not done:').waitFor();
    await expect.poll(() => listed(page).count()).toBe(2);
    expect(await statuses(site)).toEqual({ spam: 1, approved: 2 });
    await pressAll(page, ['s', 's']);
    await expect.poll(() => statuses(site)).toEqual({ spam: 3 });
    await page.context().close();
  });

  test('what others decide leaves the list, and the focus stays; a begun rejection stays with its comment', async () => {
    const site = await siteWith('focus', letters(5));
    const page = await begin(newsroom, site);
    const first = await focusedId(page);
    await pressAll(page, ['j', 'j']);
    const third = await focusedId(page);
    await page.keyboard.press('r');
    await site.client.post(`/v1/comments/${first}/decisions`, { decision: 'approve' });
    await expect.poll(() => listed(page).count()).toBe(4);
    expect(await focusedId(page)).toBe(third);
    await page.keyboard.press('1');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, trash: 1, hold: 3 });
    expect((await site.client.get<{ status: string }>(`/v1/comments/${third}`)).body.status).toBe('trash');
    await page.context().close();
  });
});

async function openAt(site: TestSite, folder: string): Promise<{ page: Page }> {
  const { page } = await joinAs(site);
  await openFolder(page, folder);
  await focused(page).waitFor();
  return { page };
}

describe('taking back', () => {
  test('two quick presses take back two decisions, and each comment is listed once', async () => {
    const site = await siteWith('twice', letters(4));
    const page = await begin(newsroom, site);
    const [one, two] = [await press(page, 'a'), await press(page, 's')];
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, hold: 2 });
    await pressAll(page, ['u', 'u']);
    await expect.poll(() => statuses(site)).toEqual({ hold: 4 });
    await expect.poll(() => focusedId(page)).toBe(one);
    await expect.poll(() => listed(page).count()).toBe(4);
    await pressAll(page, ['j']);
    expect(await focusedId(page)).toBe(two);
    await page.context().close();
  });

  test('a decision after u, however quick, is about what came back', async () => {
    const site = await siteWith('anew', letters(3));
    const page = await begin(newsroom, site);
    const one = await press(page, 'a');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 2 });
    await pressAll(page, ['u', 's']);
    await expect.poll(() => statuses(site)).toEqual({ spam: 1, hold: 2 });
    expect((await site.client.get<{ status: string }>(`/v1/comments/${one}`)).body.status).toBe('spam');
    await page.context().close();
  });

  test('in a folder, a decision after u is about the version that is back', async () => {
    const site = await siteWith('version', letters(2));
    await site.client.post('/v1/decisions', { decision: 'approve', ids: site.ids });
    const { page } = await openAt(site, 'Approved');
    await pressAll(page, ['s']);
    await expect.poll(() => statuses(site)).toEqual({ spam: 1, approved: 1 });
    await page.keyboard.press('u');
    await page.getByText(/^Undone/).waitFor();
    expect(await statuses(site)).toEqual({ approved: 2 });
    await pressAll(page, ['s']);
    await expect.poll(() => statuses(site)).toEqual({ spam: 1, approved: 1 });
    await page.context().close();
  });

  test('it is told when another decision stands, and that one stays', async () => {
    const site = await siteWith('stands', letters(2));
    const page = await begin(newsroom, site);
    const one = await press(page, 'a');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 1 });
    await site.client.post(`/v1/comments/${one}/decisions`, { decision: 'spam', version: 2 });
    await page.keyboard.press('u');
    await page.getByText('Not undone:').waitFor();
    expect(await statuses(site)).toEqual({ spam: 1, hold: 1 });
    await page.context().close();
  });

  test('after a reload, a press on a selection is taken back whole and comes into focus', async () => {
    const site = await siteWith('whole', letters(4));
    const page = await begin(newsroom, site);
    const first = await focusedId(page);
    await pressAll(page, ['x', 'x', 'x', 'Shift+A']);
    await expect.poll(() => statuses(site)).toEqual({ approved: 3, hold: 1 });
    // The address names the comment in focus once that has rested: a reload before then shows the one of before.
    await expect.poll(async () => page.url().includes(await focusedId(page))).toBe(true);
    await page.reload();
    await focused(page).waitFor();
    await expect.poll(() => listed(page).count()).toBe(1);
    await page.keyboard.press('u');
    await expect.poll(() => statuses(site)).toEqual({ hold: 4 });
    await expect.poll(() => listed(page).count()).toBe(4);
    await expect.poll(() => focusedId(page)).toBe(first);
    await page.context().close();
  });

  test('a text that was replaced while it was looked at is not decided on unseen, alone or in a selection', async () => {
    const site = await siteWith('replaced-text', letters(2));
    const page = await begin(newsroom, site);
    for (const [told, keys] of [
      ['That didn’t work: The comment has changed', ['a']],
      ['1 of 1 not done: The comment has changed', ['x', 'Shift+A']],
    ] as const) {
      const id = await focusedId(page);
      const content = `Another text, which nobody has seen before ${keys.length}`;
      const edit = { body: { content } };
      expect((await site.client.call('PATCH', `/v1/comments/${id}`, edit)).status).toBe(200);
      await pressAll(page, keys);
      await page.getByText(told).waitFor();
      await page
        .getByRole('article')
        .filter({ hasText: content })
        .or(listed(page).filter({ hasText: content }))
        .first()
        .waitFor();
      expect(await statuses(site)).toEqual({ hold: 2 });
    }
    await page.context().close();
  });

  test('the only one that could not be sent: nothing waits for the service then', async () => {
    const site = await siteWith('only', letters(2));
    const page = await begin(newsroom, site);
    await page.route(DECISIONS, (route) => route.abort('connectionrefused'));
    const one = await press(page, 'a');
    await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor();
    await page.keyboard.press('u');
    await expect.poll(() => focusedId(page)).toBe(one);
    await said(page)
      .filter({ hasText: /^\s*Undone/ })
      .waitFor();
    expect(await said(page).innerText()).not.toContain('sent');
    await page.context().close();
  });

  async function press(page: Page, key: string): Promise<string> {
    const id = await focusedId(page);
    await pressAndGoOn(page, key);
    return id;
  }
});

describe('a lost answer', () => {
  test.each([
    ['a single decision', ['a'], { approved: 1, hold: 4 }],
    ['a selection', ['x', 'x', 'Shift+A'], { approved: 2, hold: 3 }],
    ['a campaign', ['c', 'a'], { approved: 5 }],
  ])('%s is sent again, counts as done, and can be taken back', async (name, keys, after) => {
    const site = await siteWith(`lost-${name.slice(-6)}`, campaign(5));
    const page = await begin(newsroom, site);
    const isLost = await loseAnswer(page);
    await pressAll(page, keys);
    await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor();
    expect(isLost()).toBe(true);
    await said(page)
      .filter({ hasText: /^\s*Saved decisions sent: 1\./ })
      .waitFor();
    expect(await statuses(site)).toEqual(after);
    await page.keyboard.press('u');
    await page.getByText(/^Undone/).waitFor();
    expect(await statuses(site)).toEqual({ hold: 5 });
    await page.context().close();
  });
});

describe('what is new', () => {
  test('an emptied list fills by itself, and a short one grows', async () => {
    const site = await siteWith('fills', letters(1));
    const page = await begin(newsroom, site);
    await pressAndGoOn(page, 'a');
    await page.getByText('You’re all caught up.').waitFor();
    const [two] = await hold(site, ['The second one comes']);
    await expect.poll(() => focusedId(page), { timeout: 10_000 }).toBe(two);
    await hold(site, ['And here is the third']);
    await expect.poll(() => listed(page).count(), { timeout: 10_000 }).toBe(2);
    expect(await focusedId(page)).toBe(two);
    await page.context().close();
  });

  test('when more happened than can be told, the list is read anew and the focus stays', async () => {
    const site = await siteWith('reset', letters(4));
    const page = await begin(newsroom, site);
    await page.keyboard.press('j');
    const second = await focusedId(page);
    await expect.poll(() => listed(page).count()).toBe(4);
    const { db } = newsroom.service;
    const gone = site.ids.find((id) => id !== second) ?? '';
    await db.deleteFrom('queue_item').where('comment_id', '=', gone).execute();
    const event = {
      site_id: site.site.id,
      kind: 'comment.noted',
      subject: null,
      data: '{}',
      created_at: new Date(),
    };
    await db
      .insertInto('event')
      .values(Array.from({ length: 2500 }, () => event))
      .execute();
    await expect.poll(() => listed(page).count(), { timeout: 15_000 }).toBe(3);
    expect(await focusedId(page)).toBe(second);
    await page.context().close();
  });

  test('without the stream, news and the doings of others come all the same, and it opens again', async () => {
    const site = await siteWith('no-stream', letters(2));
    const { page } = await joinAs(site, async (fresh) => {
      await fresh.route('**/v1/events*', (route) => route.fulfill({ status: 503, body: '' }));
    });
    await focused(page).waitFor();
    await expect.poll(() => listed(page).count()).toBe(2);
    const first = await focusedId(page);
    const other = site.ids.find((id) => id !== first);
    await site.client.post(`/v1/comments/${other}/decisions`, { decision: 'spam' });
    await expect.poll(() => listed(page).count(), { timeout: 15_000 }).toBe(1);
    await hold(site, ['One more comes', 'And another one']);
    await expect.poll(() => listed(page).count(), { timeout: 15_000 }).toBe(3);
    const opened = page.waitForResponse((answer) => answer.url().includes('/v1/events') && answer.ok());
    await page.unroute('**/v1/events*');
    await opened;
    await hold(site, ['The last one']);
    await expect.poll(() => listed(page).count(), { timeout: 10_000 }).toBe(4);
    await page.context().close();
  });
});

describe('claims', () => {
  test('a tab that is closed frees its comments for another person', async () => {
    const site = await siteWith('closed', letters(3));
    const first = await begin(newsroom, site);
    const held = async () =>
      (await site.client.get<{ items: unknown[] }>('/v1/queue/claims')).body.items.length;
    await expect.poll(held).toBe(3);
    const { page: second } = await joinAs(site);
    await second.getByText('You’re all caught up.').waitFor();
    await first.close({ runBeforeUnload: true });
    await focused(second).waitFor();
    await expect.poll(() => listed(second).count()).toBe(3);
    await first.context().close();
    await second.context().close();
  });

  test('what another took while a computer slept leaves the list with a word', async () => {
    const site = await siteWith('slept', letters(2));
    const { page } = await joinAs(site, async (fresh) => {
      await fresh.route('**/v1/events*', (route) => route.fulfill({ status: 503, body: '' }));
    });
    await focused(page).waitFor();
    const first = await focusedId(page);
    await newsroom.service.db
      .updateTable('queue_item')
      .set({ claimed_by: 'user:another', claimed_until: new Date(Date.now() + 600_000) })
      .where('comment_id', '=', first)
      .execute();
    await page.getByText(/^Another moderator took the comment by/).waitFor({ timeout: 15_000 });
    expect(await focusedId(page)).not.toBe(first);
    await page.context().close();
  });
});

describe('keys', () => {
  test('a key that is held down decides once', async () => {
    const site = await siteWith('repeat', letters(4));
    const page = await begin(newsroom, site);
    for (let times = 0; times < 5; times += 1) await page.keyboard.down('a');
    await page.keyboard.up('a');
    await page.keyboard.press('s');
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, hold: 2 });
    await page.context().close();
  });

  test('with CapsLock a letter is the letter, and with shift it is about the selection', async () => {
    const site = await siteWith('caps', letters(4));
    const page = await begin(newsroom, site);
    const first = await focusedId(page);
    // What the browser tells with CapsLock: capitals without shift, small letters with it.
    const devtools = await page.context().newCDPSession(page);
    const press = async (key: string, modifiers: number) => {
      const event = { key, code: `Key${key.toUpperCase()}`, modifiers };
      await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
      await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    };
    const [without, withShift] = [0, 8];
    await press('B', without);
    await page.getByRole('button', { name: /^Blur/, pressed: true }).waitFor();
    await press('J', without);
    await expect.poll(() => focusedId(page)).not.toBe(first);
    await press('X', without);
    await press('A', without);
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 3 });
    await press('s', withShift);
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, hold: 2 });
    await page.context().close();
  });

  test('the second of two quick keys finds what the first has opened', async () => {
    const site = await siteWith('quick', campaign(4));
    const page = await begin(newsroom, site);
    await Promise.all(['r', '2'].map((key) => page.keyboard.press(key)));
    await expect.poll(() => statuses(site)).toEqual({ trash: 1, hold: 3 });
    await Promise.all(['c', 'r', '1'].map((key) => page.keyboard.press(key)));
    await expect.poll(() => statuses(site)).toEqual({ trash: 4 });
    await page.context().close();
  });

  test('are the page’s again as soon as a dialog is closed, in whatever way', async () => {
    const site = await siteWith('closed-dialog', letters(4));
    const page = await begin(newsroom, site);
    await Promise.all(['?', 'Escape', 'a'].map((key) => page.keyboard.press(key)));
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, hold: 3 });
    await Promise.all(['n', 'x', 'Enter', 's'].map((key) => page.keyboard.press(key)));
    await expect.poll(() => statuses(site)).toEqual({ approved: 1, spam: 1, hold: 2 });
    await page.keyboard.press('?');
    await page.getByRole('button', { name: 'Close', exact: true }).focus();
    await Promise.all(['Enter', 'a'].map((key) => page.keyboard.press(key)));
    await expect.poll(() => statuses(site)).toEqual({ approved: 2, spam: 1, hold: 1 });
    await page.context().close();
  });

  test('work again once another site is chosen, and after Escape', async () => {
    const [here, there] = [
      await siteWith('choose-one', letters(2)),
      await siteWith('choose-two', letters(3)),
    ];
    const { invitation } = await invite(newsroom.admin, here, 'admin', true);
    const page = await (await newsroom.browser.newContext({ locale: 'en-GB' })).newPage();
    await page.goto(`${newsroom.app.url}/invitation#${invitation}`);
    await page.locator('form:not([hidden]) input').fill(PASSWORD);
    await page.keyboard.press('Enter');
    const sites = page.getByLabel('Site');
    await sites.focus();
    await sites.dispatchEvent('pointerdown');
    await sites.selectOption('choose-two');
    await expect.poll(async () => there.ids.includes(await focusedId(page))).toBe(true);
    await page.keyboard.press('a');
    await expect.poll(() => statuses(there)).toEqual({ approved: 1, hold: 2 });
    await sites.focus();
    await sites.selectOption('choose-one');
    await expect.poll(async () => here.ids.includes(await focusedId(page))).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await expect.poll(() => statuses(here)).toEqual({ approved: 1, hold: 1 });
    await page.context().close();
  });
});
