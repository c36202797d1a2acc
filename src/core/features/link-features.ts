/** Features of a web address: its domain, host, suffix, length and the words of its path. */
import { parse } from 'tldts';
import { CLASS } from '../text/fold-characters.ts';
import type { NormalisedText } from '../text/normalised-text.ts';
import { holdsCommercialWord } from './commercial-words.ts';
import type { AddFeature } from './feature-list.ts';
import { HOST_KINDS, hostKindOf } from './host-kinds.ts';

/** An address's units beyond this are not looked at. */
const LONGEST_ADDRESS = 2_048;
const FNV_PRIME = 0x01000193;

/** The parts of an address that are features, by kind; 0 is kept for what is no link. */
export const LINK_KINDS = [
  '',
  'domain',
  'host',
  'suffix',
  'path-length',
  'path',
  'host-kind',
  'commercial-path',
] as const;
export const LINK_KIND = {
  domain: 1,
  host: 2,
  suffix: 3,
  pathLength: 4,
  path: 5,
  hostKind: 6,
  commercialPath: 7,
} as const;

/** Hands over the features of the address at [start, end), as features of `group`. */
export function addLinkFeatures(
  text: NormalisedText,
  start: number,
  end: number,
  group: number,
  add: AddFeature,
): void {
  const last = Math.min(end, start + LONGEST_ADDRESS);
  const address = String.fromCharCode(...text.units.subarray(start, last));
  const { domain, hostname, publicSuffix } = parse(address);
  const host = hostname === null ? -1 : address.indexOf(hostname);
  if (hostname !== null && host >= 0) {
    const hostEnd = start + host + hostname.length;
    add(group, hashText(hostname, LINK_KIND.host), start + host, hostEnd, LINK_KIND.host);
    if (domain !== null)
      add(group, hashText(domain, LINK_KIND.domain), hostEnd - domain.length, hostEnd, LINK_KIND.domain);
    const kind = HOST_KINDS.indexOf(hostKindOf(hostname, domain, publicSuffix));
    add(group, Math.imul(LINK_KIND.hostKind, FNV_PRIME) + kind, start, kind, LINK_KIND.hostKind);
    if (publicSuffix !== null) {
      add(
        group,
        hashText(publicSuffix, LINK_KIND.suffix),
        hostEnd - publicSuffix.length,
        hostEnd,
        LINK_KIND.suffix,
      );
    }
  }
  const scheme = address.indexOf('://');
  const path = address.indexOf('/', scheme < 0 ? 0 : scheme + 3);
  const bin = path < 0 ? 0 : 1 + Math.min(6, Math.ceil(Math.log2(1 + address.length - path)));
  add(group, Math.imul(LINK_KIND.pathLength, FNV_PRIME) + bin, start, bin, LINK_KIND.pathLength);
  if (path <= 0) return;
  addPathWords(text, start + path, last, group, add);
  if (holdsCommercialWord(address.slice(path)))
    add(group, Math.imul(LINK_KIND.commercialPath, FNV_PRIME), start, 1, LINK_KIND.commercialPath);
}

function addPathWords(text: NormalisedText, from: number, end: number, group: number, add: AddFeature): void {
  const seed: number = LINK_KIND.path;
  let hash = seed;
  let start = from;
  for (let at = from; at <= end; at++) {
    if (at < end && text.classes[at] === CLASS.letter) {
      if (hash === seed) start = at;
      hash = Math.imul(hash ^ text.units[at], FNV_PRIME);
      continue;
    }
    if (hash !== seed && at - start > 1 && at - start < 20) add(group, hash, start, at, LINK_KIND.path);
    hash = seed;
  }
}

function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  return hash;
}
