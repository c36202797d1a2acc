/** A comment that came as HTML, as its reader saw it. */
import { decodeHTML } from 'entities';
import { Parser } from 'htmlparser2';

const PARAGRAPHS = new Set(['p', 'div', 'blockquote', 'pre', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4']);
const LINES = new Set(['br', 'li', 'tr', 'hr']);
const UNSEEN = new Set(['script', 'style', 'template']);
/** What an emoji is called where it is drawn: `🙂`, `:)`, `:smile:`. */
const EMOJI = /^(?::[\w+-]{1,40}:|[^\p{L}\p{N}\s]{1,12})$/u;
/** The parser looks through all that is open at each tag: 330,000 within each other took 12 s. */
const DEEPEST = 500;

export interface HtmlToTextOptions {
  /** What a link leads to, where the address in the HTML is not it. */
  readonly readAddress?: (href: string) => string;
  /** Ends of lines are meant, as WordPress means them, also between tags. */
  readonly keepLines?: boolean;
}

/**
 * The text of HTML: paragraphs and lines stay apart, entities are decoded once, a link is its text with the address behind
 * it, or the address alone where the text is that (whole, or cut with dots). What opens no tag stays as it is. Linear in the
 * length.
 *
 * @example
 * htmlToText('<p>See <a href="https://a.example/">this</a> &amp; that</p>') // 'See this (https://a.example/) & that'
 */
export function htmlToText(html: string, options: HtmlToTextOptions = {}): string {
  const { readAddress = (href) => href, keepLines = false } = options;
  // Text without any of these has its own lines.
  const page = new Page(!keepLines && /<(?:p|br|div|li)\b/i.test(html), readAddress);
  for (let at = 0; at < html.length; ) at += readPart(html.slice(at), page);
  return tidy(page.text);
}

/** Reads until too much is open, and returns how far that was. */
function readPart(html: string, page: Page): number {
  let depth = 0;
  let tagAt: number | null = null;
  const parser = new Parser({
    ontext: (text) => page.addText(text),
    onopentagname: () => {
      tagAt = parser.startIndex;
    },
    onopentag: (name, attributes) => {
      tagAt = null;
      depth += 1;
      page.open(name, attributes);
      if (depth === DEEPEST) parser.pause();
    },
    onclosetag: (name) => {
      depth -= 1;
      page.close(name);
    },
    // A tag that is not closed is none.
    onend: () => page.addText(decodeHTML(html.slice(tagAt ?? parser.startIndex))),
  });
  parser.end(html);
  page.end();
  return depth < DEEPEST ? html.length : parser.endIndex + 1;
}

/**
 * Text in which HTML's entities stand, and nothing else of HTML is meant.
 *
 * @example
 * decodeEntities('Tom &amp; Jerry') // 'Tom & Jerry'
 */
export function decodeEntities(text: string): string {
  return decodeHTML(text);
}

class Page {
  text = '';
  readonly #flows: boolean;
  readonly #readAddress: (href: string) => string;
  #link: { readonly address: string; text: string } | null = null;
  #unseen = 0;

  /** @param flows whether lines end at tags alone. */
  constructor(flows: boolean, readAddress: (href: string) => string) {
    this.#flows = flows;
    this.#readAddress = readAddress;
  }

  addText(text: string): void {
    if (this.#unseen === 0) this.#add(this.#flows ? text.replace(/[ \t\r\n]+/g, ' ') : text);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (UNSEEN.has(name)) this.#unseen += 1;
    else if (PARAGRAPHS.has(name)) this.#add('\n\n');
    else if (LINES.has(name)) this.#add('\n');
    else if (name === 'img') this.#add(this.#readPicture(attributes));
    else if (name === 'a') {
      this.#closeLink();
      this.#link = { address: this.#readAddress((attributes.href ?? '').trim()), text: '' };
    }
  }

  close(name: string): void {
    if (UNSEEN.has(name)) this.#unseen -= 1;
    else if (PARAGRAPHS.has(name)) this.#add('\n\n');
    else if (name === 'a') this.#closeLink();
  }

  end(): void {
    this.#closeLink();
    this.#unseen = 0;
  }

  /** An emoji that a page draws is its sign; any other picture is its address. */
  #readPicture({ alt = '', src = '' }: Readonly<Record<string, string>>): string {
    return EMOJI.test(alt.trim()) ? alt.trim() : this.#readAddress(src.trim());
  }

  #add(text: string): void {
    if (this.#link === null) this.text += text;
    else this.#link.text += text;
  }

  #closeLink(): void {
    if (this.#link !== null) this.text += writeLink(this.#link.text, this.#link.address);
    this.#link = null;
  }
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

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '').trimEnd());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .map((line) => (line.startsWith(' ') ? line.slice(1) : line))
    .join('\n')
    .trim();
}
