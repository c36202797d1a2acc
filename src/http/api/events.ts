/** `/v1/events`: what happens in the queue, as server-sent events; `/v1/queue/counts` for those who poll. */
import { z } from '@hono/zod-openapi';
import { describeError } from '../../logging.ts';
import type { Actor } from '../../moderation/actor.ts';
import { type LiveMessage, listenToSite, showQueueCounts } from '../../moderation/queue/live-events.ts';
import type { Service } from '../../service.ts';
import type { App } from '../routing/app-context.ts';
import { isStillGood } from '../routing/auth.ts';
import { addRoute } from '../routing/route.ts';

/** Proxies close what says nothing for a minute. */
const HEARTBEAT_MS = 15_000;
/** A stream ends then and the browser comes back by itself: with a session or a key that may have ended meanwhile. */
const LIFE_MS = 5 * 60_000;
/** A stream outlives its session or key by this at most. */
const CHECK_MS = 2_000;
/** A reader that is this many messages behind is let go; it comes back with its `Last-Event-ID`. */
const MOST_UNREAD = 256;
const RETRY_MS = 2_000;

const counted = z.int().openapi({ description: 'Counted up to 10,000.' });
const queueCounts = z
  .object({
    waiting: counted,
    escalated: counted,
    audit: counted,
    claimed: counted,
    second_looks: counted.openapi({ description: 'Those that the caller can give, counted up to 10,000.' }),
  })
  .openapi('QueueCounts');

export function addEventRoutes(app: App): void {
  addRoute(app, {
    method: 'get',
    path: '/v1/events',
    tag: 'Queue',
    summary: 'Listen to the queue',
    description:
      'Server-sent events: `queue.counts` (at the start and after each change), `queue.changed` ' +
      '(`{changes: [{id, kind, status, decision}]}`), `claim.changed` (`{ids, claimant, until}`), `job.progress` ' +
      '(`{id, kind, state, done, total, phase}`), `reset` (too much was missed: read the queue again). Ids and counts only. ' +
      'Each change is sent at least once; `Last-Event-ID` resumes. The stream ends every five minutes: open it again.',
    scope: 'moderate',
    headers: z.object({
      'last-event-id': z.string().optional().openapi({ description: 'The `id` of the last event seen.' }),
    }),
    answers: {
      200: { description: 'The stream.', schema: z.string(), mediaType: 'text/event-stream' },
    },
    problems: ['too_many_listeners'],
    handle: async (call) => {
      const body = await openStream(
        call.service,
        call.site.id,
        call.actor,
        call.c.req.header('last-event-id'),
        () => isStillGood(call.c, call.actor),
      );
      return call.c.body(body, 200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // nginx would keep the events until its buffer is full.
        'x-accel-buffering': 'no',
      });
    },
  });
  addRoute(app, {
    method: 'get',
    path: '/v1/queue/counts',
    tag: 'Queue',
    summary: 'Count what waits',
    description: 'What `queue.counts` of `/v1/events` tells, for a page that cannot listen.',
    scope: 'moderate',
    answers: { 200: { description: 'The counts.', schema: queueCounts } },
    problems: [],
    handle: async (call) => {
      return call.c.json(await showQueueCounts(call.service, call.site.id, call.actor), 200);
    },
  });
}

async function openStream(
  service: Service,
  siteId: string,
  actor: Actor,
  lastEventId: string | undefined,
  isStillAllowed: () => Promise<boolean>,
): Promise<ReadableStream<Uint8Array>> {
  const { body, write, end } = createTextStream(() => release());
  write(`retry: ${RETRY_MS}\n\n`);
  const stop = await listenToSite(service, siteId, actor, lastEventId, (message) => {
    const taken = write(frame(message));
    if (!taken) close();
    return taken;
  });
  const open = openStreams(service);
  const heartbeat = setInterval(() => write(': still here\n\n') || close(), HEARTBEAT_MS);
  const life = setTimeout(() => close(), LIFE_MS);
  const check = setInterval(() => {
    // A database that is away says nothing of the session: the stream ends by its age then.
    isStillAllowed().then(
      (allowed) => allowed || close(),
      () => undefined,
    );
  }, CHECK_MS);
  const release = () => {
    stop();
    clearInterval(heartbeat);
    clearTimeout(life);
    clearInterval(check);
    open.delete(close);
  };
  function close(): void {
    release();
    try {
      end();
    } catch (error) {
      service.log.debug('stream-not-closed', describeError(error));
    }
  }
  open.add(close);
  if (service.stopping.aborted) close();
  return body;
}

/** A body to write pieces of text to; `write` is false when too much is unread or the body has ended. */
function createTextStream(onCancel: () => void) {
  const encoder = new TextEncoder();
  let end = () => {};
  let write = (_text: string): boolean => false;
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let open = true;
        end = () => {
          if (open) controller.close();
          open = false;
        };
        write = (text) => {
          if (!open || (controller.desiredSize ?? 0) <= 0) return false;
          controller.enqueue(encoder.encode(text));
          return true;
        };
      },
      cancel: onCancel,
    },
    { highWaterMark: MOST_UNREAD },
  );
  return { body, write, end };
}

const streams = new WeakMap<AbortSignal, Set<() => void>>();

/** How to end each stream that is open: one listener for all of them when a stop begins. */
function openStreams({ stopping }: Service): Set<() => void> {
  const known = streams.get(stopping);
  if (known) return known;
  const open = new Set<() => void>();
  streams.set(stopping, open);
  stopping.addEventListener('abort', () => {
    for (const close of [...open]) close();
  });
  return open;
}

function frame({ id, event, data }: LiveMessage): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
