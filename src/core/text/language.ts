/**
 * The script and, roughly, the language of a comment, for rules such as “hold what is not written in Latin letters”.
 *
 * The script is that of most letters. The language is told by its commonest function words, which works from about a
 * dozen words on and says nothing below; docs/rules.md has how often it is right. Statistical detectors were left out:
 * they ship megabytes of n-grams and are no better on comments of ten words.
 */

/** ISO 15924 codes of the scripts that are told apart. */
export const SCRIPTS = [
  'Latn',
  'Cyrl',
  'Grek',
  'Arab',
  'Hebr',
  'Hani',
  'Kana',
  'Hang',
  'Thai',
  'Deva',
] as const;
export type Script = (typeof SCRIPTS)[number];

const LETTERS: Readonly<Record<Script, RegExp>> = {
  Latn: /\p{Script=Latin}/gu,
  Cyrl: /\p{Script=Cyrillic}/gu,
  Grek: /\p{Script=Greek}/gu,
  Arab: /\p{Script=Arabic}/gu,
  Hebr: /\p{Script=Hebrew}/gu,
  Hani: /\p{Script=Han}/gu,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Hang: /\p{Script=Hangul}/gu,
  Thai: /\p{Script=Thai}/gu,
  Deva: /\p{Script=Devanagari}/gu,
};

/** The commonest words of each language that are rare in the others here. */
const FUNCTION_WORDS = {
  en: 'the and of to is it that for you was with this are have not but they be on we my what all would there their who has been will if',
  de: 'der die das und ist nicht ich sie es ein eine den dem mit auf für sich auch von zu wie aber nur noch wir wenn sind dass oder haben',
  fr: 'le la les et est pas que des une dans pour qui sur vous ce nous avec il je plus sont mais ne cette être du au tout on ça',
  es: 'el la los las que y de en un una por con no es se para lo como más pero sus está muy todo eso hay cuando esta yo esto',
  pt: 'o a os as que e de não um uma para com em por se mais como mas do da no na é são ele isso você essa esse foi muito tem',
  it: 'il lo la gli che e di non un una per con è sono del della in si come ma più questo anche al nel ci mi tutti ha se',
  nl: 'de het een en van is dat niet ik op te voor met zijn maar ook er aan om die dan wel nog wat naar door zo bij geen als',
  pl: 'i w nie na się że to z do jest jak co ale tak po za od czy dla tego tylko jego już by go ma ten przez są',
  id: 'yang dan di ini itu ada tidak untuk saya dengan dari ke aku bisa akan kita juga sudah karena kalau lagi orang tapi buat banyak gak yg nya aja',
  tr: 've bir bu da de için çok ne ile ama gibi daha var mi en o kadar değil ben sen olarak sonra her ya şey hiç nasıl',
  ru: 'и в не на что я с он как это по но из у за то все так вы же от мы бы для только ты если или есть нет',
  uk: 'і в не на що я з він як це по але із у за то все так ви ж від ми би для тільки ти якщо або є та',
} as const;

export type Language = keyof typeof FUNCTION_WORDS;
export const LANGUAGES = Object.keys(FUNCTION_WORDS) as Language[];

const languagesOf = new Map<string, Language[]>();
for (const language of LANGUAGES) {
  for (const word of FUNCTION_WORDS[language].split(' ')) {
    languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
  }
}

/** Only so much of a text is looked at: a language shows in its first words. */
const ENOUGH = 4_000;

/**
 * The script of at least half of the letters, or null (no letters, or a mixture).
 *
 * @example
 * scriptOf('Доброе утро') // 'Cyrl'
 */
export function scriptOf(text: string): Script | null {
  const start = text.slice(0, ENOUGH);
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  return (
    SCRIPTS.find((script) => 2 * (start.match(LETTERS[script])?.length ?? 0) >= Math.max(1, letters)) ?? null
  );
}

/**
 * The language whose function words stand most often in the text, or null: fewer than three of them, or another
 * language has nearly as many.
 *
 * @example
 * languageOf('Das ist nicht die Frage, sondern wie wir das bezahlen') // 'de'
 */
export function languageOf(text: string): Language | null {
  const words =
    text
      .slice(0, ENOUGH)
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const votes = new Map<Language, number>();
  for (const word of words) {
    for (const language of languagesOf.get(word) ?? []) votes.set(language, (votes.get(language) ?? 0) + 1);
  }
  const [first, second] = [...votes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (!first || first[1] < 3 || first[1] * 8 < words.length) return null;
  return second !== undefined && first[1] < second[1] * 1.25 ? null : first[0];
}
