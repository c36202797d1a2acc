/** What the form sends beside what is written: the honeypot, and how long it was open. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoPage, type DemoPage, fillForm, post } from '../../support/demo-page.ts';

/** More than a test takes: what is not moved forward is too quick. */
const MINIMUM_SECONDS = 600;

describe('the traps of the form', () => {
  let demo: DemoPage;
  beforeAll(async () => {
    demo = await createDemoPage({ minimum_seconds: MINIMUM_SECONDS });
  });
  afterAll(() => demo.close());

  let count = 0;
  /** What the form posts, and the rules that fired on what was stored. */
  async function send(page: Page) {
    count += 1;
    await fillForm(page, {
      content: `I have crossed this bridge ${count} times every day and I am glad that it will be repaired.`,
      email: `ada${count}@example.org`,
    });
    const asked = page.waitForRequest((request) => request.method() === 'POST');
    await post(page);
    const body: { honeypot: string; elapsed_ms: number } = (await asked).postDataJSON();
    await page
      .getByRole('status')
      .getByText(/published|awaiting/)
      .waitFor();
    const row = (await demo.stored()).find(({ content }) => content.includes(` ${count} times`));
    return { body, status: row?.status, rules: row?.reasons.map(({ rule }) => rule) };
  }

  test('a reader who takes more than the minimum of seconds is published, with an empty honeypot', async () => {
    const page = await demo.open({ clock: true });
    await page.clock.fastForward(MINIMUM_SECONDS * 1000);
    const { body, status } = await send(page);
    expect(body.honeypot).toBe('');
    expect(body.elapsed_ms).toBeGreaterThanOrEqual(MINIMUM_SECONDS * 1000);
    expect(body.elapsed_ms).toBeLessThan(2 * MINIMUM_SECONDS * 1000);
    expect(status).toBe('approved');
    await page.context().close();
  });

  test('who is quicker than anybody writes waits', async () => {
    const page = await demo.open();
    const { body, status, rules } = await send(page);
    expect(body.elapsed_ms).toBeGreaterThan(0);
    expect(body.elapsed_ms).toBeLessThan(MINIMUM_SECONDS * 1000);
    expect([status, rules]).toEqual(['hold', ['too_fast']]);
    await page.context().close();
  });

  test('who fills the field that nobody sees waits', async () => {
    const page = await demo.open({ clock: true });
    await page.clock.fastForward(MINIMUM_SECONDS * 1000);
    await page.locator('#honeypot').fill('https://pills.example', { force: true });
    const { body, status, rules } = await send(page);
    expect(body.honeypot).toBe('https://pills.example');
    expect([status, rules]).toEqual(['hold', ['honeypot']]);
    const box = await page.locator('#honeypot').boundingBox();
    expect(box?.x ?? 0).toBeLessThan(-1000);
    await page.context().close();
  });
});
