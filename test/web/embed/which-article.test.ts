/** The form follows its attributes and its page: what readers see and where their comments go is one article. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoPage, type DemoPage, fillForm, post } from '../../support/demo-page.ts';
import { submission } from '../../support/site.ts';

interface Move {
  readonly how: string;
  /** The page's path, and what else is on it. */
  readonly from: string;
  readonly attribute?: string;
  readonly canonical?: string;
  /** What happens in the page. */
  readonly script: string;
  readonly before: string;
  readonly after: string;
}

const element = "document.querySelector('leave-a-reply')";
const push = (to: string) => `history.pushState({}, '', '${to}')`;
const canonical = (to: string) => `document.querySelector('link[rel=canonical]').href = '${to}'`;

const MOVES: readonly Move[] = [
  { how: 'nothing', from: '/news/one', script: '', before: '/news/one', after: '/news/one' },
  { how: 'pushState', from: '/news/one', script: push('/news/two'), before: '/news/one', after: '/news/two' },
  {
    how: 'replaceState',
    from: '/news/one',
    script: "history.replaceState({}, '', '/news/two')",
    before: '/news/one',
    after: '/news/two',
  },
  {
    how: 'pushState and back',
    from: '/news/one',
    script: `${push('/news/two')}; history.back()`,
    before: '/news/one',
    after: '/news/one',
  },
  {
    how: 'pushState of a query',
    from: '/news/view?id=1',
    script: push('/news/view?id=2'),
    before: '/news/view?id=1',
    after: '/news/view?id=2',
  },
  {
    how: 'a route in the fragment',
    from: '/news/app#/one',
    script: "location.hash = '#/two'",
    before: '/news/app#/one',
    after: '/news/app#/two',
  },
  {
    how: 'a place in the page',
    from: '/news/one',
    script: "location.hash = '#comments'",
    before: '/news/one',
    after: '/news/one',
  },
  {
    how: 'tracking parameters that go',
    from: '/news/one?utm_source=x',
    script: "history.replaceState({}, '', '/news/one')",
    before: '/news/one',
    after: '/news/one',
  },
  {
    how: 'a slash at the end',
    from: '/news/One/',
    script: push('/news//one'),
    before: '/news/one',
    after: '/news/one',
  },
  {
    how: 'an encoded address',
    from: '/news/%E6%96%B0',
    script: push('/news/%E8%81%9E'),
    before: '/news/新',
    after: '/news/聞',
  },
  {
    how: 'a canonical address',
    from: '/news/one?view=all',
    canonical: '/news/two',
    script: '',
    before: '/news/two',
    after: '/news/two',
  },
  {
    how: 'a canonical address that changes',
    from: '/news/one',
    canonical: '/news/one',
    script: canonical('/news/two'),
    before: '/news/one',
    after: '/news/two',
  },
  {
    how: 'an address, then its canonical one',
    from: '/news/one',
    canonical: '/news/one',
    script: `${push('/news/two?x=1')}; setTimeout(() => { ${canonical('/news/two')} })`,
    before: '/news/one',
    after: '/news/two',
  },
  {
    how: 'a canonical address that is left behind',
    from: '/news/one',
    canonical: '/news/one',
    script: push('/news/two'),
    before: '/news/one',
    after: '/news/two',
  },
  {
    how: 'the attribute',
    from: '/news/one',
    attribute: 'first',
    script: `${element}.setAttribute('post', 'second')`,
    before: 'first',
    after: 'second',
  },
  {
    how: 'the attribute to the same',
    from: '/news/one',
    attribute: 'first',
    script: `${element}.setAttribute('post', 'first')`,
    before: 'first',
    after: 'first',
  },
  {
    how: 'the attribute taken away',
    from: '/news/one',
    attribute: 'first',
    script: `${element}.removeAttribute('post')`,
    before: 'first',
    after: '/news/one',
  },
  {
    how: 'the attribute set later',
    from: '/news/one',
    script: `${element}.setAttribute('post', 'second')`,
    before: '/news/one',
    after: 'second',
  },
  {
    how: 'an address beside the attribute',
    from: '/news/one',
    attribute: 'first',
    script: push('/news/two'),
    before: 'first',
    after: 'first',
  },
  {
    how: 'both at once',
    from: '/news/one',
    attribute: 'first',
    script: `${push('/news/two')}; ${element}.setAttribute('post', 'second')`,
    before: 'first',
    after: 'second',
  },
  {
    how: 'another place in the page',
    from: '/news/one',
    attribute: 'first',
    script: `document.querySelector('main').prepend(${element})`,
    before: 'first',
    after: 'first',
  },
  {
    how: 'the attribute twice at once',
    from: '/news/one',
    attribute: 'first',
    script: `${element}.setAttribute('post', 'third'); ${element}.setAttribute('post', 'second')`,
    before: 'first',
    after: 'second',
  },
  {
    how: 'out of the page, and in for another',
    from: '/news/one',
    attribute: 'first',
    script: `{ const one = ${element}; one.remove(); one.setAttribute('post', 'second'); document.querySelector('main').append(one); }`,
    before: 'first',
    after: 'second',
  },
];
const POSTS = [...new Set(MOVES.flatMap(({ before, after }) => [before, after]))];

