/**
 * Features: what the filter knows a comment by.
 *
 * A feature is present or absent. It has a group (words, pairs of words, …) and a bucket of the count table, made of
 * a 32-bit hash. Two features of one comment that fall into one bucket count once, so that taking a sample out of
 * the counts undoes exactly what putting it in did.
 */
import type { ScorableComment } from '../comment.ts';
import { createNormalisedText, normaliseText } from '../text/normalise.ts';
import { createTokenList, cutTokens } from '../text/tokens.ts';
import { GROUP, GROUP_BASES, GROUP_BITS } from './feature-groups.ts';
import type { FeatureList } from './feature-list.ts';
import { addLinkFeatures } from './link-features.ts';
import { findContact } from './payload.ts';
import { addSenderFeatures } from './sender-features.ts';
import { addAuthorShape, addShapeFeatures } from './shape-features.ts';
import { addTextFeatures } from './text-features.ts';

/** Features of one comment beyond this are not looked at. */
export const MAX_FEATURES = 32_768;

const features: FeatureList = {
  groups: new Uint8Array(MAX_FEATURES),
  buckets: new Int32Array(MAX_FEATURES),
  starts: new Int32Array(MAX_FEATURES),
  ends: new Int32Array(MAX_FEATURES),
  kinds: new Uint8Array(MAX_FEATURES),
  length: 0,
  hasPayload: false,
};
/** Scratch space of the one comment at hand: allocating it anew took longer than the extraction. */
const content = createNormalisedText();
const contentTokens = createTokenList();
const author = createNormalisedText();
const authorTokens = createTokenList();
const authorAddress = createNormalisedText();

/** The texts the last features were taken from, for those who must show where they stand. */
export const lastTexts = { content, author, authorAddress } as const;

const SLOTS = 65_536;
const slotBuckets = new Int32Array(SLOTS);
const slotStamps = new Int32Array(SLOTS);
let stamp = 0;

/**
 * The features of a comment. The list is reused: it holds until the next call.
 *
 * Linear in the comment's length, never fails.
 */
export function extractFeatures(comment: ScorableComment): FeatureList {
  features.length = 0;
  stamp = (stamp + 1) | 0;
  normaliseText(comment.content, content);
  cutTokens(content, contentTokens);
  addTextFeatures(content, contentTokens, addFeature);
  addShapeFeatures(content, contentTokens.counts, addFeature);
  if (comment.authorName !== undefined && comment.authorName !== '') addAuthorFeatures(comment.authorName);
  if (comment.authorUrl !== undefined && comment.authorUrl !== '') {
    normaliseText(comment.authorUrl, authorAddress);
    addLinkFeatures(authorAddress, 0, authorAddress.length, GROUP.author, addFeature);
  }
  const { authorName = '', authorUrl = '' } = comment;
  features.hasPayload = contentTokens.counts.links > 0 || authorUrl !== '' || findContact(content);
  if (authorName !== '' || authorUrl !== '') addSenderFeatures(authorName, authorUrl, addFeature);
  return features;
}

/** Spreads a hash's entropy to the top bits, from which the bucket is taken (Mulvey's "prospector" mixer). */
function mixHash(hash: number): number {
  let mixed = hash;
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x21f0aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

function addFeature(group: number, hash: number, start: number, end: number, kind: number): void {
  const within = mixHash(hash ^ Math.imul(group + 1, 0x9e3779b1)) >>> (32 - GROUP_BITS[group]);
  const bucket = GROUP_BASES[group] + within;
  let slot = bucket & (SLOTS - 1);
  while (slotStamps[slot] === stamp) {
    if (slotBuckets[slot] === bucket) return;
    slot = (slot + 1) & (SLOTS - 1);
  }
  const index = features.length;
  if (index >= MAX_FEATURES) return;
  slotStamps[slot] = stamp;
  slotBuckets[slot] = bucket;
  features.groups[index] = group;
  features.buckets[index] = bucket;
  features.starts[index] = start;
  features.ends[index] = end;
  features.kinds[index] = kind;
  features.length = index + 1;
}

const AUTHOR_SEED = 0x777;

function addAuthorFeatures(name: string): void {
  normaliseText(name, author);
  cutTokens(author, authorTokens);
  for (let index = 0; index < authorTokens.length; index++) {
    const hash = authorTokens.hashes[index] ^ AUTHOR_SEED;
    const start = authorTokens.starts[index];
    addFeature(GROUP.author, hash, start, authorTokens.ends[index], 0);
  }
  addAuthorShape(authorTokens.counts, addFeature);
}
