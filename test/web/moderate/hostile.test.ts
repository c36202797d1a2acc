import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedService, startBrowsedService } from '../../support/browsed-service.ts';
import type { ListeningApp } from '../../support/browser.ts';
import type { Client } from '../../support/client.ts';
import type { TestService } from '../../support/databases.ts';
import { expectNoHarm, FOREIGN, listenForHarm } from '../../support/harm.ts';
import { INJECTIONS, NAUGHTY } from '../../support/naughty.ts';
import { join } from '../../support/people.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

/** Most bytes of a content. */
const CONTENT_BYTES = 65_525;
const TAG = '<img src=x onerror=alert(1) title="';

describe('hostile text on the pages for people', () => {
  let service: TestService;
  let admin: Client;
  let app: ListeningApp;
  let browser: Browser;
  let browsed: BrowsedService;
  let plain: TestSite;
  beforeAll(async () => {
    browsed = await startBrowsedService();
    ({ service, admin, app, browser } = browsed);
    plain = await createTestSite(service, 'plain');
  });
  afterAll(() => browsed?.close());

  const elements = (page: Page) => page.locator(`:is(main, aside) :is(form, style, ${FOREIGN})`);

  async function send(
    site: TestSite,
    fields: Record<string, unknown>,
  ): Promise<{ status: number; id: string }> {
    const { status, body } = await site.client.post<{ id: string }>('/v1/comments', submission(fields));
    return { status, id: body.id };
  }

  /** Goes through a list to its end, which more than a page of it reaches at `expected`; how many comments there were. */
  async function walk(page: Page, expected = 0): Promise<number> {
    const seen = new Set<string>();
    const current = async () => (await page.getByRole('article').getAttribute('data-id')) ?? '';
    const stepOn = async () => {
      const before = await current();
      await page.keyboard.press('j');
      // A second press before the first is painted would leave a comment out.
      const moved = page.locator(`article:not([data-id="${before}"])`).waitFor({ timeout: 2000 });
      const hasMoved = await moved.then(
        () => true,
        () => false,
      );
      // At the end; what came meanwhile may stand before it.
      if (!hasMoved && seen.size < expected) await page.keyboard.press('Home');
      return seen.has(await current());
    };
    do {
      seen.add(await current());
      expect(await elements(page).count()).toBe(0);
      await page.keyboard.press('v');
      if (seen.size < expected) await expect.poll(stepOn, { timeout: 60_000, interval: 5 }).toBe(false);
    } while (seen.size < expected || !(await stepOn()));
    return seen.size;
  }

  test(`${NAUGHTY.length} naughty strings as name, text, title, addresses and user agent are shown as text, and none runs`, async () => {
    const site = await createTestSite(service, 'naughty', { premoderate: true });
    const { page } = await join({ admin, app, browser, site });
    const harm = await listenForHarm(page, app.url);
    let stored = 0;
    let raw = 0;
    for (const [at, text] of NAUGHTY.entries()) {
      const fields = { post: `post-${at}`, content: text, author_name: text, post_title: text };
      const all = { ...fields, author_user_agent: text, referrer: text };
      const url = `https://example.org/${text}`;
      const encoded = `https://example.org/${encodeURIComponent(text.toWellFormed())}`.slice(0, 200);
      const first = await send(site, { ...all, author_url: url, post_url: url });
      const { status } =
        first.status === 201 ? first : await send(site, { ...all, author_url: encoded, post_url: encoded });
      if (first.status === 201) raw += 1;
      if (status === 201) stored += 1;
      // What cannot be stored is refused with a reason: NUL, nothing but blanks.
      else expect(status).toBe(422);
    }
    expect(stored).toBeGreaterThan(NAUGHTY.length * 0.9);
    expect(raw).toBeGreaterThan(NAUGHTY.length * 0.3);
    await page.reload();
    await page.getByRole('article').waitFor();
    expect(await walk(page, stored)).toBe(stored);
    await expectNoHarm(page, harm);
    await page.context().close();
  }, 300_000);

  test('nor does any as an address of the author or the article just as it is', async () => {
    for (const [at, text] of NAUGHTY.entries()) {
      const { status } = await send(plain, { author_url: text });
      if (status !== 201) expect(status).toBe(422);
      expect((await send(plain, { post_url: text, post: `as-it-is-${at}` })).status).toBe(201);
    }
    const authors = await service.db
      .selectFrom('comment')
      .select('author_url as url')
      .where('site_id', '=', plain.site.id)
      .execute();
    const articles = await service.db
      .selectFrom('post')
      .select('url')
      .where('site_id', '=', plain.site.id)
      .execute();
    expect(articles.length).toBeGreaterThanOrEqual(NAUGHTY.length);
    for (const { url } of [...authors, ...articles]) {
      if (url !== null) expect(url).toMatch(/^https?:[^\s\\]+$/i);
    }
  });

  test('nor as a parent, a note, a reason, in a folder or a second look', async () => {
    const settings = { premoderate: true, second_look_share: 0.2 };
    const site = await createTestSite(service, 'elsewhere', settings);
    const { page } = await join({ admin, app, browser, site });
    const harm = await listenForHarm(page, app.url);
    const looks = service.db.selectFrom('second_look').selectAll().where('site_id', '=', site.site.id);
    let held = 0;
    for (let at = 0; at < INJECTIONS.length || (await looks.execute()).length === 0; at += 1) {
      const text = INJECTIONS[at % INJECTIONS.length] ?? '';
      const fields = { post: text, author_name: text };
      const { id, status } = await send(site, { ...fields, content: `${text} ${at}` });
      if (status !== 201) continue;
      const path = `/v1/comments/${id}`;
      // Only a published comment can be replied to.
      const published = { decision: 'approve', note: text };
      expect((await site.client.post(`${path}/decisions`, published)).status).toBe(200);
      const answer = await send(site, { ...fields, content: `An answer to ${text} ${at}`, parent: id });
      expect(answer.status).toBe(201);
      held += 1;
      expect((await site.client.post(`${path}/notes`, { text })).status).toBe(201);
      expect((await site.client.post(`/v1/comments/${answer.id}/notes`, { text })).status).toBe(201);
      const decision = ['approve', 'spam', 'reject'][at % 3];
      const standing = await site.client.get<{ version: number }>(path);
      const { version } = standing.body;
      const decided = {
        decision,
        version,
        note: text,
        ...(decision === 'reject' && { reason: text.slice(0, 100) }),
      };
      expect((await site.client.post(`${path}/decisions`, decided)).status).toBe(200);
    }
    await page.reload();
    await page.getByRole('article').waitFor();
    await page.locator('.parent').waitFor();
    expect(await walk(page, held)).toBe(held);
    for (const folder of [/^Approved/, /^Spam/, /^Trash/, /^Second opinions/]) {
      await page.getByRole('navigation', { name: 'Folders' }).getByRole('button', { name: folder }).click();
      await page.getByRole('article').waitFor();
      await walk(page);
    }
    await expectNoHarm(page, harm);
    await page.context().close();
  }, 180_000);

  test('a text that ends inside a tag at the limit is shown whole; one byte beyond 64 KiB it is refused, not cut', async () => {
    const site = await createTestSite(service, 'limit', { premoderate: true });
    const ending = (bytes: number) => `${'a '.repeat(bytes).slice(0, bytes - TAG.length)}${TAG}`;
    expect((await send(site, { content: ending(65_537) })).status).toBe(422);
    expect((await send(site, { content: ending(CONTENT_BYTES + 1) })).status).toBe(422);
    expect((await send(site, { content: ending(CONTENT_BYTES) })).status).toBe(201);
    const { page } = await join({ admin, app, browser, site });
    const harm = await listenForHarm(page, app.url);
    await page.getByRole('article').waitFor();
    await page.keyboard.press('v');
    await expect
      .poll(() => page.evaluate("document.querySelector('.content bdi').textContent.length"))
      .toBe(CONTENT_BYTES);
    expect(await page.evaluate("document.querySelector('.content bdi').textContent")).toMatch(/title="$/);
    expect(await elements(page).count()).toBe(0);
    await expectNoHarm(page, harm);
    await page.context().close();
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'blob:https://example.org/1',
    'https:javascript:alert(1)',
    '//elsewhere.example/x',
    'https://user:word@example.org/',
  ])(
    'an address that is not a plain web address is refused of an author and dropped of an article: %j',
    async (url) => {
      const author = await plain.client.post('/v1/comments', submission({ author_url: url }));
      expect(author.status).toBe(422);
      const post = `refused ${url}`;
      expect((await send(plain, { post_url: url, post })).status).toBe(201);
      const stored = await service.db.selectFrom('post').select('url').where('id', '=', post).execute();
      expect(stored).toEqual([{ url: null }]);
    },
  );

  test.each(['/sign-in', '/invitation', '/moderate', '/admin'])(
    'the page %s may not be framed, kept or indexed, and runs nothing but its own files',
    async (path) => {
      const { headers } = await fetch(`${app.url}${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-robots-tag')).toBe('noindex');
    },
  );
});
