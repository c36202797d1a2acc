/** What the files of other systems come to, record by record. */
import type { Label, Status } from '../../core/comment.ts';
import { parseUrl } from '../../core/parse-url.ts';

/** What `import_run.format` says of a restore. */
export const RESTORE_FORMAT = 'site';

/** A comment of another system, its addresses still in clear: it goes no further than the import's own step. */
export interface ImportedComment {
  readonly kind: 'comment';
  readonly line: number;
  /** The id it had there; comments name their parents by it. */
  readonly externalId: string;
  readonly parent: string | null;
  readonly post: string;
  readonly postUrl: string | null;
  readonly postTitle: string | null;
  readonly postDate: Date | null;
  readonly authorName: string;
  readonly authorEmail: string | null;
  readonly authorUrl: string | null;
  readonly authorIp: string | null;
  readonly content: string;
  readonly date: Date;
  readonly status: Status;
}

export interface ImportedSample {
  readonly kind: 'sample';
  readonly line: number;
  readonly content: string;
  readonly label: Label;
  readonly authorName: string | null;
  readonly authorUrl: string | null;
}

/** A record that cannot be taken, or (`passed_over`) is none of ours, such as a pingback. */
export interface ImportedNothing {
  readonly kind: 'refused' | 'passed_over';
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

export type ImportedRecord = ImportedComment | ImportedSample | ImportedNothing;

/** Takes a file piece by piece. Both throw an {@link ImportFormatError} where it cannot be read any further. */
export interface ImportParser {
  readonly write: (text: string) => void;
  readonly end: () => void;
}

/** Makes a parser that puts what it reads into `records`. */
export type ImportParserMaker = (records: ImportedRecord[]) => ImportParser;

/** A file that is not what it is said to be. */
export class ImportFormatError extends Error {
  override readonly name: string = 'ImportFormatError';
}

/** A file that ends early: what came before has been taken. */
export class CutOffError extends ImportFormatError {
  override readonly name = 'CutOffError';
}

export function refused(line: number, code: string, detail: string): ImportedNothing {
  return { kind: 'refused', line, code, detail };
}

/** Ids of a whole file are kept until its end, for replies that come before what they answer. */
const MAX_ID_CHARACTERS = 200;
const MOST_CONTENT_BYTES = 65_525;
const encoder = new TextEncoder();

/** What is wrong with a text that is to be stored, or null. */
export function contentFault(content: string): { code: string; detail: string } | null {
  if (!/\S/u.test(content)) return { code: 'required', detail: 'There is no text.' };
  if (content.includes('\u0000')) return { code: 'nul_char', detail: 'The text holds a NUL character.' };
  if (content.length * 3 > MOST_CONTENT_BYTES && encoder.encode(content).length > MOST_CONTENT_BYTES) {
    return { code: 'too_long', detail: `The text is longer than ${MOST_CONTENT_BYTES} bytes of UTF-8.` };
  }
  return null;
}

/** The comment when it can be stored, else why not. Names are cut, addresses that are none are dropped. */
export function checkImported(comment: ImportedComment): ImportedComment | ImportedNothing {
  const fault = contentFault(comment.content);
  if (fault) return refused(comment.line, fault.code, fault.detail);
  if (comment.externalId === '') return refused(comment.line, 'required', 'The comment has no id.');
  if (comment.externalId.length > MAX_ID_CHARACTERS || (comment.parent ?? '').length > MAX_ID_CHARACTERS) {
    return refused(comment.line, 'invalid_id', `An id is longer than ${MAX_ID_CHARACTERS} characters.`);
  }
  if (comment.post === '' || comment.post.length > 200) {
    return refused(comment.line, 'invalid_post', 'The article has no id, or one longer than 200 characters.');
  }
  const time = comment.date.getTime();
  if (Number.isNaN(time) || time < 0 || time > 253_402_300_799_000) {
    return refused(comment.line, 'invalid_date', 'The date is none, or not between 1970 and 9999.');
  }
  return {
    ...comment,
    content: comment.content.toWellFormed(),
    authorName: cleanText(comment.authorName, 245),
    postTitle: comment.postTitle === null ? null : cleanText(comment.postTitle, 500) || null,
    postUrl: cleanUrl(comment.postUrl),
    authorUrl: cleanUrl(comment.authorUrl),
  };
}

export function cleanText(text: string, most: number): string {
  return text.replaceAll('\u0000', '').slice(0, most).toWellFormed().trim();
}

/** An http(s) address without credentials, or null. */
export function cleanUrl(text: string | null): string | null {
  if (text === null || text.length > 200) return null;
  const url = parseUrl(text);
  if (url === null) return null;
  const plain = url.protocol === 'https:' || url.protocol === 'http:';
  return plain && url.username === '' && url.password === '' && !/[\u0000-\u0020\u007f\\]/.test(text)
    ? text
    : null;
}

/** `2024-05-01 10:00:00` in UTC, as WordPress writes it; its zeros are no date. */
export function readUtc(text: string | undefined): Date | null {
  const trimmed = (text ?? '').trim();
  if (trimmed === '' || trimmed.startsWith('0000')) return null;
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(trimmed) ? trimmed : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}
