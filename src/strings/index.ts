/** The language of the reader, of those there are. */
import { de } from './de.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';

export type { Strings } from './en.ts';

const languages: Readonly<Record<string, Strings>> = { en, de, es };

/**
 * The first wanted language that there is; English when there is none. `language` is the whole tag, such as `en-GB`:
 * regions write dates and figures differently.
 */
export function chooseLanguage(wanted: readonly string[]): { language: string; strings: Strings } {
  for (const tag of wanted) {
    const [name = ''] = tag.toLowerCase().split('-');
    const strings = languages[name];
    if (strings) return { language: isTag(tag) ? tag : name, strings };
  }
  return { language: 'en', strings: en };
}

/** Chromium under some locales of the system says `en-US@posix`, which `Intl` throws at. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/**
 * A text with its gaps filled.
 *
 * @example
 * fill('{count} like this', { count: 23 }) // '23 like this'
 */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
