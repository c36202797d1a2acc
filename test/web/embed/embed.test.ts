import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findViolations } from '../../support/axe.ts';
import { createDemoPage, type DemoPage, fillForm as fill, HAM, SPAM } from '../../support/demo-page.ts';
import { createAdminClient } from '../../support/site.ts';

describe('the form on an article', () => {
  let demo: DemoPage;
  beforeAll(async () => {
    demo = await createDemoPage();
  });
  afterAll(() => demo.close());
  const open = () => demo.open();
  const stored = () => demo.stored();

  test('the script is one file of at most 12 kB gzipped', async () => {
    const answer = await fetch(`${demo.app.url}/embed.js`);
    const size = gzipSync(new Uint8Array(await answer.arrayBuffer())).length;
    expect(size).toBeLessThanOrEqual(12_000);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('a missing name and an invalid e-mail address are told beside their fields, and nothing is sent', async () => {
    const page = await open();
    await fill(page, { content: HAM, name: '', email: 'ada@' });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    const name = page.getByLabel('Name *');
    await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true');
    await expect
      .poll(() => page.evaluate("document.querySelector('leave-a-reply').shadowRoot.activeElement?.id"))
      .toBe('author_name');
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

  test('while a proof of work is asked for, the form brings it and its author notices a moment at most', async () => {
    const client = await createAdminClient(demo.service);
    const settings = async (proofOfWork: string) =>
      await client.call('PATCH', `/v1/sites/${demo.site.site.id}`, {
        body: { settings: { proof_of_work: proofOfWork } },
      });
    await settings('always');
    const page = await open();
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/v1/challenges'));
    await fill(page, {
      content: 'The council meets on Tuesday, and anybody who walks over this bridge should be there.',
      name: 'Fanny',
      email: 'fanny@example.org',
    });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    expect((await asked).status()).toBe(201);
    await page.getByText('Your comment is published.').waitFor();
    await settings('never');
    await page.context().close();
  });

  test('of more than 2,000 comments the later ones come when asked for, and the focus goes to their first', async () => {
    const page = await open();
    await fill(page, { content: `${HAM} The school and its pupils will be thankful too.` });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('Your comment is published.').waitFor();
    const first = (await stored()).find(({ content }) => content.endsWith('will be thankful too.'));
    await sql`insert into comment overriding user value select (jsonb_populate_record(comment, jsonb_build_object(
      'id', overlay(comment.id::text placing lpad(n::text, 12, '0') from 25), 'content', 'Seeded ' || n,
      'created_at', comment.created_at + n * interval '1 ms'))).*
      from comment, generate_series(1, 2010) n where comment.id = ${first?.id}`.execute(demo.service.db);
    await page.reload();
    const more = page.locator('[part~=more]');
    await more.getByText('Show more comments').waitFor();
    expect(await page.getByText('Seeded 2010').count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await more.press('Enter');
    await page.getByText('Seeded 2010', { exact: true }).waitFor();
    await more.waitFor({ state: 'detached' });
    await expect
      .poll(() =>
        page.evaluate("document.querySelector('leave-a-reply').shadowRoot.activeElement?.textContent"),
      )
      .toMatch(/Seeded (199|200)\d/);
    await sql`delete from comment where content like 'Seeded %'`.execute(demo.service.db);
    await page.context().close();
  }, 180_000);

  test('axe finds nothing wrong with the thread, the form and its errors', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.getByText('please correct the marked fields').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.context().close();
  });

  test('axe finds nothing wrong with a comment that waits, nor while one is answered', async () => {
    const page = await open();
    await fill(page, { content: `${SPAM} today`, name: 'Pills', email: 'more-pills@example.org' });
    await page.getByRole('button', { name: 'Post Comment' }).click();
    await page.locator('[part~=waiting] [part=note]').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reply to Ada' }).first().click();
    await page.getByRole('button', { name: 'Cancel reply' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel reply' }).click();
    await page.getByRole('heading', { name: 'Leave a Reply', exact: true }).waitFor();
    await page.context().close();
  });
});
