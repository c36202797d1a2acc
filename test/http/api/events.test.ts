import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../../src/moderation/actor.ts';
import { queueJob, runJobs } from '../../../src/moderation/jobs.ts';
import { decideComment } from '../../../src/moderation/queue/decide.ts';
import type { Client } from '../../support/client.ts';
import { createTestService, DATABASES, drawingAll, type TestService } from '../../support/databases.ts';
import { createTestSite, submission } from '../../support/site.ts';

const actor: Actor = { kind: 'system', id: 'test', name: 'test', siteId: null, scopes: ['admin'] };

interface Message {
  id?: string;
  event: string;
  data: Record<string, unknown> & { changes?: { id: string; kind: string }[]; ids?: string[] };
}

/** An open stream: its messages so far, and the next one that satisfies a condition. */
interface Stream {
  readonly seen: Message[];
  readonly next: (wanted: (message: Message) => boolean) => Promise<Message>;
  /** Resolves when the service ends the stream. */
  readonly end: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

function parse(block: string): Message | null {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  const event = fields.get('event');
  if (event === undefined) return null;
  const id = fields.get('id');
  return { ...(id !== undefined && { id }), event, data: JSON.parse(fields.get('data') ?? '') };
}

async function listen(client: Client, key: string, lastEventId?: string): Promise<Stream> {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  if (lastEventId !== undefined) headers.set('last-event-id', lastEventId);
  const response = await client.app.request('/v1/events', { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const seen: Message[] = [];
  let rest = '';
  let taken = 0;
  const read = async (): Promise<boolean> => {
    const { done, value } = await reader.read();
    if (done) return false;
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = parse(block);
      if (message) seen.push(message);
    }
    return true;
  };
  return {
    seen,
    next: async (wanted) => {
      for (;;) {
        while (taken < seen.length) {
          const message = seen[taken++];
          if (message && wanted(message)) return message;
        }
        if (!(await read())) throw new Error('the stream has ended');
      }
    },
    end: async () => {
      while (await read());
    },
    leave: () => reader.cancel(),
  };
}

const isChange = (id: string, kind?: string) => (message: Message) =>
  message.data.changes?.some((change) => change.id === id && (kind ?? change.kind) === change.kind) ?? false;

describe.each(DATABASES)('the events on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { random: drawingAll });
  });
  afterAll(() => service.close());

  async function open(slug: string) {
    const { client, keyFor } = await createTestSite(service, slug, { premoderate: true });
    const key = await keyFor(['moderate']);
    const send = async () => {
      service.clock.advance(1);
      return (await client.post<{ id: string }>('/v1/comments', submission())).body.id;
    };
    return { client, key, keyFor, send };
  }

  test('a stream begins with the counts, and tells what changes with the new counts', async () => {
    const { client, key, send } = await open('live');
    await send();
    const stream = await listen(client, key);
    expect((await stream.next(({ event }) => event === 'queue.counts')).data).toEqual({
      waiting: 1,
      escalated: 0,
      audit: 0,
      claimed: 0,
      second_looks: 0,
    });
    const id = await send();
    expect((await stream.next(isChange(id))).data.changes).toEqual([
      { id, kind: 'comment.received', status: 'hold' },
    ]);
    expect((await stream.next(({ event }) => event === 'queue.counts')).data.waiting).toBe(2);
    await client.post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    const decided = await stream.next(isChange(id, 'comment.decided'));
    expect(decided.data.changes).toEqual([
      { id, kind: 'comment.decided', status: 'approved', decision: 'approve' },
    ]);
    expect((await client.get('/v1/queue/counts')).body).toMatchObject({ waiting: 1 });
    await stream.leave();
  });

  test('each listener hears how many second looks are theirs to give', async () => {
    const { client, key, keyFor, send } = await open('looks');
    const own = await keyFor(['moderate'], 'own');
    const ids = [await send(), await send()];
    const streams = [await listen(client, own), await listen(client, key), await listen(client, key)];
    for (const id of ids) await client.as(own).post(`/v1/comments/${id}/decisions`, { decision: 'approve' });
    for (const stream of streams) {
      await stream.next(({ event, data }) => event === 'queue.counts' && data.waiting === 0);
    }
    const heard = streams.map(({ seen }) => seen.findLast(({ event }) => event === 'queue.counts')?.data);
    expect(heard.map((data) => data?.second_looks)).toEqual([0, 2, 2]);
    const late = await listen(client, own);
    expect((await late.next(({ event }) => event === 'queue.counts')).data.second_looks).toBe(0);
    await Promise.all([...streams, late].map((stream) => stream.leave()));
  });

