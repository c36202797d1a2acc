/**
 * What Akismet's clients send, read as leniently as Akismet does: forms under any content type (npm's `akismet` sends
 * `charset=utf-8` as one), multipart (PHP's curl), JSON (Coral), other charsets, repeated and unknown fields.
 */
import type { Context } from 'hono';
import { readBytes } from '../routing/body.ts';

/** 65,525 bytes of comment, three times that when percent-encoded, and once more as WordPress's `POST_comment`. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Field names and their last values; of arrays, such as `comment_context[]`, nothing is needed. */
export type AkismetFields = ReadonlyMap<string, string>;

/** @throws {ProblemError} `body_too_large`, `unsupported_encoding`. */
export async function readFields(c: Context): Promise<AkismetFields> {
  const bytes = await readBytes(c, BODY_LIMIT_BYTES);
  const sent = await readBody(bytes, (c.req.header('content-type') ?? '').trim());
  const query = new URL(c.req.url).searchParams;
  return new Map([...query].concat([...sent]));
}

async function readBody(bytes: Uint8Array, type: string): Promise<Map<string, string>> {
  if (/json/i.test(type)) return readJson(bytes);
  if (/^multipart\/form-data/i.test(type)) return await readMultipart(bytes, type);
  return readForm(Buffer.from(bytes).toString('latin1'));
}

/** What PHP's curl makes of an array, and JavaScript of a FormData. */
async function readMultipart(bytes: Uint8Array, type: string): Promise<Map<string, string>> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
    return new Map(
      [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, clean(value)]] : [])),
    );
  } catch {
    return new Map();
  }
}

function readJson(bytes: Uint8Array): Map<string, string> {
  const fields = new Map<string, string>();
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return fields;
  }
  if (typeof data !== 'object' || data === null) return fields;
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'string') fields.set(name, clean(value));
    else if (typeof value === 'number' || typeof value === 'boolean') fields.set(name, String(value));
  }
  return fields;
}

/** A form whose percent-encoded bytes are UTF-8, or what `blog_charset` says, or Windows-1252. */
function readForm(text: string): Map<string, string> {
  const raw = new Map<string, Uint8Array>();
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    const name = Buffer.from(unescapeBytes(at < 0 ? pair : pair.slice(0, at))).toString('latin1');
    if (name !== '') raw.set(name, at < 0 ? new Uint8Array() : unescapeBytes(pair.slice(at + 1)));
  }
  const charset = Buffer.from(raw.get('blog_charset') ?? []).toString('latin1');
  return new Map([...raw].map(([name, bytes]) => [name, clean(decode(bytes, charset))]));
}

/** A percent sign that begins no escape stands for itself. */
function unescapeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const hex = text[at] === '%' ? text.slice(at + 1, at + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      bytes[length++] = Number.parseInt(hex, 16);
      at += 2;
    } else bytes[length++] = text[at] === '+' ? 0x20 : text.charCodeAt(at);
  }
  return bytes.subarray(0, length);
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return (
      decodeAs(bytes, charset) ?? decodeAs(bytes, 'windows-1252') ?? Buffer.from(bytes).toString('latin1')
    );
  }
}

function decodeAs(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return null;
  }
}

/** Without what PostgreSQL refuses (NUL) or changes silently (half a surrogate pair). */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
