/** A campaign of more comments than the service decides on at once. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  begin,
  campaign,
  createBusySite,
  focused,
  focusedId,
  hold,
  letters,
  type Newsroom,
  openNewsroom,
  said,
  statuses as statusesOf,
} from '../../support/moderators.ts';
import { submission, type TestSite } from '../../support/site.ts';

const MANY = 1100;

let newsroom: Newsroom;
beforeAll(async () => {
  newsroom = await openNewsroom();
});
afterAll(() => newsroom?.close());

const statuses = async (site: TestSite) => await statusesOf(newsroom.service, site);

/** Three letters, and after them so many comments that are alike. */
async function floodedSite(slug: string): Promise<TestSite> {
  const site = await createBusySite(newsroom, slug, []);
  const alike = campaign(MANY).map((content, n) =>
    submission({ content, author_email: `a${n}@flood.example` }),
  );
  for (const comments of [alike.slice(0, 1000), alike.slice(1000)]) {
    const { status, text } = await site.client.post('/v1/comments/batch', { comments });
    expect(status, text).toBe(200);
  }
  await hold(site, letters(3));
  expect(await statuses(site)).toEqual({ hold: MANY + 3 });
  return site;
}

async function beginWithCampaign(site: TestSite): Promise<Page> {
  const page = await begin(newsroom, site);
  await page.getByRole('button', { name: /^Oldest/ }).click();
  await focused(page).filter({ hasText: 'wonderful system' }).waitFor();
  return page;
}

test('a campaign of any size is decided on whole, with a word on how far, and u takes all of it back', async () => {
  const site = await floodedSite('flooded');
  const page = await beginWithCampaign(site);
  const first = await focusedId(page);
  await page.keyboard.press('c');
  await page.getByRole('dialog', { name: 'Apply to all 1,000+ near-duplicates' }).waitFor();
  await page.keyboard.press('s');
  await said(page)
    .filter({ hasText: `Marked as spam: ${MANY} comments` })
    .waitFor({ timeout: 20_000 });
  expect(await statuses(site)).toEqual({ spam: MANY, hold: 3 });
  // Nothing of the campaign came to the list while it was decided on.
  await expect.poll(() => page.locator('.upcoming li').count()).toBe(3);
  await focused(page).filter({ hasText: 'Letter' }).waitFor();
  await page.keyboard.press('u');
  await said(page)
    .filter({ hasText: `Undone: ${MANY}` })
    .waitFor({ timeout: 60_000 });
  expect(await statuses(site)).toEqual({ hold: MANY + 3 });
  expect(await focusedId(page)).toBe(first);
  await page.context().close();
}, 120_000);

test('when the service goes away on the way, u takes back what was done; otherwise the rest follows, also after a reload', async () => {
  const site = await floodedSite('flooded-away');
  const page = await beginWithCampaign(site);
  const stopAfterFirst = async () => {
    let steps = 0;
    await page.route('**/v1/decisions?*', async (route) => {
      if (route.request().method() === 'POST') steps += 1;
      if (steps > 1) await route.abort('connectionrefused');
      else await route.continue();
    });
  };
  const decideInPart = async () => {
    await page.keyboard.press('c');
    await page.keyboard.press('s');
    await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor({ timeout: 20_000 });
    expect(await statuses(site)).toEqual({ spam: 1000, hold: MANY - 1000 + 3 });
  };
  await stopAfterFirst();
  await decideInPart();
  await page.keyboard.press('u');
  await said(page).filter({ hasText: 'Undone: 1000' }).waitFor({ timeout: 60_000 });
  expect(await statuses(site)).toEqual({ hold: MANY + 3 });
  await page.unroute('**/v1/decisions?*');
  await stopAfterFirst();
  await decideInPart();
  await page.reload();
  await said(page).filter({ hasText: 'when you’re back: 1.' }).waitFor({ timeout: 20_000 });
  await page.unroute('**/v1/decisions?*');
  await said(page)
    .filter({ hasText: `Marked as spam: ${MANY} comments` })
    .waitFor({ timeout: 20_000 });
  expect(await statuses(site)).toEqual({ spam: MANY, hold: 3 });
  await page.context().close();
}, 180_000);
