/** The service below a path, behind a proxy that strips the path and one that does not. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowsedService, startBrowsedService } from '../../support/browsed-service.ts';
import { createTestSite } from '../../support/site.ts';

const SUB_PATH = '/feedback/comments';

/** A proxy for one path of another origin. */
async function startProxy(to: () => string, strips: boolean) {
  const server = createServer((asked, answer) => {
    const path = asked.url ?? '/';
    if (!path.startsWith(SUB_PATH)) return void answer.writeHead(418).end('This is not for the service.');
    const target = new URL(to());
    const forwarded = request(
      {
        ...{ host: target.hostname, port: target.port, method: asked.method },
        path: strips ? path.slice(SUB_PATH.length) || '/' : path,
        headers: asked.headers,
      },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(answer);
      },
    );
    asked.pipe(forwarded);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

describe.each([{ strips: true }, { strips: false }])('below a path, stripped: $strips', ({ strips }) => {
  let browsed: BrowsedService;
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let url = '';
  beforeAll(async () => {
    let inner = '';
    proxy = await startProxy(() => inner, strips);
    url = `${proxy.origin}${SUB_PATH}`;
    browsed = await startBrowsedService('pglite', { config: { publicUrl: url } });
    inner = browsed.app.url;
    await createTestSite(browsed.service, 'demo');
  });
  afterAll(async () => {
    await browsed.close();
    proxy.close();
  });

  test.each(['/', '/sign-in', '/moderate', '/admin', '/docs/problems', '/demo', '/nothing'])(
    '%s finds its files, and all that it asks for is below the path',
    async (path) => {
      const page = await browsed.browser.newPage();
      const refused: string[] = [];
      page.on('response', (answer) => {
        if (answer.status() === 418 || (answer.status() === 404 && !answer.url().endsWith('/nothing'))) {
          refused.push(answer.url());
        }
      });
      await page.goto(`${url}${path}`, { waitUntil: 'networkidle' });
      expect(refused).toEqual([]);
      await expect.poll(async () => (await page.locator('body').innerText()).trim()).not.toBe('');
      const links: string[] = await page.evaluate(
        "[...document.querySelectorAll('a[href], link[href], script[src], form[action]')].map((one) => one.href ?? one.src ?? one.action)",
      );
      const own = links.filter((link) => typeof link === 'string' && link.startsWith(proxy.origin));
      expect(own.filter((link) => !link.startsWith(url))).toEqual([]);
      await page.close();
    },
  );

  test('the form of another page loads, sends and shows a comment', async () => {
    const site = await createTestSite(browsed.service, 'below', { minimum_seconds: 0 });
    const key = await site.publicKeyFor(proxy.origin);
    const page = await browsed.browser.newPage();
    await page.route('**/news/**', async (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><script type="module" src="${url}/embed.js"></script><leave-a-reply site="${key}"></leave-a-reply></html>`,
      }),
    );
    await page.goto(`${proxy.origin}/news/one`);
    await page.getByLabel('Comment *').fill('I have crossed this bridge every morning for twenty years.');
    await page.getByLabel('Name *').fill('Ada');
    await page.getByLabel('Email *').fill('müller@example.org');
    await page.getByLabel('Website', { exact: true }).fill('example.org/ada');
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.locator('li').getByText('I have crossed this bridge').waitFor();
    const stored = await browsed.service.db.selectFrom('comment').select(['post_id', 'author_url']).execute();
    expect(stored).toEqual([{ post_id: '/news/one', author_url: 'http://example.org/ada' }]);
    await page.close();
  });

  test('addresses in answers are below the path', async () => {
    const site = await createTestSite(browsed.service, `answers-${strips}`);
    const authorization = `Bearer ${await site.keyFor(['submit', 'read'])}`;
    const sent = await fetch(`${url}/v1/comments`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ post: 'a', author_name: 'Ada', author_email: 'ada@example.org' },
        content: 'The northern road has been empty since the school was moved.',
      }),
    });
    expect(sent.status).toBe(201);
    expect(sent.headers.get('location')).toMatch(new RegExp(`^${SUB_PATH}/v1/comments/`));
    const shown = await fetch(new URL(sent.headers.get('location') ?? '', url), {
      headers: { authorization },
    });
    expect([200, 404]).toContain(shown.status);
    expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({
      servers: [{ url: `${SUB_PATH}/` }],
    });
  });
});
