/** Coral's links as they were written: it sends `https://a.example` as `<a href="https://a.example">https://a.example</a>`. */

// Each part ends before the next `<` or quote, so that no text is read more than a few times.
const ANCHOR = /<a\s([^<>]*)>([^<>]*)<\/a>/gi;
const ATTRIBUTE = /([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g;
const ENTITIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    '#38': '&',
    '#x26': '&',
    '#39': "'",
    '#x2f': '/',
    '#47': '/',
  }),
);

/**
 * The HTML with each link whose text is its own address replaced by that text: the filter would count it twice. All other
 * links stay, since a text that is not the address is what spam has. Linear in the length.
 *
 * @example
 * unlinkAddresses('See <a href="https://a.example/">a.example</a>') // 'See a.example'
 */
export function unlinkAddresses(html: string): string {
  return html.replace(ANCHOR, (anchor, attributes: string, text: string) =>
    bareAddress(hrefOf(attributes)) === bareAddress(text) ? text : anchor,
  );
}

function hrefOf(attributes: string): string {
  for (const [, name = '', double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() === 'href') return double ?? single ?? bare ?? '';
  }
  return '';
}

/** What two ways to write an address have in common. */
function bareAddress(text: string): string {
  const decoded = text.replace(
    /&(#?\w{2,4});/g,
    (entity, name: string) => ENTITIES.get(name.toLowerCase()) ?? entity,
  );
  return decoded
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
}
