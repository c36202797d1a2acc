/** The language of the reader, of those there are. */
import { de } from './de.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';

export type { Strings } from './en.ts';

const languages: Readonly<Record<string, Strings>> = { en, de, es };

/** The first wanted language that there is; English when there is none. */
export function chooseLanguage(wanted: readonly string[]): { language: string; strings: Strings } {
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    const strings = languages[language];
    if (strings) return { language, strings };
  }
  return { language: 'en', strings: en };
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
