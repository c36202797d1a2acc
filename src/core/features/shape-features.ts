/** Features of a text's shape: how long, how loud, how many links, in bins. */

import { CLASS } from '../text/fold-characters.ts';
import type { NormalisedText } from '../text/normalised-text.ts';
import type { TextCounts } from '../text/tokens.ts';
import { GROUP } from './feature-groups.ts';
import type { AddFeature } from './feature-list.ts';

/** What is measured; the place in this list is the kind's number. */
export const SHAPE_KINDS = [
  'characters',
  'words',
  'links',
  'capitals',
  'capital-words',
  'exclamations',
  'questions',
  'digits',
  'longest-number',
  'line-breaks',
  'emoji',
  'symbols',
  'repeats',
  'longest-word',
  'mixed-scripts',
  'styled-letters',
  'invisible',
  'word-length',
  'begins-with-capital',
  'ends-with',
  'symbol-share',
  'hidden',
  'disguised',
] as const;

/** The measures of an author's name, and where their kinds begin. */
export const AUTHOR_KINDS = ['words', 'digits', 'capitals'] as const;
export const AUTHOR_KIND = 64;
const KIND_STEP = 256;

/** 0 for none, then one bin for each doubling. */
function logBin(count: number): number {
  return count <= 0 ? 0 : 32 - Math.clz32(count);
}

/** Pairs of measures that say more together, by their places in {@link SHAPE_KINDS}: links in few words are not links in many. */
const PAIRS: readonly (readonly [number, number])[] = [
  [2, 1],
  [2, 3],
  [1, 5],
  [1, 7],
  [1, 18],
  [1, 19],
  [1, 3],
];

const bins = new Int32Array(SHAPE_KINDS.length);

/** The bins of a text, one for each of {@link SHAPE_KINDS}, and those of some pairs. */
export function addShapeFeatures(text: NormalisedText, counts: TextCounts, add: AddFeature): void {
  measureShape(text, counts);
  for (let kind = 0; kind < bins.length; kind++) {
    const bin = bins[kind];
    add(GROUP.shape, kind * KIND_STEP + bin, 0, bin, kind);
  }
  for (const [one, other] of PAIRS) {
    const hash = bins[one] * KIND_STEP + bins[other];
    add(GROUP.form, (one * SHAPE_KINDS.length + other) * KIND_STEP * KIND_STEP + hash, one, other, 0);
  }
}

function measureShape(text: NormalisedText, counts: TextCounts): void {
  const { length } = text;
  const { letters, words } = counts;
  bins.set([
    logBin(length),
    logBin(words),
    Math.min(4, counts.links),
    letters === 0 ? 20 : Math.ceil((10 * counts.capitals) / letters),
    logBin(counts.capitalWords),
    Math.min(4, counts.exclamations),
    Math.min(3, counts.questions),
    logBin(counts.digits),
    Math.min(12, counts.longestNumber),
    Math.min(4, logBin(counts.newlines)),
    logBin(counts.emoji),
    logBin(counts.otherSymbols),
    Math.min(3, counts.repeats),
    Math.min(6, logBin(counts.longestWord)),
    Math.min(3, counts.mixedWords),
    logBin(text.styled),
    logBin(text.invisible),
    words === 0 ? 0 : Math.min(12, Math.round(letters / words)),
    length === 0 ? 0 : text.capitals[0],
    endOf(text),
    length === 0 ? 0 : Math.round((10 * counts.otherSymbols) / length),
    Math.min(2, text.hidden),
    Math.min(3, logBin(text.disguised + counts.spelled)),
  ]);
}

/** What a text ends with: nothing, a letter, a digit, a full stop, '!', '?' or something else. */
function endOf(text: NormalisedText): number {
  let last = text.length - 1;
  while (last >= 0 && (text.classes[last] === CLASS.space || text.classes[last] === CLASS.newline)) last -= 1;
  if (last < 0) return 0;
  const unitClass = text.classes[last];
  if (unitClass === CLASS.letter) return 1;
  if (unitClass === CLASS.digit) return 2;
  return 3 + Math.max(0, [46, 33, 63].indexOf(text.units[last]) + 1);
}

/** The shape of an author's name: words, digits, share of capitals. */
export function addAuthorShape(counts: TextCounts, add: AddFeature): void {
  const share = counts.letters === 0 ? 5 : Math.ceil((4 * counts.capitals) / counts.letters);
  const bins = [Math.min(5, counts.words), logBin(counts.digits), share];
  bins.forEach((bin, index) => {
    add(GROUP.author, (AUTHOR_KIND + index) * KIND_STEP + bin, 0, bin, AUTHOR_KIND + index);
  });
}
