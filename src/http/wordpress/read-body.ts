/** What a WordPress client sends of a new comment, to a submission. */

import { canonicaliseEmail } from '../../moderation/pseudonymise.ts';
import type { Settings } from '../../moderation/settings.ts';
import type { Submission } from '../../moderation/submission.ts';
import { dateTime, httpUrl, ipAddress, parseDateTime, text } from '../api/fields.ts';
import { CONTENT_BYTES } from '../api/submission-body.ts';
import { invalidParams, WordPressError } from './error.ts';

/** The fields that both the form and REST have. */
export interface CommentFields {
  readonly post: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly authorUrl: string;
  readonly content: string;
}

/** A fault in WordPress's words: the REST code and the form's. */
export class CommentFault extends Error {
  override readonly name = 'CommentFault';
  readonly restCode: string;
  readonly formCode: string;
  /** The parameter, where REST names it. */
  readonly param: string | undefined;

  constructor(message: string, restCode: string, formCode: string, param?: string) {
    super(message);
    this.restCode = restCode;
    this.formCode = formCode;
    this.param = param;
  }
}

export function faultToRest(fault: CommentFault): WordPressError {
  if (fault.param !== undefined) return invalidParams({ [fault.param]: fault.message });
  return new WordPressError(fault.restCode, 400, fault.message);
}

/**
 * Checks as WordPress does, in its order: presence, then lengths, then forms.
 *
 * @throws {CommentFault}
 */
export function checkFields(fields: CommentFields, settings: Settings): void {
  const { authorName, authorEmail, authorUrl, content } = fields;
  const nameMissing = settings.require_name && authorName.trim() === '';
  const emailMissing = settings.require_email && authorEmail.trim() === '';
  if (nameMissing || emailMissing) {
    throw new CommentFault(
      'Please fill the required fields.',
      'rest_comment_author_data_required',
      'require_name_email',
    );
  }
  requireLength('comment_author_column_length', 'name', authorName, 245);
  requireLength('comment_author_email_column_length', 'email address', authorEmail, 100);
  requireLength('comment_author_url_column_length', 'URL', authorUrl, 200);
  if (authorEmail.trim() !== '' && canonicaliseEmail(authorEmail) === null) {
    const message = 'Please enter a valid email address.';
    throw new CommentFault(message, 'rest_invalid_param', 'require_valid_email', 'author_email');
  }
  if (authorUrl.trim() !== '' && !httpUrl().safeParse(authorUrl.trim()).success) {
    const message = 'Invalid URL: it should begin with https:// or http://.';
    throw new CommentFault(message, 'rest_invalid_param', 'require_valid_url', 'author_url');
  }
  if (Buffer.byteLength(content) > CONTENT_BYTES) {
    throw tooLong('comment_content_column_length', 'comment');
  }
  for (const value of [authorName, content]) {
    if (!text({ mayBeEmpty: true }).safeParse(value).success) {
      const message = 'A NUL character or half a surrogate pair cannot be kept: remove it.';
      throw new CommentFault(message, 'rest_comment_content_invalid', 'require_valid_comment');
    }
  }
  if (!text({}).safeParse(content).success) {
    const message = 'Please type your comment text.';
    throw new CommentFault(message, 'rest_comment_content_invalid', 'require_valid_comment');
  }
}

/** As WordPress does: an address without anything that says how to get there is one of the Web. */
export function completeUrl(text: string): string {
  const url = text.trim();
  return url === '' || url.includes(':') || /^[/#?]/.test(url) ? url : `http://${url}`;
}

function requireLength(code: string, what: string, value: string, most: number): void {
  if (value.length > most) throw tooLong(code, what);
}

function tooLong(code: string, what: string): CommentFault {
  return new CommentFault(`Your ${what} is too long.`, code, code);
}

/** What a caller that is trusted with it says of the sender. */
export interface Circumstances {
  readonly authorIp: string | null;
  readonly authorUserAgent: string | null;
  readonly dateGmt: Date | null;
}

/** @throws {WordPressError} `rest_invalid_param`. */
export function readCircumstances(data: Readonly<Record<string, unknown>>): Circumstances {
  const ip = textOf(data.author_ip);
  if (ip !== '' && !ipAddress().safeParse(ip).success)
    throw invalidParams({ author_ip: 'is no IP address.' });
  const given = textOf(data.date_gmt) || textOf(data.date);
  const date = given === '' || /(Z|[+-]\d\d:\d\d)$/.test(given) ? given : `${given}Z`;
  if (date !== '' && !dateTime().safeParse(date).success) throw invalidParams({ date_gmt: 'Invalid date.' });
  return {
    authorIp: ip || null,
    authorUserAgent: textOf(data.author_user_agent).slice(0, 1000) || null,
    dateGmt: date === '' ? null : parseDateTime(date),
  };
}

export function toSubmission(
  fields: CommentFields,
  circumstances: Circumstances,
  parent: string | null,
): Submission {
  return {
    post: fields.post,
    content: fields.content,
    authorName: fields.authorName.trim(),
    authorEmail: fields.authorEmail.trim() || null,
    authorUrl: fields.authorUrl.trim() || null,
    ...circumstances,
    referrer: null,
    parent,
    postUrl: null,
    postTitle: null,
    honeypot: null,
    elapsedMs: null,
  };
}

/** A value that is a text or a number as a text, else ''. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
