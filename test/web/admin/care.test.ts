/** The admins' pages while things take their time, fail, or are done by somebody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createId } from '../../../src/core/id.ts';
import { insertJob } from '../../../src/storage/jobs.ts';
import { type AdminPages, startAdminPages } from '../../support/admin-pages.ts';
import type { Client } from '../../support/client.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';
import { plainSamples, trainAndActivate, uploadSamples } from '../../support/trained-site.ts';

const FOCUSED = 'document.activeElement?.textContent?.trim()';

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

  /** A training that waits, as while another process is at it: this one does only what it was asked for. */
  async function queueTraining({ site }: TestSite): Promise<string> {
    const at = service.now();
    const job = await insertJob(service.db, {
      ...{ id: createId(at.getTime(), service.random(10)), site_id: site.id, kind: 'train', state: 'queued' },
      ...{ input: '{}', total: null, error: null, created_by: 'system:test', created_at: at },
    });
    return job?.id ?? '';
  }

  test('a rule that is changed while it is tried has to be tried again', async () => {
    const site = await createTestSite(service, 'impatient');
    await site.client.post('/v1/comments', submission({ content: 'The casino by the harbour is closed' }));
    const page = await open(site, 'rules');
    let release: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/rules/dry-run*', async (route) => {
      await changed;
      await route.continue();
    });
    await page.getByLabel('Pattern', { exact: true }).fill('roulette');
    const answer = page.waitForResponse('**/rules/dry-run*');
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByLabel('Pattern', { exact: true }).fill('casino');
    release();
    await (await answer).finished();
    const tryIt = page.getByRole('button', { name: /Try it/ });
    await expect.poll(() => tryIt.getAttribute('aria-disabled')).toBe('false');
    await tryIt.click();
    await page.getByText(/Would match 1 of 1 good comments|1 of 1 undecided/).waitFor();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'casino', exact: true }).waitFor();
    const { items } = (await site.client.get<{ items: { pattern: string }[] }>('/v1/rules')).body;
    expect(items.map(({ pattern }) => pattern)).toEqual(['casino']);
    await page.context().close();
  });

  test('a rule asks for what its kind needs, and tells where it looks', async () => {
    const site = await createTestSite(service, 'kinds');
    const page = await open(site, 'rules');
    await page.locator('select[name=kind]').selectOption('honeypot');
    expect(await page.getByLabel('Pattern', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'Hidden field filled', exact: true }).waitFor();
    expect(await page.locator('select[name=kind]').inputValue()).toBe('words');
    await page.locator('select[name=kind]').selectOption('pattern');
    await page.getByLabel('Pattern', { exact: true }).fill('[Cc]asino');
    await page.getByLabel('Match case').check();
    await page.getByLabel('website').uncheck();
    await page.getByRole('button', { name: /Try it/ }).click();
    await page.getByRole('button', { name: 'Save the rule' }).click();
    await page.getByRole('cell', { name: 'Match case; comment, name' }).waitFor();
    const { items } = (await site.client.get<{ items: object[] }>('/v1/rules')).body;
    expect(items).toMatchObject([
      { kind: 'honeypot', pattern: '' },
      { kind: 'pattern', options: { case_sensitive: true, fields: ['content', 'author_name'] } },
    ]);
    await page.context().close();
  });

  test('the focus stays where it was, or goes to the heading when that vanishes; what was saved is said', async () => {
    const site = await createTestSite(service, 'focused');
    const page = await open(site, 'settings');
    await page.getByLabel('Most links').fill('7');
    await page.getByRole('button', { name: 'Save' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The settings were saved.').waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Save');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => page.getByLabel('Most links').inputValue()).toBe('2');

    await page.evaluate("location.hash = '#keys'");
    await page.getByLabel('Name').fill('The form');
    await page.getByLabel('send comments').check();
    await page.keyboard.press('Enter');
    await page.getByText('won’t be shown again').waitFor();
    const row = page.getByRole('row', { name: /The form/ });
    await row.getByRole('button', { name: /^Revoke/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('Cancel');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).focus();
    await page.keyboard.press('Enter');
    await row.getByText('revoked').waitFor();
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('API keys');
    await page.context().close();
  });

  test('whoever comes back finds the bar of a training, which can be cancelled from the list of jobs as well', async () => {
    const site = await createTestSite(service, 'returned');
    await queueTraining(site);
    const page = await open(site, 'models');
    await page.getByText('Training: waiting').waitFor();
    await page.evaluate("location.hash = '#jobs'");
    const row = page.locator('tr', { hasText: 'Training: waiting' });
    await row.waitFor();
    await page.route('**/v1/jobs/*', (route) =>
      route.request().method() === 'DELETE' ? route.abort() : route.continue(),
    );
    await row.getByRole('button', { name: 'Cancel' }).click();
    await row.getByRole('alert').waitFor();
    await page.unroute('**/v1/jobs/*');
    await row.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('tr', { hasText: 'Training: cancelled' }).waitFor();

    const another = await queueTraining(site);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await row.waitFor();
    // Somebody else ends it: the list tells without being asked.
    await site.client.call('DELETE', `/v1/jobs/${another}`);
    await row.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('a bar tells its rate and the time left of the phase that it is in', async () => {
    const site = await createTestSite(service, 'rated');
    const id = await queueTraining(site);
    let done = 0;
    const goOn = async (progress: { done: number; total: number; phase: string }) => {
      const running = { ...progress, state: 'running' } as const;
      await service.db.updateTable('job').set(running).where('id', '=', id).execute();
    };
    const page = await open(site, 'jobs');
    const bar = page.locator('.job');
    await expect
      .poll(
        async () => {
          done += 100;
          await goOn({ done, total: 1_000_000, phase: 'reading' });
          return await bar.innerText();
        },
        { timeout: 20_000 },
      )
      .toMatch(/Training: running \(reading comments\): [\d,]+ of 1,000,000, about .+ left/);
    await goOn({ done: 1, total: 5, phase: 'reporting' });
    await expect
      .poll(() => bar.innerText())
      .toMatch(/Training: running \(writing the report\): 1 of 5\s*Cancel/);
    await page.context().close();
  });

  test('a role is set by its button, and nobody takes the own', async () => {
    const site = await createTestSite(service, 'roles');
    const page = await open(site, 'people');
    await page.getByLabel('Name').fill('Bea');
    await page.getByLabel('E-mail').fill('bea@news.example');
    await page.getByRole('button', { name: 'Invite' }).click();
    const bea = page.getByRole('row', { name: /^Bea / });
    await bea.getByLabel('Role of Bea', { exact: true }).selectOption('senior');
    const stored = async () =>
      (await admin.get<{ items: { id: string; name: string; role: string }[] }>('/v1/users')).body.items;
    expect((await stored()).find(({ name }) => name === 'Bea')?.role).toBe('moderator');
    await bea.getByRole('button', { name: 'Save the role of Bea' }).click();
    await expect.poll(async () => (await stored()).find(({ name }) => name === 'Bea')?.role).toBe('senior');

    const me = await page.evaluate<string>("fetch('/v1/session').then((r) => r.json()).then((s) => s.id)");
    const own = (await stored()).find(({ id }) => id === me)?.name ?? '';
    await page
      .getByRole('row', { name: own })
      .getByRole('button', { name: /^Disable/ })
      .last()
      .click();
    await page.getByText('That is your own account').waitFor();
    await page.getByLabel(`Role of ${own}`, { exact: true }).last().selectOption('moderator');
    await page
      .getByRole('button', { name: `Save the role of ${own}` })
      .last()
      .click();
    await page.getByText('That is your own account').waitFor();
    expect((await stored()).find(({ id }) => id === me)?.role).toBe('admin');
    await page.context().close();
  });

  test('the audit log begins with the newest, and goes back', async () => {
    const site = await createTestSite(service, 'logged');
    for (let at = 0; at < 120; at++) {
      await admin.call('PATCH', `/v1/sites/${site.site.id}`, { body: { name: `Name ${at}` } });
    }
    const page = await open(site, 'audit');
    const numbers = async () => (await page.locator('tbody tr td:first-child').allInnerTexts()).map(Number);
    await expect.poll(async () => (await numbers()).length).toBe(100);
    const first = await numbers();
    expect(first).toEqual([...first].sort((a, b) => b - a));
    await page.getByRole('button', { name: 'Earlier entries' }).click();
    await expect.poll(async () => (await numbers())[0]).toBe((first.at(-1) ?? 0) - 1);
    await page.context().close();
  });

  test('a candidate that was held against an older filter is compared anew, and then activated', async () => {
    const site = await createTestSite(service, 'anew');
    await uploadSamples(site.client, plainSamples(300));
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const { result } = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body;
    service.clock.advance(1);
    const active = await trainAndActivate(service, site.client);
    const page = await open(site, `models/${result.model_version}`);
    await page.getByRole('button', { name: /^Activate/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
    await page.getByText(`“${active}” is active now: compare it again`).waitFor();
    await page.getByRole('button', { name: `Compare again with ${active}` }).click();
    await page.getByText(`Passes all checks against ${active}`).waitFor();
    await page.getByRole('button', { name: /^Compare again/ }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Activate/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
    await page.getByText('This version is in use.').waitFor();
    await page.context().close();
  });
});
