import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  article,
  type DeskService,
  goTo,
  post,
  postPublished,
  startDeskService,
} from '../../support/moderate-page.ts';
import { createTestSite } from '../../support/site.ts';

let desk: DeskService;
beforeAll(async () => {
  desk = await startDeskService();
});
afterAll(() => desk?.close());

describe('long and hostile text', () => {
  test.each([
    ['one word of 65 kB', 'ж'.repeat(32_762)],
    ['hidden characters by turns', 'a\u200b'.repeat(13_000)],
    ['nothing but hidden characters and one letter', `${'\u200b'.repeat(21_000)}a`],
  ])('a key is answered within a second beside %s', async (name, content) => {
    const site = await desk.siteWith(`heavy-${name.length}`, content, 'A short letter');
    await post(site, { content: 'An answer to the long one', author_name: 'ж'.repeat(245) });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await page.locator('.upcoming li').nth(2).waitFor();
    await page.locator('.upcoming li').first().locator('button').click();
    const times: number[] = [];
    for (const key of ['j', 'j', 'k', 'k']) {
      const id = await article(page).getAttribute('data-id');
      const began = performance.now();
      await page.keyboard.press(key);
      const gone = (old: string | null) => `!document.querySelector('article[data-id="${old}"]')`;
      await page.waitForFunction(gone(id), undefined, { polling: 'raf' });
      times.push(performance.now() - began);
    }
    // Whatever else the machine does meanwhile, one of four has it to itself.
    expect(Math.min(...times)).toBeLessThan(1000);
    await page.context().close();
  });

  test('a long text and a long parent are folded, and unfolded by a key or the button', async () => {
    const site = await desk.siteWith('folded', 'A short letter');
    const parent = await postPublished(site, { content: `What is answered. ${'Long it is. '.repeat(200)}` });
    await post(site, { content: `The answer. ${'Longer still. '.repeat(200)}The end`, parent });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'The answer.');
    const whole = async () => {
      const places = ['.content', '.parent-content'].map((place) => page.locator(place).innerText());
      return (await Promise.all(places)).map((text) => (text.endsWith(' …') ? text.length : 'whole'));
    };
    const folded = [1202, 1202];
    const unfolded = ['whole', 'whole'];
    await expect.poll(whole).toEqual(folded);
    await page.keyboard.press('v');
    await expect.poll(whole).toEqual(unfolded);
    await page.locator('.content').getByText('The end').waitFor();
    await page.keyboard.press('v');
    await expect.poll(whole).toEqual(folded);
    const button = page.getByRole('button', { name: /^Show (the whole text|less)/ });
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('false');
    await button.click();
    await expect.poll(whole).toEqual(unfolded);
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('true');
    await goTo(page, 'A short letter');
    await button.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('hidden characters are named wherever text of others stands, and what is beside it stays in its order', async () => {
    const site = await createTestSite(desk.service, 'everywhere', { premoderate: true });
    const hidden = '\u202e\u3164\u034f';
    const parent = await postPublished(site, {
      author_name: `Parent${hidden}x`,
      content: 'What is answered',
      post: 'bidi',
    });
    const id = await post(site, {
      parent,
      author_name: `Author${hidden}x`,
      content: `Windows\r\nlines ${hidden}x http://gift.example/a`,
      post_title: `Title${hidden}x`,
      post: 'bidi',
    });
    await site.client.post(`/v1/comments/${id}/notes`, { text: `Note${hidden}x` });
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'escalate', note: `Why${hidden}x` });
    const { page } = await desk.joinAs(site);
    await page.getByRole('button', { name: /^Escalated/ }).click();
    await article(page).waitFor();
    await goTo(page, 'Windows');
    const named = 'U+202EU+3164U+034Fx';
    for (const place of ['h2', '.place', '.parent b', '.content', '.note', '.standing']) {
      const text = await page.locator(`article ${place}`).first().innerText();
      expect([place, text.replaceAll(/\s/g, '')]).toEqual([place, expect.stringContaining(named)]);
    }
    expect(await page.locator('article').innerText()).not.toMatch(/\u202e|\u3164|\u034f|U\+000D/);
    expect(await page.locator('.upcoming').innerText()).not.toMatch(/\u202e|\u3164|\u034f|U\+000D/);
    await page.context().close();
  });
});

