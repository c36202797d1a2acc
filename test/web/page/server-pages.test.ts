import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemCatalogue } from '../../../src/http/routing/problem.ts';
import { findViolations } from '../../support/axe.ts';
import { type BrowsedService, startBrowsedService } from '../../support/browsed-service.ts';

const PAGES = ['/', '/docs/problems', '/nothing-here', '/sign-in', '/invitation'];

describe('the pages that the server renders', () => {
  let browsed: BrowsedService;
  beforeAll(async () => {
    browsed = await startBrowsedService('pglite');
  });
  afterAll(() => browsed?.close());

  test.each([
    ['light', 1280],
    ['dark', 390],
    ['light', 320],
  ] as const)('have no axe violations and do not scroll sideways: %s, %i px', async (colorScheme, width) => {
    const context = await browsed.browser.newContext({ colorScheme, viewport: { width, height: 844 } });
    const page = await context.newPage();
    for (const path of PAGES) {
      await page.goto(browsed.app.url + path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      expect([path, await findViolations(page)]).toEqual([path, []]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([path, overflow]).toEqual([path, 0]);
    }
    await context.close();
  });

  test.each([
    ['de-DE', 'Seite nicht gefunden', 'Fehlerverzeichnis'],
    ['es-ES', 'Página no encontrada', 'Referencia de errores'],
    ['en-GB', 'Page not found', 'Error reference'],
  ])('answer an unknown address with a page in the reader’s language: %s', async (locale, title, link) => {
    const context = await browsed.browser.newContext({ locale });
    const page = await context.newPage();
    const answer = await page.goto(`${browsed.app.url}/nothing-here`);
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('heading', { name: link }).waitFor();
    await page.getByRole('link', { name: 'leave-a-reply' }).click();
    for (const address of ['/moderate', '/admin', '/demo', '/docs']) {
      expect(await page.locator(`a[href="${address}"]`).count()).toBe(1);
    }
    await context.close();
  });

  test('answer a program at an unknown address with a problem document', async () => {
    const answer = await fetch(`${browsed.app.url}/nothing-here`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('list every problem code with its status under its own anchor', async () => {
    const text = await (await fetch(`${browsed.app.url}/docs/problems`)).text();
    for (const [code, { status }] of Object.entries(problemCatalogue)) {
      expect(text).toContain(`<tr id="${code}">`);
      expect(text).toMatch(new RegExp(`<code>${code}</code></a></td><td>${status}</td>`));
    }
  });

  test('sign in in the language that was chosen before, whatever the browser prefers', async () => {
    const context = await browsed.browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${browsed.app.url}/sign-in`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.evaluate("localStorage.setItem('leave-a-reply:language', 'de')");
    await page.reload();
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    await context.close();
  });
});
