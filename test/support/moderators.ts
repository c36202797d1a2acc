/** Moderators before the queue, and what a test sees of their page. */
import type { Page } from 'playwright-core';
import { type BrowsedService, startBrowsedService } from './browsed-service.ts';
import { drawingAll, type TestService } from './databases.ts';
import { join } from './people.ts';
import { createTestSite, submission, type TestSite } from './site.ts';

/** Where moderators work. */
export type Newsroom = BrowsedService;

export async function openNewsroom(): Promise<Newsroom> {
  return await startBrowsedService('pglite', { random: drawingAll });
}

export interface BusySite extends TestSite {
  /** Of the comments that wait. */
  readonly ids: readonly string[];
}

/** A site that reads every comment, with these. */
export async function createBusySite(
  { service }: Newsroom,
  slug: string,
  contents: readonly string[],
  settings: Record<string, unknown> = {},
): Promise<BusySite> {
  const site = await createTestSite(service, slug, { premoderate: true, second_look_share: 0, ...settings });
  return { ...site, ids: await hold(site, contents) };
}

/** A new moderator, before the first comment. */
export async function begin(newsroom: Newsroom, site: TestSite): Promise<Page> {
  const { page } = await join({ ...newsroom, site });
  await focused(page).waitFor();
  return page;
}

/** Comments that wait; returns their ids. */
export async function hold(site: TestSite, contents: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const content of contents) {
    ids.push((await site.client.post<{ id: string }>('/v1/comments', submission({ content }))).body.id);
  }
  return ids;
}

const TOPICS = [
  'bridge',
  'harbour',
  'mayor',
  'school',
  'tram',
  'market',
  'museum',
  'forest',
  'theatre',
  'river',
];

/** So many texts that are not alike. */
export function letters(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const [one, other] = [TOPICS[n % 10], TOPICS[(n * 7 + Math.floor(n / 10) + 3) % 10]];
    return `Letter ${n}: the ${one} needs ${n + 2} more years than the ${other}, says neighbour ${n * 31}.`;
  });
}

/** So many texts of one campaign. */
export function campaign(count: number): string[] {
  return Array.from(
    { length: count },
    (_, n) =>
      `Dear readers number ${n}, earn money from home with our wonderful system and visit us at http://earn.example today`,
  );
}

/** How many comments of a site stand where. */
export async function statuses(service: TestService, site: TestSite): Promise<Record<string, number>> {
  const rows = await service.db
    .selectFrom('comment')
    .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
    .where('site_id', '=', site.site.id)
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
}

export const focused = (page: Page) => page.getByRole('article');
export const said = (page: Page) => page.getByRole('status');

/** The id of the comment in focus. */
export async function focusedId(page: Page): Promise<string> {
  return (await focused(page).getAttribute('data-id')) ?? '';
}

/** Presses a key and waits for the next comment, or for the end. */
export async function pressAndGoOn(page: Page, key: string): Promise<void> {
  const id = await focusedId(page);
  await page.keyboard.press(key);
  await page.locator(`article[data-id="${id}"]`).waitFor({ state: 'detached' });
}

export async function openFolder(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name: new RegExp(`^${name}( \\d+)?$`) });
  await button.click();
  await page.locator('button[aria-current=page]', { hasText: name }).waitFor();
  await page.getByText('Loading …').waitFor({ state: 'detached' });
}