describe('what was decided before', () => {
  test('an escalated comment says who escalated it, when and why', async () => {
    const site = await desk.siteWith('escalated');
    const id = await post(site, { content: 'The mayor takes money' });
    const decision = { decision: 'escalate', note: 'Is this true?' };
    await site.client.post(`/v1/comments/${id}/decisions`, decision);
    const { page } = await desk.joinAs(site);
    await page.getByRole('button', { name: /^Escalated/ }).click();
    await article(page).waitFor();
    const said = await page.locator('.standing').innerText();
    expect(said).toMatch(/^Escalated by desk (this minute|\d+ minutes? ago) · Is this true\?$/);
    await page.context().close();
  });

  test('a folder says who put a comment there and by which rule of the house, or that no human did', async () => {
    const site = await createTestSite(desk.service, 'stood', { banned_words: ['casino'] });
    await post(site, { content: 'Come to the casino' });
    const id = await post(site, { content: 'You are an idiot' });
    await site.client.post(`/v1/comments/${id}/decisions`, {
      decision: 'reject',
      reason: 'insult',
      version: 1,
    });
    const { page } = await desk.joinAs(site);
    await page.getByRole('button', { name: 'Trash', exact: true }).click();
    await article(page).waitFor();
    await goTo(page, 'idiot');
    expect(await page.locator('.standing').innerText()).toMatch(/^Rejected by desk .* · insult$/);
    await goTo(page, 'casino');
    expect(await page.locator('.standing').innerText()).toBe('Rejected automatically');
    await page.context().close();
  });

  test('a random audit says that it is one, and a second look says nothing of the first', async () => {
    const site = await createTestSite(desk.service, 'drawn', { premoderate: true, second_look_share: 0 });
    const id = await post(site, { content: 'A letter that was drawn' });
    await desk.service.db
      .updateTable('queue_item')
      .set({ audit: true })
      .where('comment_id', '=', id)
      .execute();
    const { page } = await desk.joinAs(site);
    await page.getByRole('button', { name: /^Spot checks/ }).click();
    await article(page).waitFor();
    expect(await page.locator('.standing').innerText()).toBe('Spot check: decided automatically');
    const second = await createTestSite(desk.service, 'blind', { premoderate: true, second_look_share: 0.2 });
    const looks = desk.service.db.selectFrom('second_look').selectAll().where('site_id', '=', second.site.id);
    while ((await looks.execute()).length === 0) {
      const decision = { decision: 'reject', reason: 'insult', note: 'This must stay unseen' };
      await second.client.post(`/v1/comments/${await post(second, {})}/decisions`, decision);
    }
    const other = (await desk.joinAs(second)).page;
    await other.getByRole('button', { name: /^Second opinions/ }).click();
    await article(other).waitFor();
    expect(await other.locator('.standing').count()).toBe(0);
    await page.context().close();
    await other.context().close();
  });

  test('of an author without an address nothing is said of earlier comments', async () => {
    const site = await createTestSite(desk.service, 'anonymous', {
      premoderate: true,
      require_email: false,
      require_name: false,
    });
    await post(site, { author_name: '', author_email: '', content: 'A letter without a name' });
    await post(site, { content: 'A letter of somebody new' });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'without a name');
    expect(await page.locator('article h2').innerText()).toBe('Without a name');
    expect(await page.locator('.history').innerText()).toBe('No email, so no history');
    await goTo(page, 'somebody new');
    expect(await page.locator('.history').innerText()).toBe('First-time commenter');
    await page.context().close();
  });
});
