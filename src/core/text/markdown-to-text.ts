/** Turns a comment in Markdown into the text that its readers saw. */
import { marked } from 'marked';
import { htmlToText } from './html-to-text.ts';

const OPTIONS = { gfm: true, breaks: true };

/**
 * The text of Markdown (GitHub's flavour, in which the HTML of a comment is HTML): lines stay apart, marks of emphasis are
 * dropped, a link is its text with the address behind it.
 *
 * @example
 * markdownToText('**Good** [point](https://a.example/), `x`') // 'Good point (https://a.example/), x'
 */
export function markdownToText(markdown: string): string {
  // The parser calls itself for each level, and ends the process at some thousands; no reader writes so many.
  const text = markdown.replace(DEEP_QUOTE, '$1');
  try {
    return htmlToText(marked.parser(marked.lexer(text, OPTIONS), OPTIONS));
  } catch (error) {
    if (error instanceof RangeError) return htmlToText(text, { keepLines: true });
    throw error;
  }
}

/** More than eight marks of quotes or lists at the beginning of a line. */
const DEEP_QUOTE = /^((?:[ \t]*[>*+-]){8})(?:[ \t]*[>*+-])+/gm;
