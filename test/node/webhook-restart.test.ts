/** What a process owes its webhooks when it dies. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';
import { submission } from '../support/site.ts';

const workshop = createWorkshop();
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await workshop.clean();
  await receiver.close();
});

const KEY = 'a-key-for-the-tests-alone';

async function call<T>({ url }: ServiceProcess, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect([path, response.status, response.ok ? '' : text]).toEqual([path, response.status, '']);
  return text === '' ? (undefined as T) : JSON.parse(text);
}

function told(): Set<string> {
  return new Set(receiver.received.map(({ body }) => JSON.parse(body).data.id));
}

it('loses no message when it is killed while it sends, nor when it is stopped', async () => {
  const env = { DATA_DIR: workshop.folder(), ADMIN_API_KEY: KEY, OUTGOING_PRIVATE_RANGES: '127.0.0.1/32' };
  const first = await workshop.serve(env);
  await call(
    first,
    'PATCH',
    `/v1/sites/${(await call<{ items: { id: string }[] }>(first, 'GET', '/v1/sites')).items[0]?.id}`,
    {
      settings: { flood_seconds: 0 },
    },
  );
  await call(first, 'POST', '/v1/webhooks', { url: receiver.url, events: ['comment.received'] });
  receiver.answer(() => undefined);
  const sent: string[] = [];
  const submitSome = async (service: ServiceProcess, count: number) => {
    for (let at = 0; at < count; at++) {
      sent.push((await call<{ id: string }>(service, 'POST', '/v1/comments', submission())).id);
    }
  };
  await submitSome(first, 6);
  // It waits for an answer now; the others wait in the outbox.
  await receiver.arrived(1);
  first.child.kill('SIGKILL');
  await first.ended;

  const second = await workshop.serve(env);
  await submitSome(second, 3);
  second.child.kill('SIGTERM');
  expect((await second.ended).code).toBe(0);

  receiver.answer((response) => response.writeHead(204).end());
  await workshop.serve(env);
  await expect
    .poll(() => sent.filter((id) => !told().has(id)), { timeout: 40_000, interval: 200 })
    .toEqual([]);
});
