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
  if (!parsed.success || parsed.data[0] !== order) {
    throw new RefusedError(
      'invalid_value',
      'The cursor is not one that this list gave out: start without one.',
    );
  }
  return { value: parsed.data[1], id: parsed.data[2] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
