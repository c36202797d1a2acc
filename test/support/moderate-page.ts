/** The moderators' page in a real browser: a service for it, comments on it, and what is done there often. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type BrowsedService, startBrowsedService } from './browsed-service.ts';
import { join } from './people.ts';
import { createTestSite, submission, type TestSite } from './site.ts';

export interface DeskService extends BrowsedService {
  /** Joins as a new moderator, whose page stands before the queue. */
  readonly joinAs: (
    site: TestSite,
    context?: BrowserContextOptions,
    role?: string,
    allSites?: boolean,
  ) => ReturnType<typeof join>;
  /** A site that holds these comments. */
  readonly siteWith: (slug: string, ...contents: string[]) => Promise<TestSite>;
}

export async function startDeskService(): Promise<DeskService> {
  const browsed = await startBrowsedService('postgres');
  return {
    ...browsed,
    joinAs: async (site, context = {}, role = 'moderator', allSites = false) =>
      await join({ ...browsed, site, context, role, allSites }),
    siteWith: async (slug, ...contents) => {
      const site = await createTestSite(browsed.service, slug, { premoderate: true });
      for (const content of contents) await post(site, { content });
      return site;
    },
  };
}

/** Sends a comment; its id. */
export async function post(site: TestSite, fields: Record<string, unknown>): Promise<string> {
  const { status, text, body } = await site.client.post<{ id: string }>('/v1/comments', submission(fields));
  if (status !== 201) throw new Error(text);
  return body.id;
}

/** A published comment, which others can reply to; its id. */
export async function postPublished(site: TestSite, fields: Record<string, unknown>): Promise<string> {
  const id = await post(site, fields);
  const { status, text } = await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
  if (status !== 200) throw new Error(text);
  return id;
}

export const article = (page: Page) => page.getByRole('article');

/** Goes to the comment that has these words, by its line in the list. */
export async function goTo(page: Page, words: string): Promise<void> {
  await page.locator('.upcoming li', { hasText: words }).locator('button').first().click();
  await page.locator('article .content', { hasText: words }).waitFor();
}

/** Whether a key opens a dialog; the page listens to keys again a frame after the last dialog was closed. */
export async function opens(page: Page, key: string): Promise<boolean> {
  await page.keyboard.press(key);
  return (await page.getByRole('dialog').count()) > 0;
}

/** A computed style of the first that matches. */
export async function styleOf(page: Page, selector: string, name: string): Promise<string> {
  return await page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue('${name}')`,
  );
}
