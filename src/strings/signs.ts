/** Says in three languages what moved a score, one sentence for each sign. */
import { fill } from './index.ts';

const en = {
  asks_to_look: 'Asks you to look at something',
  asks_to_subscribe: 'Asks you to subscribe, share or vote',
  asks_to_buy: 'Asks you to buy, order or get in touch',
  promises_gain: 'Promises money, prizes or a bargain',
  promotes_place: 'Promotes a channel, site or work of its own',
  addresses_readers: 'Addresses the readers as a crowd',
  no_links: 'No links',
  links: 'Links: {count}',
  short_links: 'Links: {count}, some shortened so that their target is hidden',
  host: 'Links to {words}',
  capitals: 'Words in capitals',
  exclamations: 'Exclamation marks',
  questions: 'Asks a question',
  numbers: 'Contains numbers',
  symbols: 'Emoji or symbols',
  repeats: 'Repeated characters',
  mixed_scripts: 'Mixes alphabets',
  styled_letters: 'Uses styled letters',
  hidden_characters: 'Contains invisible characters',
  short_text: 'Very short',
  long_text: 'Long text',
  author_name: 'The author’s name',
  author_address: 'The author’s website',
  phrase_spam: 'Typical of spam: “{words}”',
  phrase_ham: 'Typical of good comments: “{words}”',
  off_article: 'Shares no words with the title of the article',
  style: 'Length and punctuation',
};

const de: typeof en = {
  asks_to_look: 'Fordert dazu auf, sich etwas anzusehen',
  asks_to_subscribe: 'Bittet um Abonnieren, Teilen oder Abstimmen',
  asks_to_buy: 'Fordert zu Kauf, Bestellung oder Kontakt auf',
  promises_gain: 'Verspricht Geld, Gewinne oder Rabatte',
  promotes_place: 'Wirbt für einen eigenen Kanal, eine Website oder ein Werk',
  addresses_readers: 'Spricht die Leserschaft als Menge an',
  no_links: 'Keine Links',
  links: 'Links: {count}',
  short_links: 'Links: {count}, darunter gekürzte, deren Ziel verborgen ist',
  host: 'Verlinkt {words}',
  capitals: 'Wörter in Großbuchstaben',
  exclamations: 'Ausrufezeichen',
  questions: 'Stellt eine Frage',
  numbers: 'Enthält Zahlen',
  symbols: 'Emojis oder Symbole',
  repeats: 'Wiederholte Zeichen',
  mixed_scripts: 'Mischt Alphabete',
  styled_letters: 'Verwendet Zierbuchstaben',
  hidden_characters: 'Enthält unsichtbare Zeichen',
  short_text: 'Sehr kurz',
  long_text: 'Langer Text',
  author_name: 'Der Name der Person',
  author_address: 'Die Website der Person',
  phrase_spam: 'Typisch für Spam: „{words}“',
  phrase_ham: 'Typisch für gute Kommentare: „{words}“',
  off_article: 'Hat kein Wort mit dem Titel des Artikels gemeinsam',
  style: 'Länge und Zeichensetzung',
};

const es: typeof en = {
  asks_to_look: 'Pide que se mire algo',
  asks_to_subscribe: 'Pide suscribirse, compartir o votar',
  asks_to_buy: 'Invita a comprar, pedir o ponerse en contacto',
  promises_gain: 'Promete dinero, premios o gangas',
  promotes_place: 'Promociona un canal, sitio u obra propios',
  addresses_readers: 'Se dirige a los lectores en masa',
  no_links: 'Sin enlaces',
  links: 'Enlaces: {count}',
  short_links: 'Enlaces: {count}, algunos acortados que ocultan su destino',
  host: 'Enlaza a {words}',
  capitals: 'Palabras en mayúsculas',
  exclamations: 'Signos de exclamación',
  questions: 'Hace una pregunta',
  numbers: 'Contiene números',
  symbols: 'Emojis o símbolos',
  repeats: 'Caracteres repetidos',
  mixed_scripts: 'Mezcla alfabetos',
  styled_letters: 'Usa letras decorativas',
  hidden_characters: 'Contiene caracteres invisibles',
  short_text: 'Muy corto',
  long_text: 'Texto largo',
  author_name: 'El nombre del autor',
  author_address: 'El sitio web del autor',
  phrase_spam: 'Típico del spam: «{words}»',
  phrase_ham: 'Típico de buenos comentarios: «{words}»',
  off_article: 'No comparte palabras con el título del artículo',
  style: 'Longitud y puntuación',
};

const languages: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ['en', en],
  ['de', de],
  ['es', es],
]);

interface SpokenSign {
  readonly code: string;
  readonly toward: 'spam' | 'ham';
  readonly count: number | null;
  readonly words: string | null;
}

/** A sign in words. `language` is the first part of a tag, such as `de`; one that there is not is English. */
export function saySign({ code, toward, count, words }: SpokenSign, language: string): string {
  const texts: Readonly<Record<string, string>> = languages.get(language) ?? en;
  const text = texts[code] ?? texts[`${code}_${toward}`] ?? code;
  return fill(text, { count: count ?? 0, words: words ?? '' });
}
