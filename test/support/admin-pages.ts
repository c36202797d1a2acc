/** The admins' pages in a browser, for a test file. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type BrowsedService, startBrowsedService } from './browsed-service.ts';
import type { TestServiceOverrides } from './databases.ts';
import { invite, PASSWORD } from './people.ts';
import type { TestSite } from './site.ts';

export interface AdminPages extends BrowsedService {
  /** A page of an admin of every site, opened at a part. */
  readonly open: (site: TestSite, part: string, options?: BrowserContextOptions) => Promise<Page>;
}

export async function startAdminPages(overrides: TestServiceOverrides = {}): Promise<AdminPages> {
  const browsed = await startBrowsedService('pglite', overrides);
  const { admin, app, browser } = browsed;
  return {
    ...browsed,
    open: async (site, part, options = {}) => {
      const { invitation } = await invite(admin, site, 'admin', true);
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      const page = await context.newPage();
      await page.goto(`${app.url}/invitation?next=/admin#${invitation}`);
      await page.locator('form:not([hidden]) input').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/admin');
      await page.getByRole('heading', { level: 1 }).waitFor();
      const select = page.locator('header select');
      if ((await select.count()) > 0) await select.selectOption(site.site.slug);
      await page.evaluate(`location.hash = '#${part}'`);
      return page;
    },
  };
}
