import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations } from '../support/axe.ts';
import { createWebAssets, type ListeningApp, listen, startBrowser } from '../support/browser.ts';
import type { Client } from '../support/client.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { invite, PASSWORD } from '../support/people.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../support/site.ts';
import { plainSamples, uploadSamples } from '../support/trained-site.ts';
import { writeWxr } from '../support/wxr.ts';

describe('the admins’ pages', () => {
  let service: TestService;
  let admin: Client;
  let app: ListeningApp;
  let browser: Browser;
  beforeAll(async () => {
    service = await createTestService('pglite', { readAsset: createWebAssets(), now: () => new Date() });
    admin = await createAdminClient(service);
    app = await listen(service);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await service?.close();
  });

  /** A page of an admin of every site, opened at a part. */
  async function open(site: TestSite, part: string, options = {}): Promise<Page> {
    const { invitation } = await invite(admin, site, 'admin', true);
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    await page.goto(`${app.url}/invitation?next=/admin#${invitation}`);
    await page.locator('form:not([hidden]) input').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/admin');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const select = page.getByLabel('Site');
    if ((await select.count()) > 0) await select.selectOption(site.site.slug);
    await page.evaluate(`location.hash = '#${part}'`);
    return page;
  }

  test('a new admin imports, watches, reads the report, moves a threshold, uses the shadow, activates and rolls back', async () => {
    const site = await createTestSite(service, 'journey', { max_ham_blocked: 0.05 });
    const held = 'earn money from home click here, alpha bravo';
    await site.client.post('/v1/comments', submission({ content: held }));
    const page = await open(site, 'imports');
    await page.getByLabel('File').setInputFiles({
      name: 'export.xml',
      mimeType: 'text/xml',
      buffer: Buffer.from(writeWxr(plainSamples(900))),
    });
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByText(/import succeeded/).waitFor();
    await page.getByRole('cell', { name: '900' }).first().waitFor();
    await page.getByRole('link', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Train a candidate' }).click();
    await page.getByText(/train succeeded/).waitFor();
    await page.getByRole('link', { name: /^journey-/ }).click();
    await page.getByText('Nothing speaks against it').waitFor();
    await page.getByText(/held-back groups of near-copies/).waitFor();
    expect(await page.locator('canvas').count()).toBe(4);
    const slider = page.getByLabel(/spam from/);
    await slider.focus();
    await slider.fill('0.95');
    await page.getByText(/Marked spam without a human: 100.0 % of the spam/).waitFor();
    await page.getByRole('button', { name: 'Make a version with these thresholds' }).click();
    await page.getByRole('heading', { name: /^journey-.*-9500$/ }).waitFor();
    await page.getByRole('button', { name: 'Put it into the shadow' }).click();
    await page.getByText(/^In the shadow: 0 comments compared/).waitFor();
    await site.client.post(
      '/v1/comments',
      submission({ content: 'earn money from home click here, echo kilo' }),
    );
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText(/^In the shadow: 1 comments compared/).waitFor();
    await page.getByRole('button', { name: /^Activate/ }).click();
    await page.getByText(/^active · Kept/).waitFor();
    await page.getByRole('link', { name: 'Filter' }).click();
    await page.getByRole('button', { name: /^(Roll back|Activate).*starter/ }).click();
    await page.getByText('Nothing is marked spam without a human').waitFor();
    const models = (await site.client.get<{ items: { state: string }[] }>('/v1/models')).body.items;
    expect(models.map(({ state }) => state)).toEqual(['retired', 'candidate', 'active']);
    await page.context().close();
  }, 120_000);

  test('shows the comments that would flip, and why', async () => {
    const site = await createTestSite(service, 'flipping', { premoderate: true });
    const content = 'subscribe to my channel please, alpha hotel';
    await site.client.post('/v1/comments', submission({ content }));
    const ham = plainSamples(300).map((sample) =>
      sample.content.startsWith('subscribe') ? { ...sample, label: 'ham' } : sample,
    );
    await uploadSamples(site.client, ham);
    const page = await open(site, 'models');
    await page.getByRole('button', { name: 'Train a candidate' }).click();
    await page.getByRole('link', { name: /^flipping-/ }).click();
    await page.getByText('Waiting comments that would flip: 1').waitFor();
    await page.getByText(content).waitFor();
    await page.getByText('Why', { exact: true }).click();
    await page.getByText(/The candidate: .+/).waitFor();
    await page.context().close();
  });

  test('a rule is tried before it can be saved, and is then there', async () => {
    const site = await createTestSite(service, 'ruled');
    await site.client.post('/v1/comments', submission({ content: 'The casino by the harbour is closed' }));
    const page = await open(site, 'rules');
    await page.getByLabel(/Pattern/).fill('casino');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByText(/It would hit 1 of 1 good comments|1 of 1 undecided/).waitFor();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'casino' }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nothing yet.').waitFor();
    await page.context().close();
  });

  test('settings are changed with their meaning beside them; keys and people are made and ended', async () => {
    const site = await createTestSite(service, 'governed');
    const page = await open(site, 'settings');
    await page.getByText('A comment with more links is held.').waitFor();
    await page.getByLabel('max_links').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(
        async () =>
          (await admin.get<{ settings: { max_links: number } }>(`/v1/sites/${site.site.id}`)).body.settings,
      )
      .toMatchObject({ max_links: 7, audit_share: 0 });
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.getByLabel('Name').fill('The form');
    await page.getByLabel('submit').check();
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('shown this once').waitFor();
    const row = page.getByRole('row', { name: /The form/ });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await page.getByLabel('Name').fill('A moderator');
    await page.getByLabel('E-mail').fill('new@news.example');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('/invitation#').waitFor();
    const person = page.getByRole('row', { name: /A moderator/ });
    await person.getByRole('button', { name: 'Disable' }).click();
    await person.getByRole('button', { name: 'Enable' }).waitFor();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/entries, all as they were written/).waitFor();
    await page.context().close();
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'axe finds nothing on any part: %s, %i px wide',
    async (colorScheme, width) => {
      const site = await createTestSite(service, `axe-${colorScheme}`, { max_ham_blocked: 0.2 });
      await site.client.post('/v1/comments', submission());
      await uploadSamples(site.client, plainSamples(300));
      const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
      await service.settled();
      const { result } = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`))
        .body;
      const page = await open(site, 'overview', { colorScheme, viewport: { width, height: 900 } });
      const parts = ['overview', 'models', `models/${result.model_version}`, 'labels', 'rules', 'imports'];
      for (const part of [...parts, 'settings', 'keys', 'people', 'webhooks', 'jobs', 'audit']) {
        await page.evaluate(`location.hash = '#${part}'`);
        await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
        await page.waitForFunction('!document.body.textContent.includes("Loading …")');
        expect([part, await findViolations(page)]).toEqual([part, []]);
        expect([part, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([
          part,
          0,
        ]);
      }
      await page.context().close();
    },
    60_000,
  );
});
