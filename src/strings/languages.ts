/** Chooses the reader's language from those that the pages have. */

/** The languages of the pages for people, by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

function isLanguage(name: string): name is Language {
  return Object.hasOwn(LANGUAGES, name);
}

/**
 * The first wanted language that the pages have; English when they have none. `locale` is the whole tag, such as
 * `en-GB`, because regions write dates and numbers differently.
 *
 * @example
 * pickLanguage(['fr', 'de-AT']) // { language: 'de', locale: 'de-AT' }
 */
export function pickLanguage(wanted: readonly string[]): {
  readonly language: Language;
  readonly locale: string;
} {
  for (const tag of wanted) {
    const [name = ''] = tag.toLowerCase().split('-');
    if (isLanguage(name)) return { language: name, locale: isTag(tag) ? tag : name };
  }
  return { language: 'en', locale: 'en' };
}

/** Chromium under some locales of the system says `en-US@posix`, which `Intl` throws at. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
