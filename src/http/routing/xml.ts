/** Writes XML from values: a text cannot become markup, because nothing but these functions writes any. */

/** A part of a document; only this file makes one. */
export class XmlPart {
  readonly #text: string;
  constructor(name: string, attributes: Readonly<Record<string, string>>, children: readonly Child[]) {
    const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
    const inner = children.map((child) => (child instanceof XmlPart ? child.#text : escapeXml(child)));
    this.#text = `<${name}${written.join('')}>${inner.join('')}</${name}>`;
  }

  toDocument(): string {
    return `<?xml version="1.0" encoding="utf-8"?>\n${this.#text}\n`;
  }
}

type Child = XmlPart | string;

/**
 * An element with attributes and what is in it.
 *
 * @example
 * xml('title', {}, 'a < b').toDocument() // '…<title>a &lt; b</title>\n'
 */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): XmlPart {
  return new XmlPart(name, attributes, children);
}

/** What XML 1.0 cannot hold, escaped or not: one such character makes readers refuse the whole document. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\t': '&#9;',
    '\n': '&#10;',
    '\r': '&#13;',
  }),
);

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\uFFFD')
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES.get(character) ?? character);
}
