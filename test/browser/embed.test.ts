import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations } from '../support/axe.ts';
import { createWebAssets, type ListeningApp, listen, startBrowser } from '../support/browser.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { createTestSite, type TestSite } from '../support/site.ts';

const HAM =
  'I have crossed this bridge every morning for twenty years and I am glad that it will be repaired.';
const SPAM =
  'CHEAP VIAGRA casino pills!!! Visit http://pills.example http://casino.example http://loans.example now and win FREE MONEY';

describe('the form on an article', () => {
  let service: TestService;
  let demo: TestSite;
  let app: ListeningApp;
  let browser: Browser;
  beforeAll(async () => {
    service = await createTestService('pglite', { readAsset: createWebAssets() });
    demo = await createTestSite(service, 'demo', { minimum_seconds: 0 });
    app = await listen(service);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await service?.close();
  });

  async function open(options: { javaScriptEnabled?: boolean; locale?: string } = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${app.url}/demo`);
    return page;
  }

  async function fill(page: Page, fields: { content: string; name?: string; email?: string }): Promise<void> {
    await page.getByLabel('Comment *').fill(fields.content);
    await page.getByLabel('Name *').fill(fields.name ?? 'Ada');
    await page.getByLabel('Email *').fill(fields.email ?? 'ada@example.org');
  }

  async function stored(): Promise<{ content: string; status: string; author_ip: string | null }[]> {
    return await service.db
      .selectFrom('comment')
      .select(['content', 'status', 'author_ip', 'parent_id'])
      .where('site_id', '=', demo.site.id)
      .orderBy('id')
      .execute();
  }

  test('the script is one file of at most 12 kB gzipped', async () => {
    const answer = await fetch(`${app.url}/embed.js`);
    const size = gzipSync(new Uint8Array(await answer.arrayBuffer())).length;
    expect(size).toBeLessThanOrEqual(12_000);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('a missing name and an invalid e-mail address are told beside their fields, and nothing is sent', async () => {
    const page = await open();
    await fill(page, { content: HAM, name: '', email: 'ada@' });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    const name = page.getByLabel('Name *');
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate("document.querySelector('leave-a-reply').shadowRoot.activeElement.id")).toBe(
      'author_name',
    );
    await page.getByText('Please fill in this field.').waitFor();
    await page.getByText('Please enter an email address like name@example.org.').waitFor();
    await page.getByRole('status').getByText('please correct the marked fields').waitFor();
    expect(await stored()).toEqual([]);
    await page.context().close();
  });

  test('a good comment is published, a reply to it stands below it, and a reply to the reply below that', async () => {
    const page = await open();
    await fill(page, { content: HAM });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('Your comment is published.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Reply to Ada' }).click();
    await page.getByRole('heading', { name: 'Leave a Reply to Ada' }).waitFor();
    await fill(page, {
      content: 'The buses will take longer, but six weeks are not long for a bridge like this one.',
      name: 'Ben',
      email: 'ben@example.org',
    });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByRole('button', { name: 'Reply to Ben' }).click();
    await fill(page, {
      content: 'That is true, and the northern road has been empty since the school was moved.',
      name: 'Cleo',
      email: 'cleo@example.org',
    });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByRole('button', { name: 'Reply to Cleo' }).waitFor();
    await page.reload();
    await page.locator('li li li').getByText('northern road has been empty').waitFor();
    const rows = await stored();
    expect(rows.map(({ status }) => status)).toEqual(['approved', 'approved', 'approved']);
    expect(rows.every(({ author_ip }) => author_ip?.startsWith('t1:'))).toBe(true);
    await page.context().close();
  });

  test('spam waits: its author sees it after a reload, nobody else does, and no answer says why', async () => {
    const page = await open();
    await fill(page, { content: SPAM, name: 'Pills', email: 'pills@example.org' });
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await page.getByRole('button', { name: 'Post Comment' }).click();
    const answer = await (await answered).json();
    expect(answer).toEqual({ id: answer.id, status: 'hold' });
    await page.getByText('awaiting moderation').first().waitFor();
    await page.reload();
    await page.getByText('CHEAP VIAGRA').waitFor();
    const other = await open();
    await other.getByText('I have crossed this bridge').waitFor();
    expect(await other.getByText('CHEAP VIAGRA').count()).toBe(0);
    await page.context().close();
    await other.context().close();
  });

  test('what is written is shown as text: no markup of a reader runs', async () => {
    const page = await open();
    const attack =
      '<img src=x onerror="document.title=1"> is how pictures were once written in comments here.';
    await fill(page, { content: attack, name: '"><svg onload=alert(1)>', email: 'eve@example.org' });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('<img src=x').waitFor();
    expect(await page.locator('leave-a-reply img, leave-a-reply svg').count()).toBe(0);
    await page.context().close();
  });

  test('name and address come back next time when asked to be remembered, and only then', async () => {
    const page = await open();
    await fill(page, {
      content: 'Thank you for writing about this, the bridge matters to all of us on the east side.',
      name: 'Dora',
      email: 'dora@example.org',
    });
    await page.getByLabel('Save my name').check();
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page
      .getByRole('status')
      .getByText(/published|awaiting/)
      .waitFor();
    await page.reload();
    expect(await page.getByLabel('Email *').inputValue()).toBe('dora@example.org');
    await page.context().close();
    const other = await open();
    expect(await other.getByLabel('Email *').inputValue()).toBe('');
    await other.context().close();
  });

  test('without script it is a plain form, and the answer a page that leads back', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByText('I have crossed this bridge').first().waitFor();
    const content = 'Without any script I can still say that the repair is a good decision of the council.';
    await fill(page, { content, name: 'Emil', email: 'emil@example.org' });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('Your comment is published.').waitFor();
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.getByText('Without any script').waitFor();
    await page.context().close();
  });

  test('axe finds nothing wrong with the thread, the form and its errors', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('please correct the marked fields').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });

  test('a page in German or Spanish gets its language, and may replace any string', async () => {
    const page = await open();
    const titles = await page.evaluate(`[
      { lang: 'de-AT' },
      { lang: 'es' },
      { lang: 'en', strings: '{"title": "Say something kind"}' },
    ].map((attributes) => {
      const element = document.createElement('leave-a-reply');
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      document.body.append(element);
      return element.shadowRoot.querySelector('[part=title]').textContent;
    })`);
    expect(titles).toEqual(['Schreiben Sie einen Kommentar', 'Deja una respuesta', 'Say something kind']);
    await page.context().close();
  });
});
