/** Reads what a moderator searches for: words, and operators such as `author:`, `domain:` and `before:`. */
import { firstIdOf } from '../../core/id.ts';
import { foldForSearch } from '../../core/text/fold-for-search.ts';
import type { SearchWords } from '../../storage/queue/queue.ts';
import type { Folder } from '../../storage/queue/queue-modes.ts';
import { RefusedError } from '../refused-error.ts';

export interface SearchQuery {
  readonly words: SearchWords | undefined;
  readonly author: string | undefined;
  readonly domain: string | undefined;
  readonly post: string | undefined;
  readonly status: Folder | undefined;
  readonly before: string | undefined;
  readonly language: string | undefined;
}

const OPERATORS = ['author', 'domain', 'post', 'status', 'before', 'language'] as const;
type Operator = (typeof OPERATORS)[number];

/** A word, or an operator with its value; a value with spaces stands in quotation marks. */
const PART = /(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;

/** As people say them, and as the API does. */
const STATUSES: ReadonlyMap<string, Folder> = new Map(
  Object.entries({
    approved: 'approved',
    hold: 'hold',
    held: 'hold',
    waiting: 'hold',
    spam: 'spam',
    trash: 'trash',
    rejected: 'trash',
    any: 'all',
    all: 'all',
  }),
);

/** @throws {RefusedError} `invalid_value` for an operator whose value cannot be read. */
export function readSearch(q: string | undefined): SearchQuery {
  const values = new Map<Operator, string>();
  const words: string[] = [];
  for (const { 0: part, 1: name = '', 2: quoted, 3: bare } of (q ?? '').matchAll(PART)) {
    const operator = OPERATORS.find((one) => one === name);
    const value = quoted ?? bare ?? '';
    if (operator === undefined) words.push(name === '' ? value : part);
    else if (value !== '') values.set(operator, value);
  }
  return {
    words: readWords(words),
    author: values.get('author'),
    domain: readDomain(values.get('domain')),
    post: values.get('post'),
    status: readStatus(values.get('status')),
    before: readBefore(values.get('before')),
    language: values.get('language')?.toLowerCase(),
  };
}

/** Written without spaces between words: PostgreSQL takes a whole run of them for one word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function readWords(words: readonly string[]): SearchWords | undefined {
  const text = words.join(' ').trim();
  if (text === '') return undefined;
  const phrases = words.flatMap((word) => {
    const phrase = (foldForSearch(word).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).join(' ');
    return phrase === '' ? [] : [phrase];
  });
  return { phrases, pattern: phrases.length === 0 || UNSPACED.test(text) ? text : null };
}

const HOST = /^[\p{L}\p{N}]([\p{L}\p{N}.-]{0,250}[\p{L}\p{N}])?$/u;

function readDomain(domain: string | undefined): string | undefined {
  if (domain === undefined) return undefined;
  const host = domain
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/\/.*$/, '');
  if (HOST.test(host)) return host;
  throw new RefusedError('invalid_value', '`domain:` takes a host name, such as domain:news.example.');
}

function readStatus(status: string | undefined): Folder | undefined {
  if (status === undefined) return undefined;
  const known = STATUSES.get(status.toLowerCase());
  if (known !== undefined) return known;
  throw new RefusedError('invalid_value', '`status:` takes one of approved, hold, spam, trash and any.');
}

function readBefore(day: string | undefined): string | undefined {
  if (day === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (time >= 0) return firstIdOf(time);
  throw new RefusedError('invalid_value', '`before:` takes a day, such as before:2026-12-01.');
}
