/** `/demo` on a fresh service in a real browser, with and without script. */
import type { Browser, Page } from 'playwright-core';
import { createWebAssets, type ListeningApp, listen, startBrowser } from './browser.ts';
import { createTestService, type TestService } from './databases.ts';
import { createTestSite, type TestSite } from './site.ts';

export const HAM =
  'I have crossed this bridge every morning for twenty years and I am glad that it will be repaired.';
export const SPAM =
  'CHEAP VIAGRA casino pills!!! Visit http://pills.example http://casino.example http://loans.example now and win FREE MONEY';

export interface DemoPage {
  readonly service: TestService;
  readonly site: TestSite;
  readonly app: ListeningApp;
  readonly browser: Browser;
  /** The page in a new context. */
  readonly open: (options?: DemoOptions) => Promise<Page>;
  /** What is stored on the site, oldest first. */
  readonly stored: () => Promise<StoredComment[]>;
  readonly close: () => Promise<void>;
}

export interface DemoOptions {
  readonly javaScriptEnabled?: boolean;
  /** Scripts run, but the form's own does not come: axe needs scripts on the page that a reader without them sees. */
  readonly withoutEmbed?: boolean;
  /** The page's clock is in the test's hand: `page.clock`. */
  readonly clock?: boolean;
}

export interface StoredComment {
  readonly id: string;
  readonly content: string;
  readonly status: string;
  readonly author_ip: string | null;
  readonly parent_id: string | null;
  readonly reasons: readonly { readonly rule: string }[];
}

export async function createDemoPage(settings: Readonly<Record<string, unknown>> = {}): Promise<DemoPage> {
  const service = await createTestService('pglite', { readAsset: createWebAssets() });
  const site = await createTestSite(service, 'demo', { minimum_seconds: 0, ...settings });
  const app = await listen(service);
  const browser = await startBrowser();
  return {
    service,
    site,
    app,
    browser,
    open: async ({ javaScriptEnabled = true, withoutEmbed = false, clock = false } = {}) => {
      const context = await browser.newContext({ javaScriptEnabled });
      const page = await context.newPage();
      if (clock) await page.clock.install();
      if (withoutEmbed) await page.route('**/embed.js', async (route) => await route.abort());
      await page.goto(`${app.url}/demo`);
      return page;
    },
    stored: async () =>
      await service.db
        .selectFrom('comment')
        .select(['id', 'content', 'status', 'author_ip', 'parent_id', 'reasons'])
        .where('site_id', '=', site.site.id)
        .orderBy('id')
        .execute(),
    close: async () => {
      await browser.close();
      await app.close();
      await service.close();
    },
  };
}

export async function fillForm(
  page: Page,
  fields: { readonly content: string; readonly name?: string; readonly email?: string },
): Promise<void> {
  await page.getByLabel('Comment *').fill(fields.content);
  await page.getByLabel('Name *').fill(fields.name ?? 'Ada');
  await page.getByLabel('Email *').fill(fields.email ?? 'ada@example.org');
}

/** Presses the button. */
export async function post(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Post Comment' }).click();
}
