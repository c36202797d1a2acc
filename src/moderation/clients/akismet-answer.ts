/** What an Akismet client asks and is told. */
import type { CommentRow } from '../../storage/comments.ts';
import type { SiteContext } from '../site/site-context.ts';
import type { Submission } from '../submit/submission.ts';

/** What a client says of a comment beside the comment. */
export interface AkismetRequest {
  readonly comment: Submission;
  /** The host that the client names as its own. */
  readonly blog: string;
  readonly userRoles: readonly string[];
  readonly isTest: boolean;
  /** Asked before there is a comment: WordPress's plugin does when a pingback announces one. */
  readonly preCheck: boolean;
  /** Why it is asked again; null: it is new. */
  readonly recheckReason: string | null;
  readonly guid: string | null;
  /** Where to tell a moderator's decision; checked by `isOwnCallback`. */
  readonly callback: string | null;
}

/** What is told of a comment: one bit, and how to take it. */
export interface AkismetVerdict {
  readonly spam: boolean;
  /** Blatant: the client need not keep it. */
  readonly discard: boolean;
  /** null: this answer stands. */
  readonly recheckAfterSeconds: number | null;
}

export interface AkismetAnswer extends AkismetVerdict {
  /** 32 hexadecimal digits. */
  readonly guid: string;
  /** The comment as it is kept here; null: nothing was kept. */
  readonly commentId: string | null;
}

export const HAM = { spam: false, discard: false, recheckAfterSeconds: null } as const;
export const SPAM = { spam: true, discard: false, recheckAfterSeconds: null } as const;

/** What a client is told of a comment that stands where this one does. */
export function answerOf(
  { settings }: Pick<SiteContext, 'settings'>,
  { status, verdict }: Pick<CommentRow, 'status' | 'verdict'>,
): AkismetVerdict {
  if (status === 'approved') return HAM;
  if (status === 'trash') return { ...SPAM, discard: true };
  if (status === 'spam' || verdict === 'spam' || settings.akismet_unsure === 'spam') return SPAM;
  const recheck = settings.akismet_unsure === 'recheck';
  return { ...HAM, recheckAfterSeconds: recheck ? settings.akismet_recheck_seconds : null };
}

/** An id as the clients are told it. */
export function toGuid(id: string): string {
  return id.replaceAll('-', '');
}

/** The id behind a guid, or null for what we never told. */
export function fromGuid(guid: string): string | null {
  const hex = guid.trim().toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
