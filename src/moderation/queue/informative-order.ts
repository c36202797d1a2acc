/**
 * The most informative page: what lies nearest to the decision boundary teaches the filter most, but a queue worked by
 * that alone teaches a distorted picture and lets the sure ones starve. So of ten items one is random and one is the
 * oldest of those that wait for more than a day.
 */
import { z } from 'zod';
import { firstIdOf, isId } from '../../core/id.ts';
import type { Service } from '../../service.ts';
import type { QueueFilter, QueueItemRow } from '../../storage/queue/queue.ts';
import {
  type BlendPosition,
  listDrawnLeft,
  listOldestLeft,
  listUncertainLeft,
} from '../../storage/queue/queue-modes.ts';
import { RefusedError } from '../refused-error.ts';

/** Who waits longer gets the next of the oldest's places. */
const AGE_CAP_MS = 24 * 3_600_000;
const ROUND = 10;
const OLDEST_PLACE = 4;
const DRAWN_PLACE = 9;

const id = z.string().refine(isId);
const cursorShape = z.strictObject({
  shown: z.int().min(0),
  before: id,
  uncertain: z.strictObject({ value: z.number(), id }).nullable(),
  oldest: id.nullable(),
  drawn: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .nullable(),
});
type BlendCursor = z.infer<typeof cursorShape>;

/**
 * A page of the blend; each item comes once, whatever list it came from.
 *
 * @throws {RefusedError} `invalid_value` for a cursor of another list.
 */
export async function listBlend(
  service: Service,
  filter: QueueFilter,
  cursorText: string | undefined,
  limit: number,
): Promise<{ rows: QueueItemRow[]; next: string | null }> {
  const cursor = readBlendCursor(service, cursorText);
  const { db } = service;
  const oldest = await listOldestLeft(db, filter, cursor, cursor.before, placesOf(cursor.shown, limit));
  const uncertainAt: BlendPosition = { ...cursor, oldest: oldest.at(-1)?.comment_id ?? cursor.oldest };
  const [uncertain, drawn] = await Promise.all([
    listUncertainLeft(db, filter, uncertainAt, limit + 1),
    listDrawnLeft(db, filter, cursor, limit + 1),
  ]);
  const left = { oldest: [...oldest], uncertain: [...uncertain], drawn: [...drawn] };
  const rows: QueueItemRow[] = [];
  while (rows.length < limit) {
    const row = takeNext(left, (cursor.shown + rows.length) % ROUND);
    if (!row) break;
    rows.push(row);
  }
  const lastUncertain = uncertain[uncertain.length - left.uncertain.length - 1];
  const lastDrawn = drawn[drawn.length - left.drawn.length - 1];
  const next: BlendCursor = {
    shown: cursor.shown + rows.length,
    before: cursor.before,
    uncertain: lastUncertain
      ? { value: lastUncertain.uncertainty, id: lastUncertain.comment_id }
      : cursor.uncertain,
    oldest: uncertainAt.oldest,
    drawn: lastDrawn?.comment_id.slice(-12) ?? cursor.drawn,
  };
  const more = left.uncertain.length + left.drawn.length > 0;
  return { rows, next: more ? Buffer.from(JSON.stringify(next)).toString('base64url') : null };
}

type Lists = Record<'oldest' | 'uncertain' | 'drawn', QueueItemRow[]>;

function takeNext({ oldest, uncertain, drawn }: Lists, place: number): QueueItemRow | undefined {
  const first = place === OLDEST_PLACE ? oldest.shift() : place === DRAWN_PLACE ? drawn.shift() : undefined;
  return first ?? uncertain.shift() ?? drawn.shift() ?? oldest.shift();
}

/** How many of the oldest's places a page has. */
function placesOf(shown: number, limit: number): number {
  const upTo = (count: number) => Math.floor((count + ROUND - 1 - OLDEST_PLACE) / ROUND);
  return upTo(shown + limit) - upTo(shown);
}

function readBlendCursor(service: Service, text: string | undefined): BlendCursor {
  if (text === undefined) {
    const before = firstIdOf(service.now().getTime() - AGE_CAP_MS);
    return { shown: 0, before, uncertain: null, oldest: null, drawn: null };
  }
  const parsed = cursorShape.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new RefusedError(
    'invalid_value',
    'The cursor is not one that this list gave out: start without one.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
