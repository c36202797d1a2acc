/**
 * What real exports hold that XML forbids, mended before the parser sees it: systems put their readers' texts into XML
 * as they are. No line is added or taken away, so that a record is still told by its line.
 */
import { decodeHTMLStrict } from 'entities';

export interface XmlMender {
  /** What can be told of the file by now; the last few characters may have to wait for the next piece. */
  readonly write: (text: string) => string;
  readonly end: () => string;
  /** How many lines were left out before the XML began. */
  readonly skippedLines: () => number;
}

/** No XML 1.0 document may hold these; nor lone surrogates, which do not come out of UTF-8. */
const FORBIDDEN = /(\]?)[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]+/g;
/** What begins another kind of text, and what is wrong between tags and in them. */
const NEXT = /<!\[CDATA\[|<!--|\]\]>|&(?:#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{0,40};)?/g;
/** What may become one of {@link NEXT} with the next piece. */
const OPEN_END = /(?:<(?:!(?:\[(?:C(?:D(?:A(?:TA?)?)?)?)?|-)?)?|\]\]?|&#?[a-zA-Z0-9]{0,41})$/;
const LONGEST_OPEN_END = 44;
const BEGINNING = /<\?xml|<!DOCTYPE|<rss|<disqus/;
const XML_ENTITY = /^&(?:lt|gt|amp|quot|apos);$/;

export function createXmlMender(): XmlMender {
  let rest = '';
  let until: ']]>' | '-->' | null = null;
  let skippedLines = 0;
  let begun = false;

  const mend = (text: string, last: boolean): string => {
    let input = dropForbidden(`${rest}${text}`);
    if (!begun && input !== '') {
      begun = true;
      ({ text: input, skippedLines } = skipToBeginning(input));
    }
    let out = '';
    let at = 0;
    const keepFrom = (position: number) => {
      const from = last ? input.length : position;
      out += input.slice(at, from);
      rest = input.slice(from);
      return out;
    };
    for (;;) {
      if (until !== null) {
        const end = input.indexOf(until, at);
        if (end < 0) return keepFrom(Math.max(at, input.length - 2));
        out += input.slice(at, end + 3);
        at = end + 3;
        until = null;
      }
      NEXT.lastIndex = at;
      const found = NEXT.exec(input);
      const end = last || found !== null ? input.length : openEnd(input, at);
      // A bare & at the end may yet become a reference.
      if (found === null || (!last && found[0] === '&' && found.index >= openEnd(input, at))) {
        return keepFrom(found === null ? end : found.index);
      }
      out += `${input.slice(at, found.index)}${mendPiece(found[0])}`;
      at = found.index + found[0].length;
      if (found[0] === '<![CDATA[') until = ']]>';
      if (found[0] === '<!--') until = '-->';
    }
  };
  return {
    write: (text) => mend(text, false),
    end: () => mend('', true),
    skippedLines: () => skippedLines,
  };
}

/** A theme's blank lines or a warning of PHP before the declaration would make it no XML. */
function skipToBeginning(text: string): { readonly text: string; readonly skippedLines: number } {
  const at = Math.max(0, text.search(BEGINNING));
  return { text: text.slice(at), skippedLines: text.slice(0, at).split('\n').length - 1 };
}

/** A space takes their place after a bracket: else a reader's “]]\u0001>” would end the CDATA it stands in. */
function dropForbidden(text: string): string {
  return text.replace(FORBIDDEN, (_, bracket: string) => (bracket === '' ? '' : `${bracket} `));
}

function openEnd(input: string, at: number): number {
  const from = Math.max(at, input.length - LONGEST_OPEN_END);
  const found = OPEN_END.exec(input.slice(from));
  return found === null ? input.length : from + found.index;
}

function mendPiece(piece: string): string {
  if (piece === ']]>') return ']]&gt;';
  if (!piece.startsWith('&') || XML_ENTITY.test(piece)) return piece;
  if (piece.startsWith('&#')) return isCharacter(piece) ? piece.toLowerCase() : '';
  // Such as &nbsp;, which HTML knows and XML does not.
  const decoded = decodeHTMLStrict(piece);
  if (decoded === piece) return `&amp;${piece.slice(1)}`;
  return Array.from(decoded, (char) => `&#${char.codePointAt(0)};`).join('');
}

function isCharacter(reference: string): boolean {
  const digits = reference.slice(2, -1);
  const code = /^x/i.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}
