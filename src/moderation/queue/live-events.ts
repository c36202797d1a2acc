/**
 * What happens on a site, told while it happens to everybody who listens: what changed in the queue, who holds what,
 * how far jobs are. Ids and counts only.
 *
 * Every process reads the event table once in {@link POLL_MS} for each site that somebody listens to, however many they
 * are: it works alike on PGlite and PostgreSQL, behind a connection pooler, and across processes.
 */
import { describeError } from '../../logging.ts';
import type { Service } from '../../service.ts';
import { type EventRow, hasEvent, lastEventSeq, listEvents } from '../../storage/events.ts';
import { listJobs } from '../../storage/jobs.ts';
import { countQueueParts, type QueueParts } from '../../storage/queue/queue-counts.ts';
import { countSecondLooksOf } from '../../storage/queue/second-reviews.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';

/** One message of the stream; those with an `id` can be resumed after. */
export interface LiveMessage {
  readonly id?: string;
  readonly event: 'queue.counts' | 'queue.changed' | 'claim.changed' | 'job.progress' | 'reset';
  readonly data: Readonly<Record<string, unknown>>;
}

/** Takes a message; false when it cannot take more, and is then forgotten. */
export type Deliver = (message: LiveMessage) => boolean;

const POLL_MS = 500;
/** An event whose transaction was slower than this may have an older number than what was told already. */
const LATE_POLLS = 20;
const MOST_EVENTS = 2000;
const IDS_A_MESSAGE = 200;
const MOST_LISTENERS = 200;
const JOBS_SHOWN = 20;

interface Channel {
  readonly siteId: string;
  /** With the actor that each tells. */
  readonly listeners: Map<Deliver, string>;
  /** Everything up to here was told long ago. */
  floor: string;
  /** What was told after {@link floor}, with the poll that told it. */
  readonly told: Map<string, number>;
  readonly jobs: Map<string, string>;
  polls: number;
  timer: NodeJS.Timeout | undefined;
}

const hubs = new WeakMap<object, Map<string, Channel>>();

/**
 * Tells a listener everything from now on, after what it missed since the event `lastEventId` (a `reset` instead when
 * that is more than can be told: read everything anew). Begins with the counts. Returns how to stop listening.
 *
 * @throws {RefusedError} `too_many_listeners`.
 */
