/** The language of the reader, of those there are. */
import { de } from './de.ts';
import { en, type Strings } from './en.ts';
import { es } from './es.ts';
import { type Language, pickLanguage } from './languages.ts';

export type { Strings } from './en.ts';

const languages: Readonly<Record<Language, Strings>> = { en, de, es };

/** The texts in the first wanted language that exists; `language` is the whole tag, such as `en-GB`. */
export function chooseLanguage(wanted: readonly string[]): { language: string; strings: Strings } {
  const { language, locale } = pickLanguage(wanted);
  return { language: locale, strings: languages[language] };
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
