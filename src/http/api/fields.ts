/** The fields of the API: what a text, an address, a date may be. Errors carry a code of their own each. */
import { z } from '@hono/zod-openapi';
import { isId } from '../../core/id.ts';
import { completeUrl, findLinkFault, type LinkFault, parseUrl } from '../../core/parse-url.ts';
import { canonicaliseEmail, canonicaliseIp } from '../../moderation/privacy/pseudonymise.ts';
import { MAX_POST_LENGTH, postIdOf } from '../../moderation/site/post-identity.ts';
import {
  findTextFault,
  isBlank,
  MAX_EMAIL_CHARACTERS,
  MAX_URL_CHARACTERS,
} from '../../moderation/site/storable-text.ts';

const encoder = new TextEncoder();

function issue(code: string, message: string) {
  return { code: 'custom' as const, params: { code }, message };
}

interface TextLimits {
  /** Most characters (UTF-16 units, as WordPress's forms count them). */
  readonly characters?: number;
  /** Most UTF-8 bytes. */
  readonly bytes?: number;
  /** Whether a text of nothing but white space and invisible characters will do. */
  readonly mayBeEmpty?: boolean;
}

/** A text that can be kept as it is sent: without NUL and lone surrogates. */
export function text({ characters, bytes, mayBeEmpty = false }: TextLimits) {
  const schema = z.string().superRefine((value, context) => {
    const fault = findTextFault(value);
    if (fault) context.addIssue(issue(fault.code, fault.message));
    else if (characters !== undefined && value.length > characters) {
      context.addIssue(
        issue('too_long', `This text has ${value.length} characters, ${characters} are allowed.`),
      );
    } else if (bytes !== undefined && value.length * 3 > bytes && encoder.encode(value).length > bytes) {
      context.addIssue(issue('too_long', `This text is longer than ${bytes} bytes of UTF-8.`));
    } else if (!mayBeEmpty && isBlank(value)) context.addIssue(issue('required', 'This field is required.'));
  });
  return characters === undefined ? schema : schema.openapi({ maxLength: characters });
}

/** An e-mail address: it is pseudonymised on arrival and never kept, shown or logged. */
export function email() {
  return text({ characters: MAX_EMAIL_CHARACTERS })
    .superRefine((value, context) => {
      if (!isBlank(value) && canonicaliseEmail(value) === null) {
        context.addIssue(issue('invalid_email', 'Send a valid e-mail address, such as name@example.org.'));
      }
    })
    .openapi({ format: 'email', maxLength: MAX_EMAIL_CHARACTERS });
}

/** An http(s) address without credentials. */
export function httpUrl() {
  return text({ characters: MAX_URL_CHARACTERS })
    .superRefine(requireLink)
    .openapi({ format: 'uri', maxLength: MAX_URL_CHARACTERS });
}

/** The website of an author: one without a scheme is one of the Web. */
export function website() {
  return text({ characters: MAX_URL_CHARACTERS })
    .overwrite(completeUrl)
    .superRefine(requireLink)
    .openapi({ format: 'uri', maxLength: MAX_URL_CHARACTERS });
}

const LINK_FAULTS: Readonly<Record<LinkFault, string>> = {
  scheme: 'Send an address that begins with https:// or http://.',
  credentials: 'An address with a user name or password is not taken.',
  characters: 'Spaces, controls and backslashes are not taken in an address.',
};

function requireLink(value: string, context: z.RefinementCtx<string>): void {
  const fault = findLinkFault(value);
  if (fault !== null) context.addIssue(issue('invalid_url', LINK_FAULTS[fault]));
}

/** An origin as browsers send it, or `self`: any other spelling of it would be compared with, and never match. */
export function pageOrigin() {
  return z.string().superRefine((value, context) => {
    const message = originFault(value);
    if (message !== null) context.addIssue(issue('invalid_origin', message));
  });
}

function originFault(value: string): string | null {
  if (value === 'self') return null;
  const url = value.length <= 300 ? parseUrl(value) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    return 'Send an origin such as https://news.example.';
  }
  if (url.hostname.includes('*')) return 'List each host instead of a *.';
  return url.origin === value ? null : `Send this origin as browsers write it: ${url.origin}.`;
}

/** An IPv4 or IPv6 address: pseudonymised on arrival, like the e-mail address. */
export function ipAddress() {
  return text({ characters: 64 })
    .superRefine((value, context) => {
      if (canonicaliseIp(value) === null)
        context.addIssue(issue('invalid_ip', 'Send an IPv4 or IPv6 address.'));
    })
    .openapi({ description: 'IPv4 or IPv6; it becomes a pseudonym on arrival and is not stored.' });
}

/** An RFC 3339 time with its zone, between 1970 and 9999. */
export function dateTime() {
  return z
    .string()
    .superRefine((value, context) => {
      if (parseDateTime(value) === null) {
        context.addIssue(issue('invalid_date', 'Send a time with a zone, such as 2026-11-23T10:00:00Z.'));
      }
    })
    .openapi({ format: 'date-time' });
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The time a checked text means, or null: Date itself takes 30 February for 2 March. */
export function parseDateTime(value: string): Date | null {
  const match = DATE_TIME.exec(value);
  if (!match) return null;
  const [, year, month, day] = match.map(Number);
  const calendar = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  if (calendar.getUTCMonth() + 1 !== month || calendar.getUTCDate() !== day) return null;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1970 || time.getUTCFullYear() > 9999
    ? null
    : time;
}

/** What names an article: the site's own id of it, its path or its address, percent-encoded or not. */
export function postId() {
  return text({ characters: MAX_ENCODED_POST })
    .superRefine((value, context) => {
      if (postIdOf({ url: null }, value) === null) {
        context.addIssue(issue('too_long', `The name of a post has 1 to ${MAX_POST_LENGTH} characters.`));
      }
    })
    .openapi({
      description:
        'The article: the site’s own id of it, its path or its address. All ways to write an address name the same thread.',
      maxLength: MAX_ENCODED_POST,
    });
}

/** A letter of Bengali or Chinese is nine characters when it is encoded. */
const MAX_ENCODED_POST = 18_000;

/** The id of a comment, a decision and the like. */
export function id() {
  return z
    .string()
    .superRefine((value, context) => {
      if (!isId(value)) context.addIssue(issue('invalid_id', 'Send an id as the service gave it.'));
    })
    .openapi({ format: 'uuid' });
}

/** A page size from a query string. */
export function pageLimit(most: number, usual: number) {
  return z
    .string()
    .optional()
    .transform((value, context) => {
      if (value === undefined) return usual;
      const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
      if (limit >= 1 && limit <= most) return limit;
      context.addIssue(issue('invalid_limit', `limit is a whole number from 1 to ${most}.`));
      return z.NEVER;
    })
    .openapi({ type: 'integer', minimum: 1, maximum: most, default: usual });
}

/** A page cursor from the page before. */
export function cursor() {
  return z.string().max(500).optional().openapi({ description: 'next_cursor of the page before.' });
}

/** How a filter stands to the promised bound on blocked good comments. */
export const promiseView = z
  .object({
    max_ham_blocked: z.number(),
    confidence: z.number(),
    proven: z.boolean().openapi({ description: 'Until then nothing is marked spam without a human.' }),
    held_back_ham: z.int(),
    needed: z.int(),
    missing: z.int(),
    ham_labels_missing: z.int(),
    message: z.string(),
  })
  .openapi('Promise');
