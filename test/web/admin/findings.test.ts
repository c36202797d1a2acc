/** One test for each finding of the review of the administration, in the order of its numbers. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminPages, startAdminPages } from '../../support/admin-pages.ts';
import type { Client } from '../../support/client.ts';
import { invite, PASSWORD } from '../../support/people.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

describe('the administration', () => {
  let pages: AdminPages;
  let service: AdminPages['service'];
  let admin: Client;
  let open: AdminPages['open'];
  beforeAll(async () => {
    pages = await startAdminPages();
    ({ service, admin, open } = pages);
  });
  afterAll(() => pages?.close());

  const show = async (page: Page, part: string): Promise<void> => {
    await page.evaluate(`location.hash = '#${part}'`);
    await page.locator(`nav.parts a[href="#${part.split('/')[0]}"][aria-current=page]`).waitFor();
  };
  const revoke = (page: Page, name: string) =>
    page.getByRole('row', { name }).getByRole('button', { name: /^Revoke/ });

  test('finding 2: stays with the chosen site over a reload, in a link and on the way to moderation', async () => {
    await createTestSite(service, 'daily');
    const weekend = await createTestSite(service, 'weekend');
    const page = await open(weekend, 'rules');
    await expect.poll(() => page.url()).toContain('site=weekend');
    await page.reload();
    await expect.poll(() => page.locator('header select').inputValue()).toBe('weekend');
    expect(await page.getByRole('link', { name: 'Moderation' }).getAttribute('href')).toBe(
      '/moderate?site=weekend',
    );
    await page.goto(`${pages.app.url}/admin#keys`);
    await expect.poll(() => page.locator('header select').inputValue()).toBe('weekend');
    await page.context().close();
  });

  test('finding 3: revoking a key asks first, with who uses it, and Enter by habit does nothing', async () => {
    const site = await createTestSite(service, 'asked');
    const { body } = await admin.post<{ id: string; key: string }>('/v1/keys', {
      ...{ site: 'asked', name: 'The form of the paper', scopes: ['submit'] },
      allowed_origins: ['https://news.example'],
    });
    await fetch(`${pages.app.url}/v1/comments`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${body.key}`, origin: 'https://news.example' },
        'content-type': 'application/json',
      },
      body: JSON.stringify(submission()),
    });
    const isRevoked = async () =>
      (await admin.get<{ revoked_at: string | null }>(`/v1/keys/${body.id}`)).body.revoked_at !== null;
    const page = await open(site, 'keys');
    await revoke(page, 'The form of the paper').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Last used .* by https:\/\/news\.example\./).waitFor();
    await dialog.getByText('This cannot be undone.').waitFor();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await isRevoked()).toBe(false);
    await revoke(page, 'The form of the paper').click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await isRevoked()).toBe(false);
    await revoke(page, 'The form of the paper').click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(isRevoked).toBe(true);
    await page.context().close();
  });

  test('finding 3: a removed rule, a disabled user and a changed setting are back after Undo', async () => {
    const site = await createTestSite(service, 'undone');
    await site.client.post('/v1/rules', { kind: 'words', pattern: 'casino' });
    await invite(admin, site);
    const rules = async () =>
      (await site.client.get<{ items: { pattern: string; enabled: boolean }[] }>('/v1/rules')).body.items;
    const page = await open(site, 'rules');
    await page.getByRole('button', { name: /^Remove: casino/ }).click();
    await page.getByText('The rule “casino” was removed.').waitFor();
    await page.getByText('No rules yet').waitFor();
    // It does nothing any more, and is deleted when the time to undo is over.
    expect(await rules()).toMatchObject([{ pattern: 'casino', enabled: false }]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('cell', { name: 'casino', exact: true }).waitFor();
    await expect.poll(rules).toMatchObject([{ pattern: 'casino', enabled: true }]);
    await page.getByRole('button', { name: /^Remove: casino/ }).click();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(rules).toEqual([]);

    await show(page, 'people');
    const user = page.getByRole('row').filter({ hasText: 'invited' }).first();
    await user.getByRole('button', { name: /^Disable/ }).click();
    await page.getByText('is disabled and signed out.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await user.getByRole('button', { name: /^Disable/ }).waitFor();
    expect(await page.getByText('disabled', { exact: true }).count()).toBe(0);
    await page.context().close();
  });

  test('finding 19: tells a moderator that the administration is not for them', async () => {
    const site = await createTestSite(service, 'moderated');
    const { invitation } = await invite(admin, site);
    const page = await (await pages.browser.newContext({ locale: 'en-GB' })).newPage();
    await page.goto(`${pages.app.url}/invitation?next=/admin#${invitation}`);
    await page.locator('form:not([hidden]) input').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You don’t have access to the administration' }).waitFor();
    await page.context().close();
  });

  test('finding 20: a wrong value is told at its field, a share is a percentage, a default can be put back', async () => {
    const site = await createTestSite(service, 'set', { max_ham_blocked: 0.01 });
    const page = await open(site, 'settings');
    const limit = page.getByLabel('Good comments wrongly blocked, at most');
    await expect.poll(() => limit.inputValue()).toBe('1');
    await limit.fill('90');
    await page.getByText('Enter a number from 0.01% to 20%.').waitFor();
    expect(await limit.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Save' }).click();
    await limit.fill('5');
    await page.getByRole('button', { name: 'Save' }).click();
    const stored = async () =>
      (await admin.get<{ settings: { max_ham_blocked: number } }>(`/v1/sites/${site.site.id}`)).body.settings;
    await expect.poll(async () => (await stored()).max_ham_blocked).toBe(0.05);
    await page.getByRole('button', { name: 'Reset to the default (1%)' }).click();
    await expect.poll(() => limit.inputValue()).toBe('1');
    expect(await page.locator('main').innerText()).not.toMatch(/[a-z]_[a-z]+_|`|null/);
    await page.context().close();
  });

  test('finding 20: shows what a change would have done to the comments of the last week', async () => {
    const site = await createTestSite(service, 'tried');
    for (let at = 0; at < 3; at++) await site.client.post('/v1/comments', submission());
    const page = await open(site, 'settings');
    await page.getByLabel('Hold every comment').check();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('Of the 3 comments of the last 7 days: 3 fewer published, 3 more held.').waitFor();
    await page.context().close();
  });

  test('finding 22: tables are cards on a phone, and no word is broken into letters', async () => {
    const site = await createTestSite(service, 'phoned');
    const page = await open(site, 'keys', { viewport: { width: 390, height: 844 } });
    await page.getByText('Last used', { exact: true }).first().waitFor({ state: 'attached' });
    const labels = await page.evaluate(
      "getComputedStyle(document.querySelector('td'), '::before').content + getComputedStyle(document.querySelector('td')).display",
    );
    expect(labels).toBe('"Name"grid');
    const narrowest = await page.evaluate(
      "Math.min(...[...document.querySelectorAll('td > *, td')].map((one) => one.getBoundingClientRect().width))",
    );
    expect(Number(narrowest)).toBeGreaterThan(40);
    await page.context().close();
  });

  test.each([
    ['en-GB', /^\d{1,2} \p{L}{3,4} \d{4}, \d{2}:\d{2}$/u],
    ['de-DE', /^\d{2}\.\d{2}\.\d{4}, \d{2}:\d{2}$/],
    ['es-ES', /^\d{1,2} \p{L}{3} \d{4}, \d{1,2}:\d{2}$/u],
  ])('findings 23 and 24: dates and texts are those of the reader’s locale: %s', async (locale, format) => {
    const site = await createTestSite(service, `dated-${locale.slice(0, 2)}`);
    const page = await open(site, 'sites', { locale });
    await expect.poll(async () => await page.locator('td time').first().innerText()).toMatch(format);
    const heading = { en: 'Sites', de: 'Websites', es: 'Sitios' }[locale.slice(0, 2)] ?? '';
    await page.getByRole('heading', { name: heading, level: 2 }).waitFor();
    await page.context().close();
  });

  test('finding 24: the language is chosen in the user’s menu and stays', async () => {
    const site = await createTestSite(service, 'switched');
    const page = await open(site, 'overview');
    await page.locator('header .account summary').click();
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Übersicht' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Übersicht' }).waitFor();
    expect(await page.title()).toBe('Übersicht · leave-a-reply');
    await page.context().close();
  });

  test('finding 25: says “not measured yet” where nothing was checked; a new site shows its first steps', async () => {
    const site = await createTestSite(service, 'unmeasured');
    const page = await open(site, 'overview');
    const figure = page.locator('.figures div').filter({ hasText: 'Spam published' });
    await figure.getByText('not measured yet').waitFor();
    await page.getByRole('heading', { name: /^First steps: \d of 5 done$/ }).waitFor();
    await page.getByText('No data yet').first().waitFor();
    await page.context().close();
  });

  test('finding 26: an import recognises the format of its file and shows the first rows', async () => {
    const site = await createTestSite(service, 'sniffed');
    const page = await open(site, 'imports');
    await page.getByLabel('File').setInputFiles({
      name: 'samples.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('content,label\nWhat a fine bridge,ham\nEarn money from home,spam\n'),
    });
    await page.getByText('Recognised from the file.').waitFor();
    expect(await page.getByLabel('Format').inputValue()).toBe('csv');
    await page.getByRole('cell', { name: 'What a fine bridge' }).waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Import: done').waitFor({ timeout: 60_000 });
    await page.getByLabel('Format').selectOption('wxr');
    await page.getByRole('alert').filter({ hasText: 'The file:' }).waitFor();
    await page.context().close();
  });

  test('finding 27: a trial lists the comments that a rule would match; rules are edited and switched off', async () => {
    const site: TestSite = await createTestSite(service, 'listing');
    await site.client.post('/v1/comments', submission({ content: 'The casino by the harbour is closed' }));
    const { body } = await site.client.post<{ id: string }>('/v1/rules', {
      kind: 'words',
      pattern: 'casino',
    });
    const page = await open(site, `rules/${body.id}`);
    await page.getByRole('heading', { name: 'Edit the rule' }).waitFor();
    await page.getByLabel('Pattern', { exact: true }).fill('harbour');
    await page.getByRole('button', { name: /^Try it/ }).click();
    await page.getByRole('cell', { name: 'The casino by the harbour is closed' }).waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('cell', { name: 'harbour', exact: true }).waitFor();
    const held = async (content: string) =>
      (await site.client.post<{ status: string }>('/v1/comments', submission({ content }))).body.status;
    expect(await held('The casino is open')).toBe('approved');
    expect(await held('The harbour is open')).toBe('hold');
    await page.getByRole('button', { name: /^Switch off: harbour/ }).click();
    await page.getByText('The rule is switched off.').waitFor();
    expect(await held('The harbour is closed again')).toBe('approved');
    await page.context().close();
  });

  test('finding 28 and 29: the audit log names people and keys, says acts in words, and is filtered', async () => {
    const site = await createTestSite(service, 'named');
    await admin.post('/v1/keys', { site: 'named', name: 'Read only', scopes: ['read'] });
    const page = await open(site, 'audit');
    const row = page.getByRole('row').filter({ hasText: 'Read only' });
    await row.getByText('created a key').waitFor();
    await page.getByLabel('Filter these entries').fill('Read only');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    expect(await row.innerText()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    await page.context().close();
  });

  test('finding 29: an origin without https:// is completed, a public key comes with the lines for the page', async () => {
    const site = await createTestSite(service, 'completed');
    const page = await open(site, 'keys');
    await page.getByRole('textbox', { name: 'Name' }).fill('Public');
    await page.getByLabel('send comments').check();
    await page.getByLabel(/^Pages that use it/).fill('news.example');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('<leave-a-reply site="').waitFor();
    await page.getByRole('cell', { name: 'https://news.example' }).waitFor();
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(2);
    await page.context().close();
  });

  test('stays readable at 400 % zoom, and every part is reached by keys', async () => {
    const site = await createTestSite(service, 'zoomed');
    const page = await open(site, 'overview', { viewport: { width: 320, height: 256 } });
    for (const part of [
      'overview',
      'models',
      'rules',
      'imports',
      'settings',
      'keys',
      'people',
      'audit',
      'components',
    ]) {
      await page.evaluate(`location.hash = '#${part}'`);
      await expect.poll(() => page.getByText('Loading …').count()).toBe(0);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([part, wide]).toEqual([part, 0]);
    }
    await page.locator('nav.parts a').first().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Filter', level: 2 }).waitFor();
    await page.context().close();
  });
});
