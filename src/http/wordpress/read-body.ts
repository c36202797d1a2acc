/** What a WordPress client sends of a new comment, to a submission. */

import { completeUrl, findLinkFault } from '../../core/parse-url.ts';
import { canonicaliseEmail } from '../../moderation/privacy/pseudonymise.ts';
import type { Settings } from '../../moderation/site/settings.ts';
import {
  findTextFault,
  isBlank,
  MAX_CONTENT_BYTES,
  MAX_EMAIL_CHARACTERS,
  MAX_NAME_CHARACTERS,
  MAX_URL_CHARACTERS,
} from '../../moderation/site/storable-text.ts';
import type { Submission } from '../../moderation/submit/submission.ts';
import { ipAddress, parseDateTime, postId } from '../api/fields.ts';
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
  const { authorName, authorEmail, content } = fields;
  const authorUrl = completeUrl(fields.authorUrl);
  for (const value of [authorName, content]) {
    if (findTextFault(value)) {
      const message = 'A NUL character or half a surrogate pair cannot be kept: remove it.';
      throw new CommentFault(message, 'rest_comment_content_invalid', 'require_valid_comment');
    }
  }
  const nameMissing = authorName.trim() === '' ? settings.require_name : isBlank(authorName);
  const emailMissing = settings.require_email && authorEmail.trim() === '';
  if (nameMissing || emailMissing) {
    throw new CommentFault(
      'Please fill the required fields.',
      'rest_comment_author_data_required',
      'require_name_email',
    );
  }
  requireLength('comment_author_column_length', 'name', authorName, MAX_NAME_CHARACTERS);
  requireLength('comment_author_email_column_length', 'email address', authorEmail, MAX_EMAIL_CHARACTERS);
  requireLength('comment_author_url_column_length', 'URL', fields.authorUrl.trim(), MAX_URL_CHARACTERS);
  if (authorEmail.trim() !== '' && canonicaliseEmail(authorEmail) === null) {
    const message = 'Please enter a valid email address.';
    throw new CommentFault(message, 'rest_invalid_param', 'require_valid_email', 'author_email');
  }
  if (authorUrl !== '' && findLinkFault(authorUrl) !== null) {
    const message = 'Invalid URL: it should begin with https:// or http://.';
    throw new CommentFault(message, 'rest_invalid_param', 'require_valid_url', 'author_url');
  }
  if (Buffer.byteLength(content) > MAX_CONTENT_BYTES) {
    throw tooLong('comment_content_column_length', 'comment');
  }
  if (isBlank(content)) {
    const message = 'Please type your comment text.';
    throw new CommentFault(message, 'rest_comment_content_invalid', 'require_valid_comment');
  }
}

/** Whether something can be the id of a post: `0` is none in WordPress. */
export function isPostId(value: string): boolean {
  return value !== '0' && postId().safeParse(value).success;
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
    throw invalidParams({ author_ip: 'is not an IP address.' });
  const agent = textOf(data.author_user_agent);
  const fault = findTextFault(agent);
  if (fault) throw invalidParams({ author_user_agent: fault.message });
  return {
    authorIp: ip || null,
    // Cut between characters, as what is sent is whole.
    authorUserAgent: agent.slice(0, 1000).replace(/[\ud800-\udbff]$/, '') || null,
    dateGmt: readDate(data, textOf(data.date_gmt) === '' ? 'date' : 'date_gmt'),
  };
}

function readDate(data: Readonly<Record<string, unknown>>, name: 'date' | 'date_gmt'): Date | null {
  const given = textOf(data[name]);
  if (given === '') return null;
  const date = parseDateTime(completeDate(given));
  if (!date) throw invalidParams({ [name]: 'Invalid date.' });
  return date;
}

/** A date as MySQL or WordPress writes it, in full: `T` between day and time, and UTC where no zone is named. */
export function completeDate(text: string): string {
  const joined = text.replace(/^(\d{4}-\d\d-\d\d)[ t](?=\d)/, '$1T');
  return /(Z|[+-]\d\d:?\d\d)$/.test(joined) ? joined : `${joined}Z`;
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
    authorUrl: completeUrl(fields.authorUrl) || null,
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
