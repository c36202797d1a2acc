/**
 * What PHP and WordPress take of a request where `/v1` is strict: of a name that stands there twice the last value,
 * multipart, parameters in the query, another method behind POST. Limits and UTF-8 are as everywhere.
 */

import type { AppContext } from '../routing/app-context.ts';
import {
  BODY_LIMIT_BYTES,
  decodeUtf8,
  parseJson,
  readBytes,
  readMediaType,
  readPairs,
  readText,
} from '../routing/body.ts';
import { ProblemError } from '../routing/problem.ts';
import { invalidParams } from './error.ts';

export type Parameters = Readonly<Record<string, unknown>>;
type Fields = Readonly<Partial<Record<string, string>>>;

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

/** The fields of a form. @throws {ProblemError} `unsupported_media_type`, and what reading a body throws. */
export async function readFormFields(c: AppContext): Promise<Fields> {
  const fields = await readForm(c);
  if (fields) return fields;
  throw new ProblemError('unsupported_media_type', `Send the body as ${FORM} or ${MULTIPART}.`);
}

/** The parameters of a REST call: those of the body, and of the query what the body does not name. */
export async function readParameters(c: AppContext): Promise<Parameters> {
  const { search } = new URL(c.req.url);
  const query = Object.fromEntries(readPairs(search.slice(1)));
  return { ...query, ...((await readForm(c)) ?? (await readObject(c))) };
}

async function readForm(c: AppContext): Promise<Fields | null> {
  const type = readMediaType(c);
  if (type === FORM) return Object.fromEntries(readPairs(await readText(c, BODY_LIMIT_BYTES, true)));
  return type === MULTIPART ? await readMultipart(c) : null;
}

/** The texts of the form; a file is none, as in PHP. */
async function readMultipart(c: AppContext): Promise<Fields> {
  const bytes = await readBytes(c, BODY_LIMIT_BYTES);
  const text = decodeUtf8(bytes);
  const headers = { 'content-type': c.req.header('content-type') ?? MULTIPART };
  const form = await new Response(text, { headers }).formData().catch(() => {
    throw new ProblemError('bad_form', 'The parts of the form cannot be separated: check its boundary.');
  });
  const fields = new Map<string, string>();
  for (const [name, value] of form) if (typeof value === 'string') fields.set(name, value);
  return Object.fromEntries(fields);
}

/** A call without a body has all its parameters in the query. */
async function readObject(c: AppContext): Promise<Parameters> {
  const text = await readText(c, BODY_LIMIT_BYTES, false);
  if (text === '') return {};
  if (readMediaType(c) !== 'application/json') {
    throw new ProblemError('unsupported_media_type', 'Send the body as JSON or as a form.');
  }
  const data = parseJson(text);
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data };
  throw new ProblemError('bad_json', 'Send one JSON object.');
}

const OVERRIDING = /^(PUT|PATCH|DELETE)$/i;

/**
 * The method that is meant: WordPress's own clients send DELETE and PUT as POST. No other method is overridden, so that
 * what is safe to follow stays safe, and what keeps other sites from a session looks at a POST.
 */
export function readMethod(c: AppContext): string {
  if (c.req.method === 'HEAD') return 'GET';
  const meant = c.req.query('_method') ?? c.req.header('x-http-method-override');
  if (c.req.method !== 'POST' || meant === undefined) return c.req.method;
  return OVERRIDING.test(meant) ? meant.toUpperCase() : 'POST';
}

/** A boolean as WordPress takes it; absent is false. @throws {WordPressError} `rest_invalid_param`. */
export function readBoolean(parameters: Parameters, name: string): boolean {
  const given = parameters[name];
  if (given === undefined) return false;
  const text = typeof given === 'object' ? '' : String(given).toLowerCase();
  if (!/^(true|false|1|0)$/.test(text)) throw invalidParams({ [name]: `${name} is not of type boolean.` });
  return text === 'true' || text === '1';
}
