/** A comment that came as HTML, as its reader saw it. */
import { decodeHTML } from 'entities';

// Each part ends before the next `<`, so that no text is read more than a few times.
const TAG = /<([/!?]?)([a-z][a-z0-9]*)?([^<>]*)>/gi;
const ATTRIBUTE = /([^\s=/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g;
const PARAGRAPHS = new Set(['p', 'div', 'blockquote', 'pre', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4']);
const LINES = new Set(['br', 'li', 'tr', 'hr']);
const UNSEEN = new Set(['script', 'style', 'template']);

/**
 * The text of HTML: paragraphs and lines stay apart, entities are decoded once, a link is its text with the address behind
 * it, or the address alone where the text is that (whole, or cut with dots). What opens no tag stays as it is. Linear in the
 * length.
 *
 * @example
 * htmlToText('<p>See <a href="https://a.example/">this</a> &amp; that</p>') // 'See this (https://a.example/) & that'
 */
export function htmlToText(html: string, readAddress: (href: string) => string = (href) => href): string {
  const flows = /<(?:p|br|div|li)\b/i.test(html);
  let out = '';
  let link: { address: string; text: string } | null = null;
  let unseen: string | null = null;
  let at = 0;
  const add = (text: string) => {
    if (link === null) out += text;
    else link.text += text;
  };
  const addText = (raw: string) => {
    if (unseen === null) add(decodeHTML(flows ? raw.replace(/[ \t\r\n]+/g, ' ') : raw));
  };
  const closeLink = () => {
    if (link !== null) out += writeLink(link.text, link.address);
    link = null;
  };
  const readTag = (name: string, opens: boolean, attributes: string) => {
    if (UNSEEN.has(name)) unseen = opens ? name : null;
    else if (PARAGRAPHS.has(name)) add('\n\n');
    else if (LINES.has(name) && opens) add('\n');
    else if (name === 'img' && opens) add(readAddress(attributeOf(attributes, 'src')));
    else if (name === 'a') {
      closeLink();
      if (opens) link = { address: readAddress(attributeOf(attributes, 'href')), text: '' };
    }
  };
  for (const tag of html.matchAll(TAG)) {
    const [whole, sign = '', name = '', attributes = ''] = tag;
    // “a < b >” opens nothing.
    if (name === '' && sign !== '!' && sign !== '?') continue;
    addText(html.slice(at, tag.index));
    at = tag.index + whole.length;
    readTag(name.toLowerCase(), sign !== '/', attributes);
  }
  addText(html.slice(at));
  closeLink();
  return tidy(out);
}

function writeLink(text: string, address: string): string {
  const shown = text.trim();
  if (address === '') return text;
  const cut = /^(.{4,}?)(?:…|\.\.\.)$/s.exec(shown)?.[1];
  const same = bare(shown) === bare(address) || (cut !== undefined && bare(address).startsWith(bare(cut)));
  return same || shown === '' ? address : `${text} (${address})`;
}

/** What two ways to write an address have in common. */
function bare(address: string): string {
  return address
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:)/, '')
    .replace(/\/$/, '');
}

function attributeOf(attributes: string, wanted: string): string {
  for (const [, name = '', double, single, plain] of attributes.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() === wanted) return decodeHTML(double ?? single ?? plain ?? '').trim();
  }
  return '';
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').trimEnd());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .map((line) => (line.startsWith(' ') ? line.slice(1) : line))
    .join('\n')
    .trim();
}
