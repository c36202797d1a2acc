/** The texts of the pages that the server renders: the front page, the error reference and “not found”. */
import { type Language, pickLanguage } from './languages.ts';

const en = {
  tagline: 'Moderation for the “Leave a Reply” form',
  about:
    'This service hides the e-mail addresses of commenters, scores spam with a filter that explains itself, and puts doubtful comments before your moderators. Their decisions train the filter.',
  moderation: 'Moderation',
  moderationAbout: 'Review held comments.',
  administration: 'Administration',
  administrationAbout: 'Sites, settings, rules, users and the spam filter.',
  demo: 'Demo',
  demoAbout: 'An article with the comment form.',
  api: 'API reference',
  apiAbout: 'Every call, with its schema.',
  openApi: 'OpenAPI document',
  problems: 'Error reference',
  problemsAbout: 'Every error code and its meaning.',
  status: 'Status',
  statusAbout: 'Whether the service is ready for requests.',
  problemsIntro:
    'Every error is an RFC 9457 problem document. The field “code” is stable, so your code can rely on it.',
  code: 'Code',
  httpStatus: 'HTTP status',
  title: 'Title',
  remedy: 'What to do',
  notFound: 'Page not found',
  notFoundAbout: 'There is no page at this address. Check the address, or go to one of these pages:',
};

export type PageStrings = typeof en;

const de: PageStrings = {
  tagline: 'Moderation für das Formular „Leave a Reply“',
  about:
    'Dieser Dienst verbirgt die E-Mail-Adressen der Kommentierenden, bewertet Spam mit einem Filter, der seine Gründe nennt, und legt zweifelhafte Kommentare Ihren Moderatoren vor. Deren Entscheidungen trainieren den Filter.',
  moderation: 'Moderation',
  moderationAbout: 'Zurückgehaltene Kommentare prüfen.',
  administration: 'Verwaltung',
  administrationAbout: 'Websites, Einstellungen, Regeln, Benutzer und Spamfilter.',
  demo: 'Demo',
  demoAbout: 'Ein Artikel mit dem Kommentarformular.',
  api: 'API-Referenz',
  apiAbout: 'Alle Aufrufe mit ihrem Schema.',
  openApi: 'OpenAPI-Dokument',
  problems: 'Fehlerverzeichnis',
  problemsAbout: 'Alle Fehlercodes und ihre Bedeutung.',
  status: 'Status',
  statusAbout: 'Ob der Dienst Anfragen annimmt.',
  problemsIntro:
    'Jeder Fehler ist ein Problem-Dokument nach RFC 9457. Das Feld „code“ bleibt gleich, Ihr Programm kann sich darauf verlassen.',
  code: 'Code',
  httpStatus: 'HTTP-Status',
  title: 'Titel',
  remedy: 'Was zu tun ist',
  notFound: 'Seite nicht gefunden',
  notFoundAbout:
    'Unter dieser Adresse gibt es keine Seite. Prüfen Sie die Adresse, oder gehen Sie zu einer dieser Seiten:',
};

const es: PageStrings = {
  tagline: 'Moderación para el formulario «Leave a Reply»',
  about:
    'Este servicio oculta las direcciones de correo de quienes comentan, puntúa el spam con un filtro que explica sus motivos y presenta los comentarios dudosos a sus moderadores. Sus decisiones entrenan el filtro.',
  moderation: 'Moderación',
  moderationAbout: 'Revisar los comentarios retenidos.',
  administration: 'Administración',
  administrationAbout: 'Sitios, ajustes, reglas, usuarios y filtro de spam.',
  demo: 'Demostración',
  demoAbout: 'Un artículo con el formulario de comentarios.',
  api: 'Referencia de la API',
  apiAbout: 'Todas las llamadas con su esquema.',
  openApi: 'Documento OpenAPI',
  problems: 'Referencia de errores',
  problemsAbout: 'Todos los códigos de error y su significado.',
  status: 'Estado',
  statusAbout: 'Si el servicio está listo para recibir peticiones.',
  problemsIntro:
    'Cada error es un documento de problema según RFC 9457. El campo «code» no cambia: su programa puede confiar en él.',
  code: 'Código',
  httpStatus: 'Estado HTTP',
  title: 'Título',
  remedy: 'Qué hacer',
  notFound: 'Página no encontrada',
  notFoundAbout:
    'No hay ninguna página en esta dirección. Compruebe la dirección o vaya a una de estas páginas:',
};

const languages: Readonly<Record<Language, PageStrings>> = { en, de, es };

/** The texts in the first wanted language that exists. @param wanted tags such as `de-AT`, best first */
export function pageStringsFor(wanted: readonly string[]): {
  readonly language: Language;
  readonly strings: PageStrings;
} {
  const { language } = pickLanguage(wanted);
  return { language, strings: languages[language] };
}
