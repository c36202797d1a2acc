/** The form where no script runs: a reader is told, answered and published all the same. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKey } from '../../../src/moderation/access/keys.ts';
import { findViolations } from '../../support/axe.ts';
import { createDemoPage, type DemoPage, fillForm, HAM, post, SPAM } from '../../support/demo-page.ts';
import { createAdminClient } from '../../support/site.ts';

const system = { kind: 'system', id: 'test', name: 'test', siteId: null, scopes: ['admin'] } as const;

describe('the form without script', () => {
  let demo: DemoPage;
  let page: Page;
  beforeAll(async () => {
    demo = await createDemoPage();
  });
  beforeEach(async () => {
    await demo.service.db.deleteFrom('comment').execute();
    page = await demo.open({ javaScriptEnabled: false });
    return () => page.context().close();
  });
  afterAll(() => demo.close());

  const errorOf = async (label: string) => {
    const input = page.getByLabel(label);
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    const id = await input.getAttribute('aria-describedby');
    return await page.locator(`[id="${id}"]`).textContent();
  };
  const change = async (settings: Readonly<Record<string, unknown>>) => {
    const client = await createAdminClient(demo.service);
    await client.call('PATCH', `/v1/sites/${demo.site.site.id}`, { body: { settings } });
    // The service may know the settings of a second ago.
    demo.service.clock.advance(2);
  };

  test('an invalid e-mail address is told beside its field, and once corrected the same text is published', async () => {
    await fillForm(page, { content: HAM, name: 'Emil <b>', email: 'emil@' });
    await post(page);
    await page.getByRole('heading', { name: 'Your comment was not sent' }).waitFor();
    expect(await errorOf('Email *')).toBe('Please enter an email address like name@example.org.');
    expect(await page.getByLabel('Name *').getAttribute('aria-invalid')).toBeNull();
    expect(await page.getByLabel('Comment *').inputValue()).toBe(HAM);
    expect(await page.getByLabel('Name *').inputValue()).toBe('Emil <b>');
    expect(await page.getByLabel('Email *').inputValue()).toBe('emil@');
    expect(await demo.stored()).toEqual([]);
    await page.getByLabel('Email *').fill('emil@example.org');
    await post(page);
    await page.getByText('Your comment is published.').waitFor();
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.locator('li').getByText(HAM).waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#comment-/);
  });

  test('a missing name and a missing text are told beside their fields, and linked from the top', async () => {
    await fillForm(page, { content: '', name: ' ', email: 'emil@example.org' });
    await post(page);
    expect(await errorOf('Name *')).toBe('Please fill in this field.');
    expect(await errorOf('Comment *')).toBe('Please fill in this field.');
    const links = await page.getByRole('alert').getByRole('link').allTextContents();
    expect(links).toEqual(['Comment', 'Name']);
    expect(await page.getByLabel('Comment *').getAttribute('autofocus')).not.toBeNull();
    expect(await demo.stored()).toEqual([]);
  });

  test('markup in any field stands in the form again as text', async () => {
    const attack = '</textarea><img src=x onerror=alert(1)>\nand a second line';
    await fillForm(page, { content: attack, name: '"><svg>', email: '"><img>' });
    await page.getByLabel('Website').fill('javascript:"><img>');
    await post(page);
    expect(await page.getByLabel('Comment *').inputValue()).toBe(attack);
    expect(await page.getByLabel('Name *').inputValue()).toBe('"><svg>');
    expect(await page.getByLabel('Website').inputValue()).toBe('javascript:"><img>');
    expect(await page.locator('img, svg').count()).toBe(0);
  });

  test('spam waits: its author sees the text once more, and the article does not show it', async () => {
    await fillForm(page, { content: SPAM, name: 'Pills', email: 'pills@example.org' });
    await post(page);
    await page.getByText('Your comment is awaiting moderation').waitFor();
    await page.locator('blockquote').getByText('CHEAP VIAGRA').waitFor();
    expect((await demo.stored()).map(({ status }) => status)).toEqual(['hold']);
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.getByText('No comments yet.').waitFor();
  });

  test('a reply is answered by a reply, each below the one it answers', async () => {
    const said = [
      { name: 'Ada', content: HAM },
      { name: 'Ben', content: 'The buses will take longer, but six weeks are not long for such a bridge.' },
      { name: 'Cleo', content: 'That is true, and the northern road is empty since the school was moved.' },
    ];
    for (const [at, { name, content }] of said.entries()) {
      const before = said[at - 1]?.name;
      if (before !== undefined) {
        await page.getByRole('link', { name: `Reply to ${before}` }).click();
        await page.getByRole('heading', { name: `Leave a Reply to ${before}` }).waitFor();
      }
      await fillForm(page, { content, name, email: `${name}@example.org` });
      await post(page);
      await page.getByText('Your comment is published.').waitFor();
      await page.getByRole('link', { name: 'Back to the article' }).click();
    }
    await page.locator('li li li').getByText('northern road is empty').waitFor();
    const byContent = new Map((await demo.stored()).map((row) => [row.content, row]));
    const rows = said.map(({ content }) => byContent.get(content));
    expect(rows.map((row) => row?.parent_id)).toEqual([null, rows[0]?.id, rows[1]?.id]);
  });

  test('a comment that was removed or is held leaves a line in the thread, above what answers it', async () => {
    const ids: string[] = [];
    for (const name of ['Ada', 'Ben', 'Cleo']) {
      const sent = await demo.site.client.post<{ id: string }>('/v1/comments', {
        ...{
          post: 'demo',
          author_name: name,
          author_email: `${name}@example.org`,
          content: `${HAM} (${name})`,
        },
        ...(ids.length > 0 && { parent: ids.at(-1) }),
      });
      expect(sent.status, sent.text).toBe(201);
      ids.push(sent.body.id);
      demo.service.clock.advance(1);
    }
    await demo.site.client.call('DELETE', `/v1/comments/${ids[0]}`);
    await page.reload();
    await page.locator('li', { hasText: 'This comment was removed by a moderator.' }).first().waitFor();
    await page.locator('li li').getByText('(Ben)').waitFor();
    await page.locator('li li li').getByText('(Cleo)').waitFor();
    await demo.service.db
      .updateTable('comment')
      .set({ status: 'hold' })
      .where('id', '=', ids[1] ?? '')
      .execute();
    await page.reload();
    await page.locator('li li').getByText('This comment is with a moderator.').waitFor();
    expect(await page.getByText('(Ben)').count()).toBe(0);
    expect(await page.getByRole('link', { name: /^Reply to/ }).count()).toBe(1);
  });

  test('an error in a reply keeps what it answers, and a reply may be given up', async () => {
    await fillForm(page, { content: HAM });
    await post(page);
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.getByRole('link', { name: 'Reply to Ada' }).click();
    await fillForm(page, {
      content: 'I have seen that, too, on my way to work.',
      name: 'Ben',
      email: 'ben@',
    });
    await post(page);
    await page.getByRole('heading', { name: 'Your reply' }).waitFor();
    await page.getByLabel('Email *').fill('ben@example.org');
    await post(page);
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.locator('li li').getByText('on my way to work').waitFor();
    await page.getByRole('link', { name: 'Reply to Ben' }).click();
    await page.getByRole('link', { name: 'Cancel reply' }).click();
    await page.getByRole('heading', { name: 'Leave a Reply', exact: true }).waitFor();
    expect(await page.locator('input[name=parent]').count()).toBe(0);
  });

  test('what is refused as a whole comes back with its text: said twice, too quick, closed, under attack', async () => {
    await fillForm(page, { content: HAM });
    await post(page);
    await page.getByText('Your comment is published.').waitFor();
    const refused = async (content: string, told: string) => {
      await page.goto(`${demo.app.url}/demo`);
      await fillForm(page, { content });
      await post(page);
      await page.getByRole('alert').getByText(told).waitFor();
      expect(await page.getByLabel('Comment *').inputValue()).toBe(content);
    };
    await refused(HAM, 'You have said this already.');
    await change({ flood_seconds: 600 });
    const other = 'The council meets on Tuesday, and everybody who walks here should be there.';
    await refused(other, 'Please wait 598 seconds.');
    await change({ flood_seconds: 0, proof_of_work: 'always' });
    await refused(other, 'needs JavaScript');
    await change({ proof_of_work: 'never' });
    await demo.site.client.call('PATCH', '/v1/posts/demo', { body: { closed: true } });
    await refused(other, 'Comments are closed.');
    await demo.site.client.call('PATCH', '/v1/posts/demo', { body: { closed: false } });
    await page.goto(`${demo.app.url}/demo`);
    await fillForm(page, { content: other });
    await post(page);
    await page.getByText('Your comment is published.').waitFor();
  });

  test('a filled honeypot is held, also after an error', async () => {
    await fillForm(page, { content: HAM, email: 'ada@' });
    await page.locator('#honeypot').fill('https://pills.example', { force: true });
    await post(page);
    await page.getByLabel('Email *').fill('ada@example.org');
    await post(page);
    await page.getByText('Your comment is awaiting moderation').waitFor();
    const [row] = await demo.stored();
    expect(row?.reasons.map(({ rule }) => rule)).toContain('honeypot');
  });

  test('axe finds nothing wrong with the article, the errors and the thanks', async () => {
    const scripted = await demo.open({ withoutEmbed: true });
    await fillForm(scripted, { content: HAM });
    await post(scripted);
    await scripted.getByText('Your comment is published.').waitFor();
    expect(await findViolations(scripted)).toEqual([]);
    await scripted.getByRole('link', { name: 'Back to the article' }).click();
    await scripted.getByRole('link', { name: 'Reply to Ada' }).click();
    await scripted.getByRole('link', { name: 'Cancel reply' }).waitFor();
    expect(await findViolations(scripted)).toEqual([]);
    await fillForm(scripted, { content: SPAM, email: 'ada@', name: '' });
    await post(scripted);
    await scripted.getByRole('heading', { name: 'Your comment was not sent' }).waitFor();
    expect(await findViolations(scripted)).toEqual([]);
    await fillForm(scripted, { content: SPAM });
    await post(scripted);
    await scripted.getByText('Your comment is awaiting moderation').waitFor();
    expect(await findViolations(scripted)).toEqual([]);
    await scripted.context().close();
  });

  test('the form of docs/embedding.md works on a page of another origin, errors and the way back included', async () => {
    const blog = await publishDocs(demo);
    await page.goto(blog.url);
    await fillForm(page, { content: HAM, email: 'ada@example' });
    await post(page);
    expect(await errorOf('Email *')).toBe('Please enter an email address like name@example.org.');
    await page.getByLabel('Email *').fill('ada@example.org');
    await post(page);
    await page.getByText('Your comment is published.').waitFor();
    await page.getByRole('link', { name: 'Back to the article' }).click();
    await page.getByRole('heading', { name: 'An article' }).waitFor();
    expect(page.url().startsWith(blog.url)).toBe(true);
    await page.locator('[name=honeypot]').fill('x', { force: true });
    await fillForm(page, { content: 'The repair was promised ten years ago already.', name: 'Bot' });
    await post(page);
    await page.getByText('Your comment is awaiting moderation').waitFor();
    await blog.close();
  });

  test('the answer speaks the browser’s language, or the one that the page names, and keeps to it', async () => {
    const blog = await publishDocs(demo);
    const context = await demo.browser.newContext({ javaScriptEnabled: false, locale: 'de-AT' });
    const reader = await context.newPage();
    await reader.goto(blog.url);
    await fillForm(reader, { content: HAM, email: 'ada@example' });
    await post(reader);
    await reader.getByRole('heading', { name: 'Ihr Kommentar wurde nicht gesendet' }).waitFor();
    expect(await reader.locator('html').getAttribute('lang')).toBe('de');
    const told = reader.locator('#author_email-error');
    expect(await told.textContent()).toBe('Bitte geben Sie eine E-Mail-Adresse wie name@example.org ein.');
    await reader.getByLabel('E-Mail *').fill('ada@example.org');
    await reader.getByRole('button', { name: 'Kommentar abschicken' }).click();
    await reader.getByText('Ihr Kommentar ist veröffentlicht.').waitFor();
    await reader.getByRole('link', { name: 'Zurück zum Artikel' }).waitFor();
    // The demonstration says that it is English.
    await reader.goto(`${demo.app.url}/demo`);
    for (const content of [HAM, `${HAM} Again.`]) {
      await fillForm(reader, { content, name: '' });
      await post(reader);
      await reader.getByRole('heading', { name: 'Your comment was not sent' }).waitFor();
    }
    await context.close();
    await blog.close();
  });

  test('a page of another origin gets neither a comment in nor the form back', async () => {
    const blog = await publishDocs(demo, 'https://news.example');
    await page.goto(blog.url);
    await fillForm(page, { content: HAM });
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/embed/comments'));
    await post(page);
    const answer = await answered;
    expect([answer.status(), answer.headers()['content-type']]).toEqual([403, 'application/problem+json']);
    expect(await demo.stored()).toEqual([]);
    await blog.close();
  });
});

/** The page that docs/embedding.md tells to copy, on an origin of its own; its key is for `allowed`, else for that one. */
async function publishDocs(demo: DemoPage, allowed?: string) {
  const docs = readFileSync(fileURLToPath(new URL('../../../docs/embedding.md', import.meta.url)), 'utf8');
  const snippet = [...docs.matchAll(/```html\n([\s\S]*?)```/g)].find(([, html]) => html?.includes('<form'));
  let body = '';
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><html lang="en"><title>News</title><h1>An article</h1>${body}</html>`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { key } = await createKey(demo.service, system, {
    siteId: demo.site.site.id,
    name: 'page',
    scopes: ['submit', 'read'],
    allowedOrigins: [allowed ?? origin],
  });
  body = (snippet?.[1] ?? '')
    .replaceAll('lar_…', key)
    .replaceAll('https://comments.example', demo.app.url)
    .replaceAll('https://news.example', origin);
  return {
    url: `${origin}/article-1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
