/** Reading request bodies: bounded before parsing, strict UTF-8, JSON or form, then a strict schema. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { explainIssue, explainUnknown, listFields } from './explain-issue.ts';
import { type FieldError, ProblemError } from './problem.ts';

/** A comment's 65,525 bytes of text, and room for its other fields. */
export const BODY_LIMIT_BYTES = 64 * 1024 + 16 * 1024;
/** A form writes a letter of two bytes in six, and so does the JSON of PHP: as sent, a body may be so many times longer. */
const ESCAPE_FACTOR = 3;

/** The body's bytes. @throws {ProblemError} `body_too_large`, `unsupported_encoding`. */
export async function readBytes(c: Context, limit: number): Promise<Uint8Array> {
  if (c.req.header('content-encoding') !== undefined) {
    throw new ProblemError('unsupported_encoding', 'Send the body without Content-Encoding.');
  }
  const declared = Number(c.req.header('content-length') ?? 0);
  if (declared > limit) throw tooLarge(limit);
  const { body } = c.req.raw;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ProblemError('body_incomplete', 'The connection ended before the body did: send it again.');
    });
    if (done) break;
    size += value.length;
    if (size > limit) {
      // Cancelled, the socket would be gone before the answer: what still comes is drained by the server for 500 ms.
      reader.releaseLock();
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError('body_too_large', `The body may have ${limit} bytes at most.`);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {ProblemError} `bad_utf8` instead of repairing silently. A byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProblemError('bad_utf8', 'Send the body as valid UTF-8.');
  }
}

/** Whether a call may come without a body: none of its fields is required. */
export function mayBeAbsent(schema: z.ZodType): boolean {
  return schema.safeParse({}).success;
}

/** A JSON or form-encoded body as plain data; `orNone`: no body at all is `{}`, whatever it is called. */
export async function readData(
  c: Context,
  limit: number,
  form: boolean,
  orNone = false,
): Promise<{ data: unknown; text: string; isForm: boolean }> {
  const mediaType = readMediaType(c);
  const isForm = form && mediaType === 'application/x-www-form-urlencoded';
  const isKnown = isForm || mediaType === 'application/json';
  const text = isKnown || orNone ? await readText(c, limit, isForm) : null;
  if (orNone && text === '') return { data: {}, text, isForm };
  if (text === null || !isKnown) {
    const accepted = form ? 'application/json or application/x-www-form-urlencoded' : 'application/json';
    throw new ProblemError('unsupported_media_type', `Send the body as ${accepted}.`);
  }
  return { data: isForm ? parseForm(text) : parseJson(text), text, isForm };
}

/** The media type of the body without its parameters; '' when none is named. */
export function readMediaType(c: Context): string {
  return (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The text of a body of JSON or, `isForm`, of an encoded form: escapes do not count against the limit. */
export async function readText(c: Context, limit: number, isForm: boolean): Promise<string> {
  const bytes = await readBytes(c, limit * (limit <= BODY_LIMIT_BYTES ? ESCAPE_FACTOR : 1));
  if (bytes.length > limit && countUnescaped(bytes, isForm) > limit) throw tooLarge(limit);
  return decodeUtf8(bytes);
}

/** About how many bytes of UTF-8 the body's text has once its escapes (`%C3`, `\\u00e4`, `\\n`) are undone: never too many. */
function countUnescaped(bytes: Uint8Array, isForm: boolean): number {
  const sign = isForm ? 0x25 : 0x5c;
  let count = 0;
  for (let at = 0; at < bytes.length; at++, count++) {
    if (bytes[at] !== sign) continue;
    if (isForm) at += 2;
    else if (bytes[at + 1] === 0x75) at += 5;
    else at += 1;
  }
  return count;
}

/** @throws {ProblemError} `bad_json`. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('bad_json', 'Send one JSON value.');
  }
}

/** Strict where URLSearchParams repairs: bad percent signs, invalid UTF-8 and repeated fields are refused. */
export function parseForm(text: string): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of readPairs(text)) {
    if (fields.has(name)) {
      throw new ProblemError('bad_form', 'A field is repeated: send each field once.');
    }
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** The names and values of an encoded form, in order. @throws {ProblemError} `bad_utf8`. */
export function readPairs(text: string): [name: string, value: string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const name = decodeComponent(at < 0 ? pair : pair.slice(0, at));
      return [name, at < 0 ? '' : decodeComponent(pair.slice(at + 1))];
    });
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // decodeURIComponent refuses both a stray % and percent-encoded bytes that are no UTF-8.
    throw new ProblemError('bad_utf8', 'Percent-encode the form as valid UTF-8.');
  }
}

/** The data as the schema has it. @throws {ProblemError} `invalid` with one entry a field. */
export function validate<T>(schema: z.ZodType<T>, data: unknown, pointer = ''): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw invalid(toFieldErrors(parsed.error, pointer, data, schema));
}

export function invalid(errors: readonly FieldError[]): ProblemError {
  return new ProblemError('invalid', 'Correct the fields that are listed in `errors`.', errors);
}

/** One error for each field: the first of its issues. */
export function toFieldErrors(
  error: z.ZodError,
  base: string,
  data: unknown,
  schema: z.ZodType,
): FieldError[] {
  const byPointer = new Map<string, FieldError>();
  for (const issue of error.issues) {
    for (const found of describeIssue(issue, base, data, schema)) {
      if (!byPointer.has(found.pointer)) byPointer.set(found.pointer, found);
    }
  }
  return [...byPointer.values()];
}

function describeIssue(
  issue: z.core.$ZodIssue,
  base: string,
  data: unknown,
  schema: z.ZodType,
): FieldError[] {
  const pointer = base + issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    const known = listFields(schema, issue.path);
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapePointer(key)}`,
      code: 'unknown_field',
      detail: explainUnknown(key, known),
    }));
  }
  const code = issue.code === 'custom' ? issue.params?.code : undefined;
  if (typeof code === 'string') return [{ pointer, code, detail: issue.message }];
  if (issue.code === 'invalid_type' && readPath(data, issue.path) === undefined) {
    return [{ pointer, code: 'required', detail: 'This field is required.' }];
  }
  if (issue.code === 'invalid_type' && issue.expected === 'object') {
    const [first] = listFields(schema, issue.path);
    const example = first === undefined ? '{…}' : `{"${first}": …}`;
    return [{ pointer, code: 'wrong_type', detail: `Send a JSON object such as ${example}.` }];
  }
  const known: ReadonlyMap<string, string> = new Map(
    Object.entries({
      too_big: 'too_large',
      too_small: 'too_small',
      invalid_type: 'wrong_type',
      invalid_value: 'not_allowed',
      invalid_format: 'wrong_format',
    }),
  );
  return [{ pointer, code: known.get(issue.code) ?? issue.code, detail: explainIssue(issue) }];
}

function readPath(data: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

export function escapePointer(part: string): string {
  return part.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}
