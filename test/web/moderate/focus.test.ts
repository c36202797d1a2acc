import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { article, type DeskService, goTo, opens, startDeskService } from '../../support/moderate-page.ts';

let desk: DeskService;
beforeAll(async () => {
  desk = await startDeskService();
});
afterAll(() => desk?.close());

describe('focus and announcements', () => {
  /** What has the focus: never the body, which is where it falls when it is lost. */
  const focusedTag = (page: Page) => page.evaluate('document.activeElement?.tagName');
  const expectFocusOn = (page: Page, tag: string) => expect.poll(() => focusedTag(page)).toBe(tag);

  test('the comment has the focus at first, by keys, when a folder is empty, and after a decision', async () => {
    const site = await desk.siteWith(
      'focus-keys',
      'The first letter',
      'The second letter',
      'The third letter',
    );
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await expectFocusOn(page, 'ARTICLE');
    for (const key of ['j', 'k', 'a', 's']) {
      const id = await article(page).getAttribute('data-id');
      await page.keyboard.press(key);
      await page.locator(`article[data-id="${id}"]`).waitFor({ state: 'detached' });
      await expectFocusOn(page, 'ARTICLE');
    }
    await page.keyboard.press('a');
    await page.locator('.empty').waitFor();
    await expectFocusOn(page, 'DIV');
    await page.context().close();
  });

  test('a button that is pressed and vanishes leaves the focus to the comment', async () => {
    const campaign = [1, 2, 3].map(
      (n) => `Dear readers number ${n}, earn money at home with our wonderful system`,
    );
    const site = await desk.siteWith(
      'focus-buttons',
      ...campaign,
      'A letter on the bridge',
      'A letter on the harbour',
    );
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    const press = (name: RegExp) => page.getByRole('main').getByRole('button', { name }).click();
    await goTo(page, 'Dear readers');
    await press(/^Show all/);
    await page.locator('.filter', { hasText: 'near-duplicates' }).waitFor();
    await expect.poll(() => focusedTag(page)).not.toBe('BODY');
    await page.getByRole('button', { name: /^Clear/ }).click();
    await page.locator('.filter').waitFor({ state: 'detached' });
    await article(page).waitFor();
    await expectFocusOn(page, 'ARTICLE');
    await goTo(page, 'Dear readers');
    await press(/^Decide near-duplicates/);
    await page.getByRole('dialog').getByRole('button', { name: /^Spam/ }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.upcoming li').nth(1).waitFor();
    await expect.poll(() => page.locator('.upcoming li').count()).toBe(2);
    await expectFocusOn(page, 'ARTICLE');
    await page.keyboard.press('x');
    await press(/^Approve 1/);
    await page.locator('.several').waitFor({ state: 'detached' });
    await expectFocusOn(page, 'ARTICLE');
    await press(/^Reject/);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /insult/ })
      .click();
    await page.locator('.empty').waitFor();
    await expect.poll(() => focusedTag(page)).not.toBe('BODY');
    await page.context().close();
  });

  test('a dialog gives the focus back to where it was', async () => {
    const site = await desk.siteWith('focus-dialogs', 'A letter', 'Another letter');
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    for (const key of ['r', 'n', 'e', '?']) {
      await expect.poll(() => opens(page, key)).toBe(true);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expectFocusOn(page, 'ARTICLE');
    }
    await page.getByRole('button', { name: /^Shortcuts/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toMatch(/^Shortcuts/);
    await expect.poll(() => opens(page, 'n')).toBe(true);
    await page.getByRole('textbox', { name: 'Note' }).fill('Ask the desk');
    await page.keyboard.press('Enter');
    await page.locator('.note').waitFor();
    await expect.poll(() => focusedTag(page)).not.toBe('BODY');
    await page.context().close();
  });

  test('in a campaign’s dialog `r` asks for the reason, and that dialog stays', async () => {
    const campaign = [1, 2].map(
      (n) => `Dear readers number ${n}, earn money at home with our wonderful system`,
    );
    const site = await desk.siteWith('focus-campaign', ...campaign);
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: /near-duplicates/ }).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: /guideline/ }).waitFor();
    await page.keyboard.press('1');
    await page.locator('.empty').waitFor();
    await expect.poll(() => focusedTag(page)).not.toBe('BODY');
    await page.context().close();
  });

  test('the next comment is announced, with its text when texts are not blurred', async () => {
    const site = await desk.siteWith('announced', 'A letter on the bridge', 'A letter on the harbour');
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'harbour');
    const said = page.locator('[aria-live=polite].unseen');
    await expect.poll(() => said.innerText()).toMatch(/^Reader \d+: A letter on the harbour$/);
    await page.keyboard.press('a');
    await said.filter({ hasText: /: A letter on the bridge$/ }).waitFor();
    await page.keyboard.press('b');
    await said.filter({ hasText: /^Reader \d+$/ }).waitFor();
    await page.context().close();
  });
});
