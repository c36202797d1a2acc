/** From the press of a key to the next comment on the screen, in Chromium, on the queue of the benchmark. */
import type { Page } from 'playwright-core';
import { invitePerson } from '../../src/moderation/access/users.ts';
import type { Actor } from '../../src/moderation/actor.ts';
import type { Service } from '../../src/service.ts';
import { listen, startBrowser } from '../../test/support/browser.ts';

const PRESSES = 200;
const PASSWORD = 'a password for the benchmark';

/** Milliseconds of each press, sorted. */
export async function measureKeys(service: Service, actor: Actor, siteId: string): Promise<number[]> {
  const app = await listen(service);
  const browser = await startBrowser();
  try {
    const person = { siteId, name: 'Bench', email: 'bench@news.example', role: 'moderator' } as const;
    const { invitation } = await invitePerson(service, actor, person);
    const page = await browser.newPage();
    await page.goto(`${app.url}/invitation#${invitation}`);
    await page.locator('form:not([hidden]) input').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('article').waitFor();
    const times: number[] = [];
    for (let press = 0; press < PRESSES; press += 1)
      times.push(await timePress(page, press % 3 === 0 ? 's' : 'a'));
    return times.sort((a, b) => a - b);
  } finally {
    await browser.close();
    await app.close();
  }
}

/** The page's own clock: from the event to the second frame after the article has changed, which is painted then. */
const LISTEN = `
  globalThis.painted = new Promise((resolve) => {
    let began = 0;
    document.addEventListener('keydown', () => { began = performance.now(); }, { capture: true, once: true });
    const shown = () => document.querySelector('article')?.getAttribute('data-id');
    const before = shown();
    const observer = new MutationObserver(() => {
      if (!shown() || shown() === before) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
    });
    observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  undefined`;

async function timePress(page: Page, key: string): Promise<number> {
  await page.evaluate(LISTEN);
  await page.keyboard.press(key);
  return await page.evaluate<number>('globalThis.painted');
}
