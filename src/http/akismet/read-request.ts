/**
 * The fields of a comment-check or a report as a submission. A field that is not named here is dropped: WordPress's
 * plugin sends every form field (`POST_*`) and header (`HTTP_*`) with each comment.
 */
import { createHash } from 'node:crypto';
import { readLink } from '../../core/parse-url.ts';
import type { AkismetRequest } from '../../moderation/clients/akismet-answer.ts';
import { canonicaliseIp } from '../../moderation/privacy/pseudonymise.ts';
import { postIdOf } from '../../moderation/site/post-identity.ts';
import {
  MAX_ADDRESS_CHARACTERS,
  MAX_CONTENT_BYTES,
  MAX_EMAIL_CHARACTERS,
  MAX_NAME_CHARACTERS,
  MAX_URL_CHARACTERS,
} from '../../moderation/site/storable-text.ts';
import type { AkismetFields } from './read-fields.ts';

/** What stands for the article when the client names none. */
const NO_POST = 'akismet';

/** Cut to the lengths that are stored; what is no address or date is left out rather than refused. */
export function readRequest(fields: AkismetFields): Omit<AkismetRequest, 'blog' | 'callback'> & {
  readonly callback: string | null;
} {
  const permalink = present(fields.get('permalink'));
  const ip = present(fields.get('user_ip') ?? fields.get('comment_author_IP'));
  return {
    comment: {
      post: readPost(fields, permalink),
      content: cutBytes(fields.get('comment_content') ?? '', MAX_CONTENT_BYTES),
      authorName: cut(fields.get('comment_author'), MAX_NAME_CHARACTERS)?.trim() ?? '',
      authorEmail: cut(fields.get('comment_author_email'), MAX_EMAIL_CHARACTERS),
      authorUrl: readLink(fields.get('comment_author_url') ?? '', MAX_URL_CHARACTERS),
      authorIp: ip !== null && canonicaliseIp(ip) !== null ? ip : null,
      authorUserAgent: cut(fields.get('user_agent') ?? fields.get('comment_agent'), 1000),
      referrer: cut(fields.get('referrer') ?? fields.get('referer'), 2000),
      parent: null,
      postUrl: readLink(permalink ?? '', MAX_ADDRESS_CHARACTERS),
      postTitle: null,
      dateGmt: readDate(fields.get('comment_date_gmt')),
      honeypot: isHoneypotFilled(fields) ? 'filled' : null,
      elapsedMs: null,
      commentType: readType(fields),
    },
    userRoles: (fields.get('user_role') ?? '').split(',').map((role) => role.trim().toLowerCase()),
    isTest: /^(1|true|yes)$/i.test(fields.get('is_test') ?? ''),
    preCheck: /^(1|true)$/i.test(fields.get('akismet_pre_check') ?? ''),
    recheckReason: present(fields.get('recheck_reason')),
    guid: present(fields.get('guid')),
    callback: present(fields.get('callback')),
  };
}

/** In one writing; Discourse sends `content_type`. What says nothing but “a comment” is null. */
function readType(fields: AkismetFields): string | null {
  const type = present(fields.get('comment_type') ?? fields.get('content_type'))?.toLowerCase() ?? 'comment';
  return type === 'comment' || !/^[a-z][a-z0-9_-]{0,39}$/.test(type) ? null : type;
}

/** Under its own name, or as WordPress's plugin repeats every field of the form. What was put in is not kept. */
function isHoneypotFilled(fields: AkismetFields): boolean {
  const name = present(fields.get('honeypot_field_name'));
  return name !== null && [name, `POST_${name}`].some((one) => present(fields.get(one)) !== null);
}

/** The client's own id of the article, or its address without what changes between two visits. */
function readPost(fields: AkismetFields, permalink: string | null): string {
  const id = present(fields.get('comment_post_ID'));
  const post = id ?? permalink?.split('#')[0] ?? NO_POST;
  return postIdOf({ url: null }, post) === null
    ? `sha256:${createHash('sha256').update(post).digest('hex')}`
    : post;
}

/** ISO 8601 with or without a zone, or MySQL's form; times are GMT where nothing else is said. */
function readDate(text: string | undefined): Date | null {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(
    (text ?? '').trim(),
  );
  if (!match) return null;
  const date = new Date(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`);
  const year = date.getUTCFullYear();
  return Number.isNaN(date.getTime()) || year < 1970 || year > 9999 ? null : date;
}

function present(text: string | undefined): string | null {
  const trimmed = (text ?? '').trim();
  return trimmed === '' ? null : trimmed;
}

function cut(text: string | undefined, characters: number): string | null {
  if (text === undefined || text.trim() === '') return null;
  return text.slice(0, characters).toWellFormed();
}

function cutBytes(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  // A character that the cut goes through becomes U+FFFD: it is dropped.
  return buffer
    .subarray(0, bytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
