import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminPages, startAdminPages } from '../../support/admin-pages.ts';
import { HAS_SHARED_DATA, readShared } from '../../support/shared-data.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';
import { writeWxr } from '../../support/wxr.ts';

/** Keeps what every progress bar of the page showed: kind and share. */
async function watchProgress(page: Page): Promise<() => Promise<readonly (readonly [string, number])[]>> {
  await page.evaluate(`{
    window.progressSeen = [];
    const look = () => {
      for (const bar of document.querySelectorAll('.job progress'))
        window.progressSeen.push([bar.getAttribute('aria-label'), bar.value / bar.max]);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }`);
  return async () => await page.evaluate('window.progressSeen');
}

/** Drags the handle of a slider to a share of its width with the mouse. */
async function drag(page: Page, slider: Locator, share: number): Promise<void> {
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (!box) throw new Error('the slider is not shown');
  const [from, y] = [Number(await slider.inputValue()), box.y + box.height / 2];
  await page.mouse.move(box.x + 8 + from * (box.width - 16), y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y, { steps: 5 });
  await page.mouse.move(box.x + share * box.width, y, { steps: 5 });
  await page.mouse.up();
}

describe('the admins’ pages on a filter', () => {
  let pages: AdminPages;
  let service: AdminPages['service'];
  let open: AdminPages['open'];
  beforeAll(async () => {
    pages = await startAdminPages();
    ({ service, open } = pages);
  });
  afterAll(() => pages?.close());

  test.skipIf(!HAS_SHARED_DATA)(
    'a new admin imports real comments (../shared/data), watches, reads the report and its flips, drags a threshold, uses the shadow, activates and rolls back',
    async () => {
      const site = await createTestSite(service, 'journey', { max_ham_blocked: 0.05, second_look_share: 0 });
      // The shipped filter has learnt the first two, where nothing can be better than it; not the last one.
      const real = ['youtube-psy', 'sms-80', 'youtube-indonesian-gambling']
        .flatMap(readShared)
        .filter(({ text }) => /\S/u.test(text));
      for (const { text, label } of real.splice(0, 10)) {
        const { body } = await site.client.post<{ id: string }>(
          '/v1/comments',
          submission({ content: text }),
        );
        const decision = label === 'spam' ? 'spam' : 'approve';
        const decided = await site.client.post(`/v1/comments/${body.id}/decisions`, { decision });
        expect(decided.status).toBe(200);
      }
      const exported = real.map(({ text, ...rest }) => ({ content: text, ...rest }));
      const page = await open(site, 'imports');
      const progress = await watchProgress(page);
      await page.getByLabel('File').setInputFiles({
        name: 'export.xml',
        mimeType: 'text/xml',
        buffer: Buffer.from(writeWxr(exported)),
      });
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('Import: done').waitFor({ timeout: 150_000 });
      await page
        .getByRole('cell', { name: real.length.toLocaleString('en-GB'), exact: true })
        .first()
        .waitFor();
      await page.getByRole('link', { name: 'Filter' }).click();
      await page.getByRole('button', { name: 'Train a new version' }).click();
      await page.getByText('Training: done').waitFor({ timeout: 150_000 });
      const half = (await progress()).filter(([, share]) => share > 0 && share < 1);
      expect(half.length).toBeGreaterThan(0);

      await page.getByRole('link', { name: /^journey-/ }).click();
      await page.getByText('Passes all checks against').waitFor();
      await page
        .getByText(/catches \d+ of 100 spam comments \(now \d+\) and blocks [\d.]+ of 100 good ones/)
        .waitFor();
      await page.getByRole('tab', { name: 'Figures' }).click();
      await page.getByText(/On test comments neither version has seen/).waitFor();
      await page
        .getByText(/McNemar’s exact test: p/)
        .first()
        .waitFor();
      await page
        .getByRole('cell', { name: /^5% with 95% confidence/ })
        .first()
        .waitFor();
      await page.getByRole('tab', { name: 'Thresholds and plots' }).click();
      await expect.poll(() => page.locator('canvas').count()).toBe(5);
      expect(await page.getByText('Show as a table').count()).toBe(5);
      expect(await page.getByRole('link', { name: 'CSV' }).count()).toBe(5);

      await page.getByRole('tab', { name: 'Changed verdicts' }).click();
      await page.getByText(/^[1-9][\d,]* past decisions? would change/).waitFor();
      const flip = page.getByRole('listitem').filter({ hasText: 'a moderator says' }).first();
      await flip.getByText('Why', { exact: true }).click();
      await flip.getByText('This version:').waitFor();

      await page.getByRole('tab', { name: 'Thresholds and plots' }).click();
      const effect = page.getByRole('status').filter({ hasText: 'Published without a moderator' });
      const before = await effect.innerText();
      await drag(page, page.getByLabel(/Good below/), 0.1);
      await expect.poll(() => effect.innerText()).not.toBe(before);
      const afterHam = await effect.innerText();
      await drag(page, page.getByLabel(/Spam from/), 0.999);
      await expect.poll(() => effect.innerText()).not.toBe(afterHam);
      await page.getByRole('button', { name: 'Create a version with these thresholds' }).click();
      await page.getByRole('heading', { name: /^journey-.*-t\d+-\d+$/ }).waitFor();
      await page.getByRole('tab', { name: 'Shadow test' }).click();
      await page.getByRole('button', { name: 'Start shadow test' }).click();
      await page.getByText(/shadow test is running. 0 comments compared/).waitFor();
      await site.client.post('/v1/comments', submission({ content: 'check out my channel, subscribe now' }));
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByText(/shadow test is running. 1 comments compared/).waitFor();
      await page.getByRole('button', { name: /^Activate: / }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
      await page.getByText('This version is in use.').waitFor();
      await page.getByRole('link', { name: 'Filter' }).click();
      await page.getByText(/^Limit met: at most 5% of good comments/).waitFor();
      await page.getByRole('button', { name: /^Go back to the starter filter: / }).click();
      const question = page.getByRole('dialog');
      await question.getByText(/scores new comments instead of journey-/).waitFor();
      await question.getByRole('button', { name: 'Go back to the starter filter' }).click();
      await page.getByText('Automatic spam marking is off').waitFor();
      const models = (await site.client.get<{ items: { state: string }[] }>('/v1/models')).body.items;
      expect(models.map(({ state }) => state)).toEqual(['retired', 'candidate', 'active']);
      await page.context().close();
    },
    400_000,
  );

  test('where the shadow differs a human decides, and the item leaves that queue', async () => {
    const site = await createTestSite(service, 'differing', { max_ham_blocked: 0.05, second_look_share: 0 });
    await uploadSamples(site.client, plainSamples(800));
    const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
    await service.settled();
    const version = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body
      .result.model_version;
    await site.client.post(`/v1/models/${version}/shadow`, {});
    for (let at = 0; at < 25; at++) {
      await site.client.post(
        '/v1/comments',
        submission({ content: `earn money from home click here, alpha bravo ${at}` }),
      );
    }
    const path = `/v1/models/${version}/shadow?labelled=false&limit=200`;
    const differing = async () => (await site.client.get<{ items: { id: string }[] }>(path)).body.items;
    const before = await differing();
    expect(before.length).toBe(25);
    const page = await open(site, `models/${version}`);
    await page.getByRole('tab', { name: 'Shadow test' }).click();
    await page
      .getByRole('button', { name: /^Spam: / })
      .first()
      .click();
    await page.getByText(/Of 1 that a moderator has decided since/).waitFor();
    expect((await differing()).map(({ id }) => id)).toEqual(before.slice(1).map(({ id }) => id));
    await page.getByRole('button', { name: 'Older' }).click();
    await expect.poll(() => page.getByRole('button', { name: /^Spam: / }).count()).toBe(4);
    await page.getByLabel('Show').selectOption('decided comments');
    await expect.poll(() => page.getByRole('button', { name: /^(Spam|Approve): / }).count()).toBe(1);
    await page.context().close();
  });

  test('shows the comments that would flip, and why', async () => {
    const site = await createTestSite(service, 'flipping', { premoderate: true });
    const content = 'subscribe to my channel please, alpha hotel';
    await site.client.post('/v1/comments', submission({ content }));
    const ham = plainSamples(300).map((sample) =>
      sample.content.startsWith('subscribe') ? { ...sample, label: 'ham' } : sample,
    );
    await uploadSamples(site.client, ham);
    const page = await open(site, 'models');
    await page.getByRole('button', { name: 'Train a new version' }).click();
    await page.getByRole('link', { name: /^flipping-/ }).click();
    await page.getByText('1 waiting comment would change').waitFor();
    await page.getByText(content).waitFor();
    await page.getByText('Why', { exact: true }).click();
    await page.getByText('This version:').waitFor();
    await page.context().close();
  });
});
