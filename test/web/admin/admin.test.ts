import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminPages, startAdminPages } from '../../support/admin-pages.ts';
import { findViolations } from '../../support/axe.ts';
import type { Client } from '../../support/client.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

describe('the admins’ pages', () => {
  let pages: AdminPages;
  let service: AdminPages['service'];
  let admin: Client;
  let open: AdminPages['open'];
  beforeAll(async () => {
    pages = await startAdminPages();
    ({ service, admin, open } = pages);
  });
  afterAll(() => pages?.close());

  test('an upload that is broken off is sent again, and goes on later with the same file; refused lines are told', async () => {
    const site = await createTestSite(service, 'broken-off');
    const page = await open(site, 'imports');
    const samples = plainSamples(100).map((sample) => JSON.stringify(sample));
    samples.splice(2, 0, '{"text": "x", "label": "perhaps"}');
    const lines = `${samples.join('\n')}\n${`${' '.repeat(1023)}\n`.repeat(9 * 1024)}`;
    const file = { name: 'labels.jsonl', mimeType: 'text/plain', buffer: Buffer.from(lines) };
    const sent: string[] = [];
    let down = 1;
    await page.route('**/parts/*', async (route) => {
      const part = /parts\/(\d+)/.exec(route.request().url())?.[1] ?? '';
      if (part === '0' && down > 0) {
        down -= 1;
        await route.abort();
      } else if (part === '1' && down === 0) {
        await route.fulfill({ status: 413, body: 'too much at once' });
      } else {
        sent.push(part);
        await route.continue();
      }
    });
    await page.getByLabel('Format').selectOption('jsonl');
    await page.getByLabel('File').setInputFiles(file);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('The service refused a part: too much at once').waitFor({ timeout: 120_000 });
    expect(sent).toEqual(['0']);
    down = -1;
    await page.getByRole('link', { name: 'labels.jsonl' }).click();
    await page.getByText('1 part of the file has arrived.').waitFor();
    await page.getByLabel('The same file').setInputFiles(file);
    await page.getByRole('button', { name: 'Send the rest' }).click();
    const refusal = page
      .getByRole('table', { name: /Refused records/ })
      .getByRole('row')
      .nth(1);
    await refusal.waitFor({ timeout: 120_000 });
    expect(sent).toEqual(['0', '1']);
    expect(await refusal.getByRole('cell').first().innerText()).toBe('3');
    await page.context().close();
  }, 240_000);

  test('an address that names no part, or was cut, leads to the overview; one that was there before the page does lead on', async () => {
    const page = await open(await createTestSite(service, 'addressed'), 'overview');
    const heading = page.getByRole('heading', { level: 2 }).first();
    for (const fragment of ['%', 'constructor', 'nowhere/%E0%A4', '__proto__']) {
      await page.evaluate(`location.hash = '#${fragment}'`);
      await page.reload();
      await page.locator('nav.parts').waitFor();
      await expect.poll(() => page.title()).toBe('Overview · leave-a-reply');
    }
    await page.evaluate("location.hash = '#keys'");
    await page.reload();
    await page.locator('nav a[href="#keys"][aria-current=page]').waitFor();
    await heading.waitFor();
    await page.context().close();
  });

  test('sites are made, chosen, renamed, and deleted once their name is typed', async () => {
    const site = await createTestSite(service, 'first-of-sites');
    const page = await open(site, 'sites');
    await page.getByLabel(/^Short name/).fill('second-of-sites');
    await page.getByLabel('Name', { exact: true }).fill('The second');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByRole('button', { name: 'Go to second-of-sites' }).click();
    await expect.poll(() => page.locator('header select').inputValue()).toBe('second-of-sites');
    await page.getByLabel('Name of second-of-sites').fill('Renamed');
    await page.getByRole('button', { name: 'Save: second-of-sites' }).click();
    await page.locator('header option', { hasText: 'Renamed' }).waitFor({ state: 'attached' });
    const slugs = async () =>
      (await admin.get<{ items: { slug: string }[] }>('/v1/sites')).body.items.map(({ slug }) => slug);
    const row = page.getByRole('row', { name: /second-of-sites/ });
    await row.getByText('Delete …').click();
    const remove = row.getByRole('button', { name: 'Delete permanently' });
    await row.getByLabel(/Type second-of-sites/).fill('second-of-site');
    await expect.poll(() => remove.isDisabled()).toBe(true);
    await row.getByLabel(/Type second-of-sites/).fill('second-of-sites');
    await remove.click();
    await row.waitFor({ state: 'detached' });
    expect(await slugs()).not.toContain('second-of-sites');
    expect(await slugs()).toContain('first-of-sites');
    await expect.poll(() => page.locator('header option', { hasText: 'Renamed' }).count()).toBe(0);
    await page.context().close();
  });

  test('a rule is tried before it can be saved, and is then there', async () => {
    const site = await createTestSite(service, 'ruled');
    await site.client.post('/v1/comments', submission({ content: 'The casino by the harbour is closed' }));
    const page = await open(site, 'rules');
    await page.getByLabel('Pattern', { exact: true }).fill('casino');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByText(/Would match 1 of 1 good comments|1 of 1 undecided/).waitFor();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'casino', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Edit the rule: casino' }).click();
    await page.getByRole('heading', { name: 'Edit the rule' }).waitFor();
    await page.getByLabel('Until').fill('2099-01-02T03:04');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.locator('time[datetime^="2099-01-0"]').waitFor();
    await page.getByRole('button', { name: /^Remove/ }).click();
    await page.getByText('No rules yet').waitFor();
    await page.context().close();
  });

  test('entries that hit good comments are left out of a list from a file with one click, before it is saved', async () => {
    const site = await createTestSite(service, 'listed');
    const content = 'The casino by the harbour is closed';
    const { id } = (await site.client.post<{ id: string }>('/v1/comments', submission({ content }))).body;
    await site.client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    const page = await open(site, 'rules');
    await page.getByLabel(/list from a file/).setInputFiles({
      name: 'list.txt.gz',
      mimeType: 'application/gzip',
      buffer: gzipSync('casino\nroulette\n'),
    });
    await expect
      .poll(() => page.getByLabel('Pattern', { exact: true }).inputValue())
      .toBe('casino\nroulette\n');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByText(/Entries that match good comments: casino \(1\)/).waitFor();
    await page.getByRole('button', { name: 'Exclude these entries' }).click();
    await page.getByText('1 entry is excluded.').waitFor();
    await page.getByText(/Would match 0 of 1 good comments/).waitFor();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page
      .getByRole('cell', { name: /casino/ })
      .first()
      .waitFor();
    const rules = await site.client.get<{ items: { options: unknown }[] }>('/v1/rules');
    expect(rules.body.items).toMatchObject([{ options: { match: 'word', except: ['casino'] } }]);
    await page.context().close();
  });

  test('words in the settings are shown there, and changed only as a rule that was tried', async () => {
    const site = await createTestSite(service, 'worded', { banned_words: ['cheap pills'] });
    await site.client.post(
      '/v1/comments',
      submission({ content: 'These were no cheap pills, says my doctor' }),
    );
    const page = await open(site, 'settings');
    await page.getByText('cheap pills').waitFor();
    expect(await page.locator('[name=banned_words], [name=suspect_words]').count()).toBe(0);
    await page.getByRole('link', { name: 'Turn “Banned words” into a rule to change it' }).click();
    await expect.poll(() => page.getByLabel('Pattern', { exact: true }).inputValue()).toBe('cheap pills');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByText(/1 of 1 undecided ones/).waitFor();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'cheap pills', exact: true }).waitFor();
    const { settings } = (
      await admin.get<{ settings: { banned_words: string[] } }>(`/v1/sites/${site.site.id}`)
    ).body;
    expect(settings.banned_words).toEqual([]);
    const rules = await site.client.get<{ items: unknown[] }>('/v1/rules');
    expect(rules.body.items).toMatchObject([{ kind: 'words', disposition: 'discard' }]);
    await page.context().close();
  });

  test('settings are changed with their meaning beside them; keys and people are made and ended', async () => {
    const site = await createTestSite(service, 'governed');
    const page = await open(site, 'settings');
    await page.getByText('Comments with more links are held.').waitFor();
    await page.getByLabel('Most links').fill('7');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(
        async () =>
          (await admin.get<{ settings: { max_links: number } }>(`/v1/sites/${site.site.id}`)).body.settings,
      )
      .toMatchObject({ max_links: 7, audit_share: 0 });
    await page.getByRole('link', { name: 'API keys' }).click();
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    await page.getByLabel('Name').fill('The form');
    await page.getByLabel('send comments').check();
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('won’t be shown again').waitFor();
    const row = page.getByRole('row', { name: /The form/ });
    await row.getByRole('button', { name: /^Revoke/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('heading', { name: 'Users' }).waitFor();
    await page.getByLabel('Name').fill('A moderator');
    await page.getByLabel('E-mail').fill('new@news.example');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByText('/invitation#').waitFor();
    const person = page.getByRole('row', { name: /A moderator/ });
    await person.getByRole('button', { name: /^Disable/ }).click();
    await person.getByRole('button', { name: /^Enable/ }).waitFor();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('button', { name: 'Verify the log' }).click();
    await page.getByText(/^Verified: \d+ entries, none altered/).waitFor();
    await page.context().close();
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    'axe finds nothing on any part: %s, %i px wide',
    async (colorScheme, width) => {
      const site = await createTestSite(service, `axe-${colorScheme}`, { max_ham_blocked: 0.2 });
      await site.client.post('/v1/comments', submission());
      await uploadSamples(site.client, plainSamples(300));
      const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
      await service.settled();
      const { result } = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`))
        .body;
      const page = await open(site, 'overview', { colorScheme, viewport: { width, height: 900 } });
      const parts = ['overview', 'models', `models/${result.model_version}`, 'labels', 'rules', 'imports'];
      for (const part of [...parts, 'settings', 'sites', 'keys', 'people', 'webhooks', 'jobs', 'audit']) {
        await page.evaluate(`location.hash = '#${part}'`);
        // The policy of the page forbids what waits for a function.
        await expect.poll(() => page.getByText('Loading …').count()).toBe(0);
        expect([part, await findViolations(page)]).toEqual([part, []]);
        expect([part, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([
          part,
          0,
        ]);
      }
      await page.context().close();
    },
    60_000,
  );
});
