import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../../src/moderation/outgoing/webhook-delivery.ts';
import { type AdminPages, startAdminPages } from '../../support/admin-pages.ts';
import { findViolations } from '../../support/axe.ts';
import type { Client } from '../../support/client.ts';
import type { TestService } from '../../support/databases.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { createTestSite, submission, type TestSite } from '../../support/site.ts';

const DAY_MS = 86_400_000;

describe('the webhooks in /admin', () => {
  let pages: AdminPages;
  let service: TestService;
  let admin: Client;
  let receiver: Receiver;
  let site: TestSite;
  let page: Page;
  let count = 0;
  /** The service's clock goes on as the browser's does, and ahead of it by this. */
  let aheadMs = 0;
  beforeAll(async () => {
    pages = await startAdminPages({
      now: () => new Date(Date.now() + aheadMs),
      config: { outgoingPrivateRanges: ['127.0.0.1/32'] },
    });
    ({ service, admin } = pages);
  });
  afterAll(() => pages?.close());
  beforeEach(async () => {
    count += 1;
    site = await createTestSite(service, `hooked-${count}`);
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await page.context().close();
    await service.db.deleteFrom('webhook').execute();
    await receiver.close();
  });

  async function open(part: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await pages.open(site, part, options);
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor();
  }

  async function createWebhook(): Promise<string> {
    const { body } = await admin.post<{ id: string }>(`/v1/webhooks?site=${site.site.slug}`, {
      url: `${receiver.url}/hook`,
      events: ['comment.received'],
    });
    return body.id;
  }

  /** A comment whose message is given up, after ten attempts in more than three days. */
  async function leaveDeadMessage(): Promise<void> {
    receiver.answer((response) => response.writeHead(500).end());
    await site.client.post('/v1/comments', submission());
    for (let attempt = 1; attempt <= 10; attempt++) {
      await deliverDue(service);
      await receiver.arrived(attempt);
      aheadMs += 1.5 * DAY_MS;
    }
    receiver.answer((response) => response.writeHead(204).end());
  }

  const messages = () => page.getByRole('table', { name: 'Messages, newest first' }).getByRole('row');
  /** Rows without the head. */
  const countMessages = async () => (await messages().count()) - 1;

  test('a message that a failing receiver never took is found among the dead, and sent again', async () => {
    const id = await createWebhook();
    await leaveDeadMessage();
    for (let more = 0; more < 55; more++) await site.client.post('/v1/comments', submission());
    await deliverDue(service);
    await receiver.arrived(65);
    await open(`webhooks/${id}`);
    await expect.poll(countMessages).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(countMessages).toBe(56);
    await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
    await page.getByLabel('State').selectOption('dead');
    await expect.poll(countMessages).toBe(1);
    const dead = messages().filter({ hasText: 'comment received' });
    expect(await dead.textContent()).toContain('failed10500');
    await dead.getByRole('button', { name: 'Attempts' }).click();
    const attempts = page.getByRole('table', { name: /^Attempts: comment received/ }).getByRole('row');
    await expect.poll(() => attempts.count()).toBe(11);
    expect(await attempts.last().textContent()).toMatch(/ ms500status$/);
    await dead.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('No messages', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('waiting');
    await expect.poll(countMessages).toBe(1);
    await deliverDue(service);
    await receiver.arrived(66);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('No messages', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('delivered');
    await expect.poll(countMessages).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(countMessages).toBe(56);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
  }, 60_000);

  test('all dead messages are sent again at once', async () => {
    const id = await createWebhook();
    await leaveDeadMessage();
    await open(`webhooks/${id}`);
    await page.getByRole('cell', { name: 'failed', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Send all failed messages again' }).click();
    await page.getByRole('cell', { name: 'waiting', exact: true }).waitFor();
    await deliverDue(service);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('cell', { name: 'delivered', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Send again/ }).count()).toBe(0);
  });

  test('a webhook is made and tried, its test shown, and given another secret, which is shown once', async () => {
    await open('webhooks');
    await page.getByLabel('Address').fill(`${receiver.url}/made`);
    await page.getByLabel('comment held').check();
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const secret = page.getByRole('status').filter({ hasText: 'won’t be shown again' }).locator('code');
    await secret.waitFor();
    const first = await secret.textContent();
    expect(first).toMatch(/^whsec_/);
    await page.getByRole('button', { name: /^Test/ }).click();
    await page.getByText(/The test message arrived: answer 204 after \d+ ms/).waitFor();
    receiver.answer((response) => response.writeHead(503).end());
    await page.getByRole('button', { name: /^Test/ }).click();
    await page.getByText(/The test message did not arrive: answer 503 after \d+ ms/).waitFor();
    await page.getByRole('button', { name: /^New secret: / }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be undone.').waitFor();
    await dialog.getByRole('button', { name: 'New secret' }).click();
    await expect.poll(() => secret.textContent()).not.toBe(first);
    expect(await secret.textContent()).toMatch(/^whsec_/);
    await page.getByRole('link', { name: `${receiver.url}/made` }).click();
    await expect.poll(countMessages).toBe(2);
    expect(await page.getByText('whsec_').count()).toBe(0);
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('axe finds nothing on the log and its attempts: %s, %i px wide', async (colorScheme, width) => {
    const id = await createWebhook();
    await leaveDeadMessage();
    await open(`webhooks/${id}`, { colorScheme, viewport: { width, height: 900 } });
    await page.getByRole('button', { name: 'Attempts' }).click();
    await page.getByRole('table', { name: /^Attempts:/ }).waitFor();
    await page.getByRole('button', { name: /^Test/ }).click();
    await page.getByText('The test message arrived').waitFor();
    await page.getByRole('button', { name: /^New secret: / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
    await page.getByText('won’t be shown again').waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});
