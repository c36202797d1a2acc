/**
 * Telling an Akismet client what a moderator decided: put into an outbox with the decision, sent after it, again until
 * the client's site answers or two and a half days are over.
 */
import { z } from 'zod';
import type { Status } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { OutgoingError } from '../../outgoing.ts';
import type { Service } from '../../service.ts';
import {
  type CallbackEnd,
  type DueCallback,
  endCallbackAttempt,
  insertCallbacks,
  listChecksToTell,
  takeCallback,
} from '../../storage/outgoing/akismet-callbacks.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import type { Actor } from '../actor.ts';
import type { SiteContext } from '../site/site-context.ts';
import { openCallbackKey } from './akismet-callback-key.ts';

/** After each failed attempt, in seconds; after the last the callback is given up. */
const RETRY_SECONDS = [60, 300, 1800, 7200, 21_600, 86_400, 86_400] as const;
/** A lost process's callback is due again after this. */
const TAKEN_SECONDS = 60;

/** Whether a site may ask for callbacks there: on its own host alone, or the service would call for anybody. */
export function isOwnCallback(site: Pick<SiteContext, 'url'>, callback: string): boolean {
  const url = callback.length <= 2000 ? parseUrl(callback) : null;
  if (site.url === null || url === null) return false;
  const http = url.protocol === 'https:' || url.protocol === 'http:';
  return http && url.username === '' && url.password === '' && url.host === new URL(site.url).host;
}

/** Where a decision left a comment. */
export interface DecidedComment {
  readonly id: string;
  readonly status: Status;
}

/**
 * Queues what the clients of these comments are to be told, in the transaction that decides. A report is not told back
 * to the client it came from. Returns how many there are; {@link deliverCallbacks} sends them.
 */
export async function queueCallbacks(
  service: Service,
  trx: Transaction,
  actor: Actor,
  decided: readonly DecidedComment[],
): Promise<number> {
  if (decided.length === 0) return 0;
  const now = service.now();
  const statusOf = new Map(decided.map(({ id, status }) => [id, status]));
  const checks = await listChecksToTell(trx, [...statusOf.keys()], actor.kind === 'key' ? actor.id : '');
  await insertCallbacks(
    trx,
    checks.map((check) => ({
      id: createId(now.getTime(), service.random(10)),
      site_id: check.site_id,
      check_id: check.id,
      spam: isSpam(statusOf.get(check.comment_id ?? ''), check.spam),
      created_at: now,
      next_attempt_at: now,
      last_error: null,
    })),
  );
  return checks.length;
}

/** A comment that waits again, after an undo, is what the client was told at first. */
function isSpam(status: Status | undefined, toldSpam: boolean): boolean {
  return status === undefined || status === 'hold' ? toldSpam : status !== 'approved';
}

/** Sends every callback that is due, one after the other. Returns how many it tried. */
export async function deliverCallbacks(service: Service): Promise<number> {
  for (let count = 0; !service.stopping.aborted; count++) {
    const now = service.now();
    const due = await takeCallback(service.db, now, new Date(now.getTime() + TAKEN_SECONDS * 1000));
    if (!due) return count;
    await endCallbackAttempt(service.db, due.id, await attempt(service, due));
  }
  return 0;
}

async function attempt(service: Service, due: DueCallback): Promise<CallbackEnd> {
  const giveUp = (lastError: string) => ({ deliveredAt: null, nextAttemptAt: null, lastError });
  const key = openCallbackKey(service, due);
  if (key === null) return giveUp('the key was revoked');
  if (due.callback === null || due.post_id === null) return giveUp('the comment is gone');
  try {
    const { status, body } = await service.sendOutgoing({
      url: due.callback,
      method: 'POST',
      // The plugin does not report a change back that this header brought.
      headers: { 'content-type': 'application/json', 'x-akismet-webhook': '1' },
      body: JSON.stringify(toldOf(due, due.post_id, key)),
    });
    if (status >= 200 && status < 300) {
      return { deliveredAt: service.now(), nextAttemptAt: null, lastError: refusalIn(body) };
    }
    if (status === 410) return giveUp('answered 410');
    return again(service, due, `answered ${status}`);
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    return again(service, due, error.code);
  }
}

function again(service: Service, { attempts }: DueCallback, lastError: string): CallbackEnd {
  const seconds = RETRY_SECONDS[attempts - 1];
  const nextAttemptAt = seconds === undefined ? null : new Date(service.now().getTime() + seconds * 1000);
  return { deliveredAt: null, nextAttemptAt, lastError };
}

function toldOf({ check_id: checkId, spam }: DueCallback, postId: string, key: string) {
  return {
    key,
    endpoint: 'comment-check',
    comments: [
      {
        guid: checkId.replaceAll('-', ''),
        result: String(spam),
        ...(/^\d{1,15}$/.test(postId) && { comment_post_ID: postId }),
      },
    ],
  };
}

const answerSchema = z.object({
  comments: z.record(z.string(), z.object({ status: z.string() })),
});

/** The client took the call and will not act on it: somebody changed the comment there since. */
function refusalIn(body: string): string | null {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = answerSchema.safeParse(data);
  const refused =
    parsed.success && Object.values(parsed.data.comments).some(({ status }) => status === 'error');
  return refused ? 'the client did not change the comment' : null;
}
