/** What the files of other systems come to, record by record. */
import type { Label, Status } from '../../core/comment.ts';
import { readLink } from '../../core/parse-url.ts';
import { identifyPost } from '../../core/post-identity.ts';
import {
  isInvisible,
  MAX_CONTENT_BYTES,
  MAX_NAME_CHARACTERS,
  MAX_URL_CHARACTERS,
} from '../site/storable-text.ts';

/** What `import_run.format` says of a restore. */
export const RESTORE_FORMAT = 'site';

/** A comment of another system, its addresses still in clear: it goes no further than the import's own step. */
export interface ImportedComment {
  readonly kind: 'comment';
  readonly line: number;
  /** The id it had there; comments name their parents by it. */
  readonly externalId: string;
  readonly parent: string | null;
  readonly thread: ImportedThread;
  readonly authorName: string;
  readonly authorEmail: string | null;
  readonly authorUrl: string | null;
  readonly authorIp: string | null;
  readonly content: string;
  readonly date: Date;
  readonly status: Status;
  /** Given: what the file says instead of what the status tells. */
  readonly label?: Label | null;
}

/** The article of a comment, as the other system knew it. */
export interface ImportedThread {
  /** The id or address that it had there. */
  readonly key: string;
  readonly url: string | null;
  readonly title: string | null;
  readonly date: Date | null;
  /** It took no more comments there. */
  readonly isClosed: boolean;
  /** The public could not see it there: its comments do not become public here. */
  readonly isHidden: boolean;
}

/** What is known of an article apart from its comments: that it took none, or that those before were to be seen. */
export interface ImportedThreadState {
  readonly kind: 'thread';
  readonly thread: ImportedThread;
  /** Comments that came as hidden ones, by the ids that they had there. */
  readonly shown?: readonly string[];
}

export interface ImportedSample {
  readonly kind: 'sample';
  readonly line: number;
  readonly content: string;
  readonly label: Label;
  readonly authorName: string | null;
  readonly authorUrl: string | null;
}

/** Where a deleted comment stood of which nothing else is left: without it, its answers would answer nothing. */
export interface DeletedPlace {
  readonly externalId: string;
  readonly parent: string | null;
  readonly thread: ImportedThread;
  readonly date: Date;
}

/** A record that cannot be taken, or (`passed_over`) is none of ours, such as a pingback. */
export interface ImportedNothing {
  readonly kind: 'refused' | 'passed_over';
  readonly line: number;
  readonly code: string;
  readonly detail: string;
  readonly place?: DeletedPlace;
}

export type ImportedRecord = ImportedComment | ImportedThreadState | ImportedSample | ImportedNothing;

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
const encoder = new TextEncoder();

/** What is wrong with a text that is to be stored, or null. */
export function contentFault(content: string): { code: string; detail: string } | null {
  if (isInvisible(content)) return { code: 'required', detail: 'There is no text.' };
  if (content.includes('\u0000')) return { code: 'nul_char', detail: 'The text holds a NUL character.' };
  if (content.length * 3 > MAX_CONTENT_BYTES && encoder.encode(content).length > MAX_CONTENT_BYTES) {
    return { code: 'too_long', detail: `The text is longer than ${MAX_CONTENT_BYTES} bytes of UTF-8.` };
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
  const thread = checkThread(comment.thread);
  if (thread === null) {
    return refused(
      comment.line,
      'invalid_post',
      `The article has no id, or one longer than ${MAX_THREAD_NAME} characters.`,
    );
  }
  if (!isImportable(comment.date)) {
    return refused(comment.line, 'invalid_date', 'The date is none, or not between 1970 and 9999.');
  }
  return {
    ...comment,
    content: comment.content.toWellFormed(),
    thread,
    authorName: cleanText(comment.authorName, MAX_NAME_CHARACTERS),
    authorUrl: cleanUrl(comment.authorUrl),
  };
}

/** As a door takes it, percent-encoded. */
const MAX_THREAD_KEY = 18_000;
/** As it is stored. */
const MAX_THREAD_NAME = 2000;

/** The article when it can be stored, else null. */
export function checkThread(thread: ImportedThread): ImportedThread | null {
  const key = thread.key.trim();
  if (key.length > MAX_THREAD_KEY || key.includes('\u0000') || !key.isWellFormed()) return null;
  const name = identifyPost(key, null);
  if (name === '' || name.length > MAX_THREAD_NAME) return null;
  return {
    ...thread,
    key,
    title: thread.title === null ? null : cleanText(thread.title, 500) || null,
    url: cleanUrl(thread.url, MAX_THREAD_NAME),
  };
}

/** The records of an article that took no more comments. One that was hidden is of no account without its comments. */
export function closedThread(thread: ImportedThread): ImportedRecord[] {
  const checked = thread.isClosed && !thread.isHidden ? checkThread(thread) : null;
  return checked === null ? [] : [{ kind: 'thread', thread: checked }];
}

/** What a deleted comment of which nothing is left comes to. */
export function deletedRecord(line: number, { thread, ...place }: DeletedPlace): ImportedNothing {
  const checked = checkThread(thread);
  const isPlace = checked !== null && isIdPair(place) && isImportable(place.date);
  return {
    ...{ kind: 'passed_over', line, code: 'deleted' },
    detail: 'The comment was deleted, text and all.',
    ...(isPlace && { place: { ...place, thread: checked } }),
  };
}

function isIdPair({ externalId, parent }: Pick<DeletedPlace, 'externalId' | 'parent'>): boolean {
  return externalId !== '' && Math.max(externalId.length, parent?.length ?? 0) <= MAX_ID_CHARACTERS;
}

function isImportable(date: Date): boolean {
  const time = date.getTime();
  return time >= 0 && time <= 253_402_300_799_000;
}

/**
 * A yes or no of another system. What is neither counts as `unclear`, so that a word nobody knows can be taken for the
 * state that does not publish.
 */
export function readFlag(value: unknown, unclear: boolean): boolean {
  const text = String(value ?? '')
    .trim()
    .toLowerCase();
  if (text === '' || text === 'false' || text === '0' || text === 'no') return false;
  return text === 'true' || text === '1' || text === 'yes' ? true : unclear;
}

export function cleanText(text: string, most: number): string {
  return text.replaceAll('\u0000', '').slice(0, most).toWellFormed().trim();
}

/** An http(s) address without credentials, or null. */
export function cleanUrl(text: string | null, most = MAX_URL_CHARACTERS): string | null {
  return text === null ? null : readLink(text, most);
}

/** `2024-05-01 10:00:00` in UTC, as WordPress writes it; its zeros are no date. */
export function readUtc(text: string | undefined): Date | null {
  const trimmed = (text ?? '').trim();
  if (trimmed === '' || trimmed.startsWith('0000')) return null;
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(trimmed) ? trimmed : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** A time in milliseconds or as {@link readUtc} takes it; an invalid date where it is none, which is then refused. */
export function readTime(time: string | number): Date {
  if (typeof time === 'number') return new Date(time);
  return readUtc(time) ?? new Date(Number.NaN);
}