describe('which article a form is for', () => {
  let demo: DemoPage;
  let key = '';
  beforeAll(async () => {
    demo = await createDemoPage();
    key = await demo.site.publicKeyFor(demo.app.url);
    for (const name of POSTS) {
      const { body } = await demo.site.client.post<{ id: string }>(
        '/v1/comments',
        submission({ post: name, content: `This is said of ${name}, and of nothing else.` }),
      );
      await demo.site.client.post(`/v1/comments/${body.id}/decisions`, { decision: 'approve' });
    }
  });
  afterAll(() => demo.close());

  async function open({ from, attribute, canonical: link }: Move): Promise<Page> {
    const context = await demo.browser.newContext();
    const page = await context.newPage();
    const html = `<!doctype html><html lang="en"><head><title>News</title>${link ? `<link rel="canonical" href="${link}">` : ''}
<script type="module" src="/embed.js"></script></head>
<body><main></main><leave-a-reply site="${key}"${attribute ? ` post="${attribute}"` : ''}></leave-a-reply></body></html>`;
    await page.route(
      '**/news/**',
      async (route) => await route.fulfill({ contentType: 'text/html', body: html }),
    );
    await page.goto(`${demo.app.url}${from}`);
    return page;
  }

  test.each(MOVES)('$how: $from, then $after', async (move) => {
    const page = await open(move);
    const said = (name: string) =>
      page.getByText(`This is said of ${name}, and of nothing else.`, { exact: true });
    await said(move.before).waitFor();
    await fillForm(page, { content: 'This was meant for the article before.' });
    await page.evaluate(move.script);
    await said(move.after).waitFor();
    expect(await said(move.after).count()).toBe(1);
    if (move.before !== move.after) {
      await expect.poll(() => said(move.before).count()).toBe(0);
      expect(await page.getByLabel('Comment *').inputValue()).toBe('');
    }
    const content = `I say this of ${move.after} (${move.how}), as I have crossed the bridge each morning.`;
    await fillForm(page, { content, email: `${move.how.replaceAll(/\W/g, '')}@example.org` });
    await post(page);
    await expect
      .poll(async () => {
        const rows = await demo.service.db.selectFrom('comment').select(['post_id', 'content']).execute();
        return rows.filter((row) => row.content === content).map((row) => row.post_id);
      })
      .toEqual([move.after]);
    await page.context().close();
  });

  test('an answer that comes late for the article before is not shown', async () => {
    const [move] = MOVES.filter(({ how }) => how === 'the attribute');
    if (!move) throw new Error('there is no such move');
    const context = await demo.browser.newContext();
    const page = await context.newPage();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/v1/comments?post=first*', async (route) => {
      await held;
      await route.continue();
    });
    await page.route('**/news/**', async (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><script type="module" src="/embed.js"></script><leave-a-reply site="${key}" post="first"></leave-a-reply></html>`,
      }),
    );
    await page.goto(`${demo.app.url}/news/one`);
    await page.getByLabel('Comment *').waitFor();
    await page.evaluate(move.script);
    await page.getByText('This is said of second,').waitFor();
    const late = page.waitForResponse('**/v1/comments?post=first*');
    release();
    await (await late).finished();
    await page.evaluate('new Promise((resolve) => setTimeout(resolve))');
    expect(await page.getByText('This is said of first,').count()).toBe(0);
    await page.context().close();
  });
});