  test('after a break Last-Event-ID brings what was missed, once and in order', async () => {
    const { client, key, send } = await open('resumed');
    const first = await listen(client, key);
    const before = await send();
    const { id: lastId } = await first.next(isChange(before));
    await first.leave();
    const missed = [await send(), await send()];
    const second = await listen(client, key, lastId);
    await second.next(({ event }) => event === 'queue.counts');
    const after = await send();
    await second.next(isChange(after));
    const told = second.seen.flatMap(({ data }) => data.changes ?? []).map(({ id }) => id);
    expect(told).toEqual([...missed, after]);
    await second.leave();
  });

  test('who cannot be told what was missed is told to read anew', async () => {
    const { client, key } = await open('reset');
    const stream = await listen(client, key, 'of another service');
    expect((await stream.next(() => true)).event).toBe('reset');
    await stream.leave();
  });

  test('a site hears nothing of another', async () => {
    const [one, other] = [await open('one'), await open('other')];
    const stream = await listen(one.client, one.key);
    const foreign = await other.send();
    const own = await one.send();
    await stream.next(isChange(own));
    expect(JSON.stringify(stream.seen)).not.toContain(foreign);
    await stream.leave();
  });

  test('another process on the same database is heard', async () => {
    const { client, key, send } = await open('joined');
    const stream = await listen(client, key);
    const id = await send();
    await stream.next(isChange(id));
    const guest = await service.joined();
    const site = await guest.db.selectFrom('site').select('id').where('slug', '=', 'joined').execute();
    await decideComment(guest, site[0]?.id ?? '', actor, id, { decision: 'spam' });
    expect((await stream.next(isChange(id, 'comment.decided'))).data.changes).toHaveLength(1);
    await stream.leave();
  });

  test('a queued job is heard of', async () => {
    const { client, key } = await open('jobs');
    const stream = await listen(client, key);
    const site = await service.db.selectFrom('site').select('id').where('slug', '=', 'jobs').execute();
    const job = await queueJob(service, site[0]?.id ?? '', actor, 'count', {});
    expect((await stream.next(({ event }) => event === 'job.progress')).data).toEqual({
      id: job.id,
      kind: 'count',
      state: 'queued',
      done: 0,
      total: null,
      phase: null,
    });
    await stream.leave();
  });

  test('of a running job the progress is told as it goes, and its end', async () => {
    const { client, key } = await open('running');
    const site = await service.db.selectFrom('site').select('id').where('slug', '=', 'running').execute();
    const { id } = await queueJob(service, site[0]?.id ?? '', actor, 'step', {});
    const stream = await listen(client, key);
    let goOn: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const done = runJobs(service, {
      step: async (_service, _job, progress) => {
        await progress(3, 7, 'walking');
        await heard;
        return {};
      },
    });
    const progress = (state: string) => (message: Message) =>
      message.event === 'job.progress' && message.data.id === id && message.data.state === state;
    const told = await stream.next((message) => progress('running')(message) && message.data.done === 3);
    expect(told.data).toEqual({ id, kind: 'step', state: 'running', done: 3, total: 7, phase: 'walking' });
    goOn();
    await done;
    expect((await stream.next(progress('succeeded'))).data).toMatchObject({ done: 3, total: 7, phase: null });
    await stream.leave();
  });

  test('a key without the scope to moderate hears nothing', async () => {
    const { client, keyFor } = await createTestSite(service, 'scoped');
    const reader = client.as(await keyFor(['read', 'submit']));
    expect((await reader.get('/v1/events')).status).toBe(403);
  });
});

test('a service that stops ends its streams', async () => {
  const service = await createTestService('pglite');
  const { client, keyFor } = await createTestSite(service, 'stopped', {});
  const stream = await listen(client, await keyFor(['moderate']));
  const ended = stream.end();
  await service.close();
  await ended;
});

test('two hundred may listen to a site; the next one is told to poll', async () => {
  const service = await createTestService('pglite');
  const { client, keyFor } = await createTestSite(service, 'crowded', {});
  const key = await keyFor(['moderate']);
  const streams: Stream[] = [];
  for (let at = 0; at < 200; at++) streams.push(await listen(client, key));
  const refused = await client.as(key).get<{ code: string }>('/v1/events');
  expect([refused.status, refused.body.code]).toEqual([503, 'too_many_listeners']);
  await streams[0]?.leave();
  await (await listen(client, key)).leave();
  await service.close();
});

test('who asks by HEAD does not listen: after more of them than may listen, one still can', async () => {
  const service = await createTestService('pglite');
  const { client, keyFor } = await createTestSite(service, 'asked', {});
  const key = await keyFor(['moderate']);
  const headers = { authorization: `Bearer ${key}` };
  for (let at = 0; at < 210; at++) {
    const { status, body } = await client.app.request('/v1/events', { method: 'HEAD', headers });
    expect([status, body]).toEqual([200, null]);
  }
  await (await listen(client, key)).leave();
  await service.close();
});
