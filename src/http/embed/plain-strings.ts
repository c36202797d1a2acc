/** What the pages that answer a form without script say beside the form's own strings, and in which language. */
import { type Strings, stringsFor } from '../../strings/form-strings.ts';

const en = {
  thanks: 'Thank you',
  notSent: 'Your comment was not sent',
  yourReply: 'Your reply',
  back: 'Back to the article',
  tooFast: 'You are commenting too quickly. Please wait {seconds} seconds.',
  unavailable: 'Comments cannot be kept at the moment. Your text is still here: please try again shortly.',
  parentGone: 'The comment that you answer is not there any more. Send it again as a comment of its own.',
  proofNeeded:
    'This site asks for a proof of work at the moment, which needs JavaScript. Please turn it on, or try again later.',
};

const de: typeof en = {
  thanks: 'Vielen Dank',
  notSent: 'Ihr Kommentar wurde nicht gesendet',
  yourReply: 'Ihre Antwort',
  back: 'Zurück zum Artikel',
  tooFast: 'Sie kommentieren zu schnell. Bitte warten Sie {seconds} Sekunden.',
  unavailable:
    'Kommentare können gerade nicht gespeichert werden. Ihr Text ist noch da: Bitte versuchen Sie es gleich noch einmal.',
  parentGone:
    'Der Kommentar, auf den Sie antworten, ist nicht mehr da. Senden Sie Ihren noch einmal, als eigenen Kommentar.',
  proofNeeded:
    'Diese Website verlangt gerade einen Rechennachweis, für den JavaScript nötig ist. Bitte schalten Sie es ein, oder versuchen Sie es später noch einmal.',
};

const es: typeof en = {
  thanks: 'Gracias',
  notSent: 'Tu comentario no se ha enviado',
  yourReply: 'Tu respuesta',
  back: 'Volver al artículo',
  tooFast: 'Comentas demasiado rápido. Espera {seconds} segundos.',
  unavailable:
    'Ahora mismo no se pueden guardar comentarios. Tu texto sigue aquí: inténtalo de nuevo en un momento.',
  parentGone:
    'El comentario al que respondes ya no está. Envía el tuyo otra vez, como un comentario independiente.',
  proofNeeded:
    'Este sitio pide ahora mismo una prueba de trabajo, que necesita JavaScript. Actívalo o inténtalo más tarde.',
};

const languages = { en, de, es };
type Language = keyof typeof languages;

export type PlainStrings = Strings & typeof en & { readonly language: Language };

/** @param wanted language tags such as `de-AT`, the dearest first; English when none of them is here. */
export function plainStringsFor(wanted: readonly string[]): PlainStrings {
  const names = wanted.map((tag) => tag.trim().slice(0, 2).toLowerCase());
  const language = names.find((name): name is Language => Object.hasOwn(languages, name)) ?? 'en';
  return { ...stringsFor(language, {}), ...languages[language], language };
}

/** The tags of an `Accept-Language`, the dearest first. */
export function readAcceptLanguage(header: string | undefined): string[] {
  const tags = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
  });
  return tags
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}
