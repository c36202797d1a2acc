/**
 * Features of who sent a comment, by kind and not by name: a keyword in place of a name, an address as a name, what the
 * author's address leads to, and whether name and address say the same.
 *
 * The words of the name and the parts of the address are features of their own (group `author`); readers' names are
 * in no shipped file, so only kinds carry over from one site to another (docs/filter.md).
 */
import { parse } from 'tldts';
import { splitWords } from '../text/words.ts';
import { countCommercialWords, holdsCommercialWord } from './commercial-words.ts';
import { GROUP } from './feature-groups.ts';
import type { AddFeature } from './feature-list.ts';
import { HOST_KINDS, hostKindOf } from './host-kinds.ts';

/** What is looked at; the place in this list is the kind's number. */
export const SENDER_KINDS = [
  'name',
  'commercial-words',
  'address',
  'host',
  'path-words',
  'name-in-address',
  'name-and-address',
] as const;

/** The answers for {@link SENDER_KINDS} that are names; the others are numbers. */
const NAMES = ['plain', 'address', 'one-lower', 'many-words', 'digits', 'capitals'] as const;
const ADDRESSES = ['none', 'host', 'path', 'long-path', 'query'] as const;
const SHARED = ['none', 'some', 'most'] as const;
const NO_BIN = 0;
const KIND_STEP = 64;

/** The answer of a sender feature for people to read. */
export function nameSender(kind: number, bin: number): string {
  const answers: readonly (readonly string[])[] = [NAMES, [], ADDRESSES, HOST_KINDS, [], SHARED, []];
  return `${SENDER_KINDS[kind] ?? kind}=${answers[kind]?.[bin] ?? bin}`;
}

/** Hands over the kinds of a name and an address; without both there is nothing to say. */
export function addSenderFeatures(name: string, address: string, add: AddFeature): void {
  const push = (kind: number, bin: number): void => add(GROUP.sender, kind * KIND_STEP + bin, 0, bin, kind);
  const named = name === '' ? NO_BIN : nameKind(name);
  const commercial = Math.min(2, countCommercialWords(name));
  if (name !== '') {
    push(0, named);
    push(1, commercial);
  }
  const { hostname, domain, publicSuffix } = parse(address);
  const place = address === '' ? 0 : addressKind(address, hostname ?? '');
  push(2, place);
  if (address !== '') {
    const host = HOST_KINDS.indexOf(hostKindOf(hostname ?? '', domain, publicSuffix));
    const shared = sharedWords(name, address.toLowerCase());
    push(3, host);
    push(4, holdsCommercialWord(address.toLowerCase()) ? 1 : 0);
    if (name !== '') push(5, shared);
    push(6, Math.min(1, commercial) + 2 * place + 10 * Math.min(1, shared) + 20 * (named === 3 ? 1 : 0));
  } else if (name !== '') push(6, 40 + Math.min(1, commercial) + 2 * (named === 3 ? 1 : 0));
}

function nameKind(name: string): number {
  if (/https?:|www\.|\.(?:com|net|org|ru|info|xyz|top)\b|@\w+\.\w/i.test(name)) return 1;
  const words = splitWords(name);
  if (words.length > 3) return 3;
  if (/\d{3}/.test(name)) return 4;
  if (words.length > 1 && name === name.toLowerCase() && name !== name.toUpperCase()) return 3;
  if (name.length > 3 && name === name.toUpperCase() && name !== name.toLowerCase()) return 5;
  return words.length === 1 && name === name.toLowerCase() && name !== name.toUpperCase() ? 2 : 0;
}

function addressKind(address: string, hostname: string): number {
  if (/[?#&=]/.test(address)) return 4;
  const host = address.indexOf(hostname);
  const path = address
    .slice(host + hostname.length)
    .replace(/^:\d+/, '')
    .replace(/^\/|\/$/g, '');
  if (path === '') return 1;
  return path.length > 15 || path.includes('/') ? 3 : 2;
}

/** How many of a name's words stand in the address: 0 none, 1 some, 2 at least half. */
function sharedWords(name: string, address: string): number {
  const words = splitWords(name).filter((word) => word.length > 2);
  const shared = words.filter((word) => address.includes(word)).length;
  if (shared === 0) return 0;
  return 2 * shared >= words.length ? 2 : 1;
}
