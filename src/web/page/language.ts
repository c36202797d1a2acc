/** Remembers the language that the reader chose; without a choice the browser's languages count. */
import { type Language, pickLanguage } from '../../strings/languages.ts';

const NAME = 'leave-a-reply:language';

/** The reader's language, with the locale that dates and numbers are written in. */
export function readLanguage(): { readonly language: Language; readonly locale: string } {
  return pickLanguage(wantedLanguages());
}

/** The tags to choose from, best first: a region of the browser counts for the chosen language, too. */
export function wantedLanguages(): readonly string[] {
  const chosen = readChoice();
  if (chosen === null) return navigator.languages;
  const regional = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${chosen}-`));
  return [regional ?? chosen, ...navigator.languages];
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(NAME, language);
  } catch {
    // Storage may be off: the choice then lasts as long as the page.
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
