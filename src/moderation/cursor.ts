/** Opaque page cursors: where the last page ended, checked strictly when they come back. */
import { z } from 'zod';
import { isId } from '../core/id.ts';
import { RefusedError } from './refused-error.ts';

const shape = z.tuple([z.string(), z.number(), z.string().refine(isId)]);

export interface Cursor {
  readonly value: number;
  readonly id: string;
}

/** `order` is part of the cursor, so that one of another order is refused instead of giving a wrong page. */
export function writeCursor(order: string, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([order, cursor.value, cursor.id])).toString('base64url');
}

/** @throws {RefusedError} `invalid_value` for what {@link writeCursor} did not write for this order. */
export function readCursor(order: string, text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const parsed = shape.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success || parsed.data[0] !== order) throw foreignCursor();
  return { value: parsed.data[1], id: parsed.data[2] };
}

/** The newest time that a date with a year of four digits can mean. */
const NEWEST_MS = Date.UTC(10_000, 0) - 1;

/** Where a list ended that is sorted by time. @throws {RefusedError} `invalid_value`, also for what is no time since 1970. */
export function readTimeCursor(
  order: string,
  text: string | undefined,
): { readonly at: Date; readonly id: string } | null {
  const cursor = readCursor(order, text);
  if (!cursor) return null;
  if (!(cursor.value >= 0 && cursor.value <= NEWEST_MS)) throw foreignCursor();
  return { at: new Date(cursor.value), id: cursor.id };
}

function foreignCursor(): RefusedError {
  return new RefusedError(
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
