/** What the form says, with script and without, in English, German and Spanish; a page may replace any of it. */

const en = {
  comments: 'Comments',
  none: 'No comments yet.',
  title: 'Leave a Reply',
  titleTo: 'Leave a Reply to {name}',
  notes: 'Your email address will not be published. Required fields are marked *',
  comment: 'Comment',
  name: 'Name',
  email: 'Email',
  website: 'Website',
  remember: 'Save my name, email, and website in this browser for the next time I comment.',
  submit: 'Post Comment',
  sending: 'Sending …',
  reply: 'Reply',
  replyTo: 'Reply to {name}',
  cancel: 'Cancel reply',
  empty: 'Leave this field empty',
  waiting: 'Your comment is awaiting moderation. Only you see it here.',
  published: 'Your comment is published.',
  required: 'Please fill in this field.',
  emailWrong: 'Please enter an email address like name@example.org.',
  websiteWrong: 'Please enter an address that begins with https:// or http://.',
  tooLong: 'This is too long.',
  fieldWrong: 'Please check this field.',
  check: 'Your comment was not sent: please correct the marked fields.',
  duplicate: 'You have said this already.',
  flood: 'You are commenting too quickly. Please wait a moment.',
  closed: 'Comments are closed.',
  failed: 'That did not work. Your text is still here: please try again in a moment.',
  notLoaded: 'The comments could not be loaded.',
  removed: 'This comment was removed by a moderator.',
  held: 'This comment is with a moderator.',
  more: 'Show more comments',
};

export type Strings = typeof en;

const de: Strings = {
  comments: 'Kommentare',
  none: 'Noch keine Kommentare.',
  title: 'Schreiben Sie einen Kommentar',
  titleTo: 'Antwort an {name}',
  notes: 'Ihre E-Mail-Adresse wird nicht veröffentlicht. Pflichtfelder sind mit * markiert',
  comment: 'Kommentar',
  name: 'Name',
  email: 'E-Mail',
  website: 'Website',
  remember: 'Meinen Namen, meine E-Mail-Adresse und meine Website in diesem Browser merken.',
  submit: 'Kommentar abschicken',
  sending: 'Wird gesendet …',
  reply: 'Antworten',
  replyTo: '{name} antworten',
  cancel: 'Antwort abbrechen',
  empty: 'Lassen Sie dieses Feld leer',
  waiting: 'Ihr Kommentar wartet auf die Freigabe. Nur Sie sehen ihn hier.',
  published: 'Ihr Kommentar ist veröffentlicht.',
  required: 'Bitte füllen Sie dieses Feld aus.',
  emailWrong: 'Bitte geben Sie eine E-Mail-Adresse wie name@example.org ein.',
  websiteWrong: 'Bitte geben Sie eine Adresse ein, die mit https:// oder http:// beginnt.',
  tooLong: 'Das ist zu lang.',
  fieldWrong: 'Bitte prüfen Sie dieses Feld.',
  check: 'Ihr Kommentar wurde nicht gesendet: Bitte berichtigen Sie die markierten Felder.',
  duplicate: 'Das haben Sie bereits geschrieben.',
  flood: 'Sie kommentieren zu schnell. Bitte warten Sie einen Moment.',
  closed: 'Kommentare sind geschlossen.',
  failed: 'Das hat nicht geklappt. Ihr Text ist noch da: Bitte versuchen Sie es gleich noch einmal.',
  notLoaded: 'Die Kommentare konnten nicht geladen werden.',
  removed: 'Dieser Kommentar wurde von der Moderation entfernt.',
  held: 'Dieser Kommentar liegt bei der Moderation.',
  more: 'Weitere Kommentare anzeigen',
};

const es: Strings = {
  comments: 'Comentarios',
  none: 'Todavía no hay comentarios.',
  title: 'Deja una respuesta',
  titleTo: 'Responder a {name}',
  notes: 'Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *',
  comment: 'Comentario',
  name: 'Nombre',
  email: 'Correo electrónico',
  website: 'Web',
  remember: 'Guardar mi nombre, correo electrónico y web en este navegador para la próxima vez.',
  submit: 'Publicar el comentario',
  sending: 'Enviando …',
  reply: 'Responder',
  replyTo: 'Responder a {name}',
  cancel: 'Cancelar la respuesta',
  empty: 'Deja este campo vacío',
  waiting: 'Tu comentario está pendiente de moderación. Aquí solo lo ves tú.',
  published: 'Tu comentario está publicado.',
  required: 'Rellena este campo.',
  emailWrong: 'Escribe una dirección como nombre@example.org.',
  websiteWrong: 'Escribe una dirección que empiece por https:// o http://.',
  tooLong: 'Es demasiado largo.',
  fieldWrong: 'Revisa este campo.',
  check: 'Tu comentario no se ha enviado: corrige los campos marcados.',
  duplicate: 'Ya has dicho esto.',
  flood: 'Comentas demasiado rápido. Espera un momento.',
  closed: 'Los comentarios están cerrados.',
  failed: 'No ha funcionado. Tu texto sigue aquí: inténtalo de nuevo en un momento.',
  notLoaded: 'No se han podido cargar los comentarios.',
  removed: 'Un moderador ha eliminado este comentario.',
  held: 'Un moderador está revisando este comentario.',
  more: 'Mostrar más comentarios',
};

const languages: ReadonlyMap<string, Strings> = new Map(Object.entries({ en, de, es }));

/** The strings of a language tag such as `de-AT`, English for one that is not here, with the page's own over them. */
export function stringsFor(language: string, own: Readonly<Partial<Strings>>): Strings {
  return { ...(languages.get(language.slice(0, 2).toLowerCase()) ?? en), ...own };
}

/** What is wrong with a field, for the reader, by the code of the refusal. */
export function explainField(field: string, code: string, strings: Strings): string {
  if (code === 'required') return strings.required;
  if (code === 'too_large' || code === 'too_long') return strings.tooLong;
  if (field === 'author_email') return strings.emailWrong;
  return field === 'author_url' ? strings.websiteWrong : strings.fieldWrong;
}

/**
 * A language tag that Intl takes. Pages write `en_US`, `x!` and worse, and `toLocaleString` throws for them: then the
 * language of the strings stands for it.
 */
export function localeFor(language: string): string {
  try {
    const [tag] = Intl.getCanonicalLocales(language.replaceAll('_', '-'));
    if (tag !== undefined) return tag;
  } catch {
    // No tag at all.
  }
  const start = language.slice(0, 2).toLowerCase();
  return languages.has(start) ? start : 'en';
}

/** Puts a name into `{name}`; a `$` in it means nothing. */
export function withName(text: string, name: string): string {
  return text.replace('{name}', () => name);
}
