/** The links in a text, also those without a scheme ("example.com/pills"). */
import { LinkifyIt } from 'linkify-it';

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: true });
/** A text without any of these holds no link, and most comments do not. */
const MAY_LINK = /[.。．｡]|\/\//;

export interface Link {
  /** As written. */
  readonly text: string;
  /** With its scheme. */
  readonly url: string;
  /** UTF-16 offsets in the text, half-open. */
  readonly start: number;
  readonly end: number;
}

/** Every link in the order of the text. */
export function findLinks(text: string): Link[] {
  if (!MAY_LINK.test(text)) return [];
  return (linkify.match(text) ?? []).map((match) => ({
    text: match.raw,
    url: match.url,
    start: match.index,
    end: match.lastIndex,
  }));
}
