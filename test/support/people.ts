/** People at the pages: invited by an admin, joined in a browser. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { ListeningApp } from './browser.ts';
import type { Client } from './client.ts';
import type { TestSite } from './site.ts';

export const PASSWORD = 'correct horse battery staple';

let people = 0;

interface Invited {
  readonly email: string;
  /** The token of the link. */
  readonly invitation: string;
}

export async function invite(
  admin: Client,
  site: TestSite,
  role = 'moderator',
  allSites = false,
): Promise<Invited> {
  people += 1;
  const email = `moderator${people}@news.example`;
  const { body } = await admin.post<{ invitation: { url: string } }>(`/v1/users?site=${site.site.slug}`, {
    name: `Moderator ${people}`,
    email,
    role,
    all_sites: allSites,
  });
  return { email, invitation: new URL(body.invitation.url).hash.slice(1) };
}

/** A person in a browser context of their own, who has joined by the link and stands before the queue. */
export async function join(wanted: {
  readonly admin: Client;
  readonly app: ListeningApp;
  readonly browser: Browser;
  readonly site: TestSite;
  readonly role?: string;
  readonly allSites?: boolean;
  readonly context?: BrowserContextOptions;
}): Promise<{ page: Page; email: string }> {
  const { email, invitation } = await invite(wanted.admin, wanted.site, wanted.role, wanted.allSites);
  const context = await wanted.browser.newContext({ locale: 'en-GB', ...wanted.context });
  const page = await context.newPage();
  await page.goto(`${wanted.app.url}/invitation#${invitation}`);
  await page.locator('form:not([hidden]) input').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/moderate');
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { page, email };
}
