/** Disguises that spam wears to pass a filter; each is a pure function of the comment's text and number. */

export interface Disguise {
  readonly name: string;
  /** @param address a real spam address, for disguises that keep nothing else of the comment. */
  readonly apply: (text: string, number: number, address: string) => string;
}

const LEET: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  o: 'о',
  p: 'р',
  x: 'х',
  y: 'у',
  i: 'і',
};
const EMOJI = ['🎰', '🔥', '✨', '💎'];
const NEWS_WORDS =
  `the council said on tuesday that repairs to the bridge would take until spring because the contractor had found
  more damage than expected residents asked why nobody had looked at it before and whether buses could be sent along the
  old road in the meantime the mayor promised a report by the end of the month and said the budget would be discussed in public
  teachers at the school next to it complained about noise while shop owners reported fewer customers than last year`.split(
    /\s+/,
  );

/** Outside of addresses, so that a link stays one. */
function outsideLinks(text: string, change: (part: string) => string): string {
  return text
    .split(/((?:https?:\/\/|www\.)\S+|<[^>]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

function mapLetters(text: string, table: Readonly<Record<string, string>>): string {
  return Array.from(text, (char) => table[char.toLowerCase()] ?? char).join('');
}

function separated(text: string, separator: string): string {
  return outsideLinks(text, (part) =>
    part
      .split(/(\s+)/)
      .map((word) => (/^\s*$/.test(word) ? word.replace(/ /g, '  ') : Array.from(word).join(separator)))
      .join(''),
  );
}

function newsWords(count: number, number: number): string {
  return Array.from(
    { length: count },
    (_, at) => NEWS_WORDS[(at + number * 7) % NEWS_WORDS.length] ?? '',
  ).join(' ');
}

/** A link's target in the link's place, and no tags. */
function withoutTags(text: string): string {
  return text.replace(/<a\s[^>]*?href=["']?([^"'\s>]+)[^>]*>/gi, ' $1 ').replace(/<[^>]*>/g, '');
}

export const DISGUISES: readonly Disguise[] = [
  { name: 'plain', apply: (text) => text },
  { name: 'letters spaced', apply: (text) => separated(text, ' ') },
  { name: 'letters dotted', apply: (text) => separated(text, '.') },
  {
    name: 'emoji between letters',
    apply: (text, number) => separated(text, EMOJI[number % EMOJI.length] ?? ''),
  },
  { name: 'letters spaced, links too', apply: (text) => Array.from(text.replace(/\s+/g, '  ')).join(' ') },
  { name: 'right-to-left override', apply: (text) => `\u202e${Array.from(text).reverse().join('')}\u202c` },
  { name: 'leet', apply: (text) => outsideLinks(text, (part) => mapLetters(part, LEET)) },
  { name: 'leet, links too', apply: (text) => mapLetters(text, LEET) },
  {
    name: 'zero width',
    apply: (text) => outsideLinks(text, (part) => part.replace(/(\p{L})(?=\p{L})/gu, '$1\u200b')),
  },
  { name: 'look-alikes', apply: (text) => outsideLinks(text, (part) => mapLetters(part, LOOK_ALIKES)) },
  {
    name: 'links as words',
    apply: (text) =>
      withoutTags(text).replace(/(?:https?:\/\/|www\.)([^\s"'<>\])]+)/gi, (_, rest: string) =>
        rest.replaceAll('.', ' dot ').replaceAll('/', ' slash '),
      ),
  },
  {
    name: 'entities twice',
    apply: (text) =>
      outsideLinks(text, (part) => part.replace(/[a-z]/gi, (char) => `&amp;#${char.charCodeAt(0)};`)),
  },
  { name: 'HTML image only', apply: (_text, _number, address) => `<img src="${address}">` },
  {
    name: 'link in words of a hashtag',
    apply: (_text, _number, address) => `<a href="${address}">#deal</a>`,
  },
  {
    name: 'link behind a long title',
    apply: (_text, _number, address) => `<a title="${'x'.repeat(1_100)}" href="${address}">see</a>`,
  },
  { name: 'five words and a link', apply: (_text, number, address) => `${newsWords(5, number)} ${address}` },
  {
    name: 'news sentence and a link',
    apply: (_text, number, address) => `${newsWords(22, number)}. ${address}`,
  },
  {
    name: '50 words of news around',
    apply: (text, number) => `${newsWords(25, number)}. ${text} ${newsWords(25, number + 3)}.`,
  },
  {
    name: '200 words of news around',
    apply: (text, number) => `${newsWords(100, number)}. ${text} ${newsWords(100, number + 3)}.`,
  },
  {
    name: '500 words of news around',
    apply: (text, number) => `${newsWords(250, number)}. ${text} ${newsWords(250, number + 3)}.`,
  },
];
