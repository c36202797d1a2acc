import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoHarm, FOREIGN, listenForHarm } from '../../support/harm.ts';
import { type DeskService, startDeskService } from '../../support/moderate-page.ts';
import { INJECTIONS } from '../../support/naughty.ts';
import { invite, PASSWORD } from '../../support/people.ts';
import { createTestSite, submission } from '../../support/site.ts';
import { plainSamples, uploadSamples } from '../../support/trained-site.ts';

let desk: DeskService;
beforeAll(async () => {
  desk = await startDeskService();
});
afterAll(() => desk?.close());

test('hostile text is shown as text on the admins’ pages: flips, labels, shadow, people, keys, rules, the audit log, and none runs', async () => {
  const site = await createTestSite(desk.service, 'administered', { premoderate: true });
  // Some are refused, such as controls in a name.
  const send = (fields: Record<string, unknown>) => site.client.post('/v1/comments', submission(fields));
  const turned = 'subscribe to my channel please, alpha hotel';
  for (const [at, text] of INJECTIONS.entries()) {
    await send({ content: `${turned} ${text} ${at}`, author_name: text });
    await desk.admin.post('/v1/users?site=administered', {
      name: text.slice(0, 100),
      email: `p${at}@x.example`,
    });
    await desk.admin.post('/v1/keys', { site: 'administered', name: text.slice(0, 100), scopes: ['read'] });
    await site.client.post('/v1/rules', { kind: 'words', pattern: text, note: text });
  }
  const samples = plainSamples(600).map((sample) =>
    sample.content.startsWith('subscribe') ? { ...sample, label: 'ham' } : sample,
  );
  const wrong = INJECTIONS.slice(0, 15).map((text) => ({
    content: `earn money from home click here ${text}`,
    label: 'ham',
    author_name: text,
  }));
  await uploadSamples(site.client, [...samples, ...wrong]);
  const { job } = (await site.client.post<{ job: string }>('/v1/models', {})).body;
  await desk.service.settled();
  const { result } = (await site.client.get<{ result: { model_version: string } }>(`/v1/jobs/${job}`)).body;
  const version = result.model_version;
  expect((await desk.admin.post(`/v1/models/${version}/shadow?site=administered`, {})).status).toBeLessThan(
    300,
  );
  for (const text of INJECTIONS) {
    await send({ content: `${turned}, golf ${text}`, author_name: text });
  }
  await desk.service.settled();
  const { invitation } = await invite(desk.admin, site, 'admin', true);
  const page = await (await desk.browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${desk.app.url}/invitation?next=/admin#${invitation}`);
  await page.locator('form:not([hidden]) input').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin');
  const harm = await listenForHarm(page, desk.app.url);
  await page.getByRole('heading', { level: 2 }).waitFor();
  const shown = [`models/${version}`, 'keys', 'people'];
  for (const part of [`models/${version}`, 'labels', 'rules', 'keys', 'people', 'jobs', 'audit']) {
    await page.evaluate(`location.hash = '#${part}'`);
    await page.locator(`nav a[href="#${part.split('/')[0]}"][aria-current=page]`).waitFor();
    await expect.poll(() => page.getByText('Loading …').count()).toBe(0);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    expect([part, await page.locator(`main :is(${FOREIGN})`).count()]).toEqual([part, 0]);
    if (shown.includes(part)) await page.getByText('onerror=alert(1)').first().waitFor();
  }
  await expectNoHarm(page, harm);
  await page.context().close();
}, 180_000);