export async function listenToSite(
  service: Service,
  siteId: string,
  actor: Actor,
  lastEventId: string | undefined,
  deliver: Deliver,
): Promise<() => void> {
  const channel = await openChannel(service, siteId);
  if (channel.listeners.size >= MOST_LISTENERS) {
    throw new RefusedError('too_many_listeners', 'Too many listen already: poll /v1/queue/counts instead.', {
      retry_after: 30,
    });
  }
  const stop = () => {
    channel.listeners.delete(deliver);
    if (channel.listeners.size === 0) closeChannel(service, channel);
  };
  const reference = actorReference(actor);
  channel.listeners.set(deliver, reference);
  try {
    for (const message of await missedSince(service, siteId, lastEventId)) deliver(message);
    for (const message of (await countsMessages(service, siteId, [reference]))(reference)) deliver(message);
    for (const message of await jobMessages(service, siteId, new Map())) deliver(message);
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

export interface QueueCounts extends QueueParts {
  /** Those that the actor can give. */
  readonly second_looks: number;
}

/** What waits on a site, counted up to 10,000 each: what a page without a stream polls. */
export async function showQueueCounts(service: Service, siteId: string, actor: Actor): Promise<QueueCounts> {
  const reference = actorReference(actor);
  return (await countFor(service, siteId, [reference]))(reference);
}

async function countFor(
  service: Service,
  siteId: string,
  actors: readonly string[],
): Promise<(actor: string) => QueueCounts> {
  const [parts, looks] = await Promise.all([
    countQueueParts(service.db, siteId, service.now()),
    countSecondLooksOf(service.db, siteId, actors),
  ]);
  return (actor) => ({ ...parts, second_looks: looks.get(actor) ?? 0 });
}

async function openChannel(service: Service, siteId: string): Promise<Channel> {
  const channels = hubs.get(service.db) ?? new Map<string, Channel>();
  hubs.set(service.db, channels);
  const floor = await lastEventSeq(service.db, siteId);
  const open = channels.get(siteId);
  if (open) return open;
  const channel: Channel = {
    siteId,
    listeners: new Map(),
    floor,
    told: new Map(),
    jobs: new Map(),
    polls: 0,
    timer: undefined,
  };
  channels.set(siteId, channel);
  schedule(service, channel);
  return channel;
}

function closeChannel(service: Service, channel: Channel): void {
  clearTimeout(channel.timer);
  channel.timer = undefined;
  hubs.get(service.db)?.delete(channel.siteId);
}

function schedule(service: Service, channel: Channel): void {
  channel.timer = setTimeout(() => {
    if (service.stopping.aborted) return closeChannel(service, channel);
    service.background(async () => {
      try {
        await poll(service, channel);
      } catch (error) {
        // The database is away: the listeners stay, and hear what they missed when it is back.
        service.log.warn('events-not-read', describeError(error));
      }
      if (channel.timer !== undefined) schedule(service, channel);
    });
  }, POLL_MS);
  channel.timer.unref?.();
}

async function poll(service: Service, channel: Channel): Promise<void> {
  channel.polls += 1;
  const rows = await listEvents(service.db, channel.siteId, channel.floor, MOST_EVENTS);
  if (rows.length === MOST_EVENTS) return await startAnew(service, channel);
  const fresh = rows.filter((row) => !channel.told.has(row.seq));
  for (const row of fresh) channel.told.set(row.seq, channel.polls);
  for (const [seq, told] of channel.told) {
    if (told >= channel.polls - LATE_POLLS) continue;
    channel.told.delete(seq);
    if (BigInt(seq) > BigInt(channel.floor)) channel.floor = seq;
  }
  const changes = toMessages(fresh);
  const counts = changes.length > 0 ? await countsOfAll(service, channel) : null;
  const jobs = await jobMessages(service, channel.siteId, channel.jobs);
  broadcast(service, channel, (actor) => [...changes, ...(counts?.(actor) ?? []), ...jobs]);
}

/** More happened than can be told: everybody reads anew. */
async function startAnew(service: Service, channel: Channel): Promise<void> {
  channel.floor = await lastEventSeq(service.db, channel.siteId);
  channel.told.clear();
  const counts = await countsOfAll(service, channel);
  const reset: LiveMessage = { id: channel.floor, event: 'reset', data: {} };
  broadcast(service, channel, (actor) => [reset, ...counts(actor)]);
}

function broadcast(
  service: Service,
  channel: Channel,
  messagesFor: (actor: string) => readonly LiveMessage[],
): void {
  for (const [deliver, actor] of [...channel.listeners]) {
    if (!messagesFor(actor).every((message) => deliver(message))) channel.listeners.delete(deliver);
  }
  if (channel.listeners.size === 0) closeChannel(service, channel);
}

async function countsOfAll(service: Service, { siteId, listeners }: Channel) {
  return await countsMessages(service, siteId, [...listeners.values()]);
}

async function missedSince(
  service: Service,
  siteId: string,
  lastEventId: string | undefined,
): Promise<LiveMessage[]> {
  if (lastEventId === undefined) return [];
  // A number that no event can have: a stream of another service, or none.
  if (!/^\d{1,18}$/.test(lastEventId)) return [{ event: 'reset', data: {} }];
  const rows = await listEvents(service.db, siteId, lastEventId, MOST_EVENTS);
  // The event that was seen last is gone with its age, and with it perhaps some that came after.
  const trimmed = lastEventId !== '0' && !(await hasEvent(service.db, siteId, lastEventId));
  if (trimmed || rows.length === MOST_EVENTS) {
    return [{ id: await lastEventSeq(service.db, siteId), event: 'reset', data: {} }];
  }
  return toMessages(rows);
}

/** Changes of comments together, up to {@link IDS_A_MESSAGE} in one message, claims one by one, in their order. */
function toMessages(rows: readonly EventRow[]): LiveMessage[] {
  const messages: LiveMessage[] = [];
  let changes: Record<string, unknown>[] = [];
  let last = '';
  const flush = () => {
    if (changes.length > 0) messages.push({ id: last, event: 'queue.changed', data: { changes } });
    changes = [];
  };
  for (const { seq, kind, subject, data } of rows) {
    if (kind === 'claim.changed') {
      flush();
      messages.push({ id: seq, event: 'claim.changed', data });
    } else if (kind.startsWith('comment.')) {
      const { status, decision } = data;
      changes.push({ id: subject, kind, ...(status !== undefined && { status, decision }) });
      last = seq;
      if (changes.length === IDS_A_MESSAGE) flush();
    }
  }
  flush();
  return messages;
}

async function countsMessages(
  service: Service,
  siteId: string,
  actors: readonly string[],
): Promise<(actor: string) => LiveMessage[]> {
  const counts = await countFor(service, siteId, actors);
  // Whoever came while it was counted hears their own counts first.
  return (actor) => (actors.includes(actor) ? [{ event: 'queue.counts', data: { ...counts(actor) } }] : []);
}

/** The newest jobs as far as they are not as `known`, which is brought up to date. */
async function jobMessages(
  service: Service,
  siteId: string,
  known: Map<string, string>,
): Promise<LiveMessage[]> {
  const rows = await listJobs(service.db, siteId, JOBS_SHOWN);
  const first = known.size === 0;
  const messages: LiveMessage[] = [];
  for (const { id, kind, state, done, total, phase } of rows) {
    const now = `${state} ${done} ${total} ${phase}`;
    if (known.get(id) === now) continue;
    known.set(id, now);
    if (first && state !== 'queued' && state !== 'running') continue;
    messages.push({ event: 'job.progress', data: { id, kind, state, done, total, phase } });
  }
  return messages;
}
