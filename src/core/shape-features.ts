/** Features of a text's shape: how long, how loud, how many links, in bins. */
import { GROUP } from './feature-groups.ts';
import type { AddFeature } from './features.ts';
import { CLASS } from './fold.ts';
import type { NormalisedText } from './normalise.ts';
import type { TextCounts } from './tokens.ts';

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
] as const;

/** The measures of an author's name, and where their kinds begin. */
export const AUTHOR_KINDS = ['words', 'digits', 'capitals'] as const;
export const AUTHOR_KIND = 64;
const KIND_STEP = 256;

/** 0 for none, then one bin for each doubling. */
function logBin(count: number): number {
  return count <= 0 ? 0 : 32 - Math.clz32(count);
}

/** The bins of a text, one for each of {@link SHAPE_KINDS}. */
export function addShapeFeatures(text: NormalisedText, counts: TextCounts, add: AddFeature): void {
  let kind = 0;
  const put = (bin: number): void => {
    add(GROUP.shape, kind * KIND_STEP + bin, 0, bin, kind);
    kind += 1;
  };
  put(logBin(text.length));
  put(logBin(counts.words));
  put(Math.min(4, counts.links));
  put(counts.letters === 0 ? 20 : Math.ceil((10 * counts.capitals) / counts.letters));
  put(logBin(counts.capitalWords));
  put(Math.min(4, counts.exclamations));
  put(Math.min(3, counts.questions));
  put(logBin(counts.digits));
  put(Math.min(12, counts.longestNumber));
  put(Math.min(4, logBin(counts.newlines)));
  put(logBin(counts.emoji));
  put(logBin(counts.otherSymbols));
  put(Math.min(3, counts.repeats));
  put(Math.min(6, logBin(counts.longestWord)));
  put(Math.min(3, counts.mixedWords));
  put(logBin(text.styled));
  put(logBin(text.invisible));
  put(counts.words === 0 ? 0 : Math.min(12, Math.round(counts.letters / counts.words)));
  put(text.length === 0 ? 0 : (text.capitals[0] as number));
  put(endOf(text));
  put(text.length === 0 ? 0 : Math.round((10 * counts.otherSymbols) / text.length));
  put(Math.min(2, text.hidden));
}

/** What a text ends with: nothing, a letter, a digit, a full stop, '!', '?' or something else. */
function endOf(text: NormalisedText): number {
  let last = text.length - 1;
  while (last >= 0 && (text.classes[last] === CLASS.space || text.classes[last] === CLASS.newline)) last -= 1;
  if (last < 0) return 0;
  const unitClass = text.classes[last];
  if (unitClass === CLASS.letter) return 1;
  if (unitClass === CLASS.digit) return 2;
  return 3 + Math.max(0, [46, 33, 63].indexOf(text.units[last] as number) + 1);
}

/** The shape of an author's name: words, digits, share of capitals. */
export function addAuthorShape(counts: TextCounts, add: AddFeature): void {
  const share = counts.letters === 0 ? 5 : Math.ceil((4 * counts.capitals) / counts.letters);
  const bins = [Math.min(5, counts.words), logBin(counts.digits), share];
  bins.forEach((bin, index) => {
    add(GROUP.author, (AUTHOR_KIND + index) * KIND_STEP + bin, 0, bin, AUTHOR_KIND + index);
  });
}
