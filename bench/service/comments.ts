/** Comments as readers write them: each another text, by another author, over so many posts. */

/** 8,000 words of two to four syllables: with few words all texts would be near-copies of each other. */
const SYLLABLES = 'ka lo mi ten ver sol da ri pun gra na bel tor shi mo ler vi co du est'.split(' ');
const WORDS = Array.from({ length: 8_000 }, (_, n) =>
  [n % 20, Math.floor(n / 20) % 20, Math.floor(n / 400) % 20].map((syllable) => SYLLABLES[syllable]).join(''),
);

let sent = 0;

/** A text of about `length` characters that nobody wrote before. */
export function makeText(length: number): string {
  let text = '';
  while (text.length < length) text += `${WORDS[Math.floor(WORDS.length * Math.random() ** 2)]} `;
  return `${text}${(sent++).toString(36)}x${Math.floor(Math.random() * 1e9).toString(36)}`;
}

/** The JSON of a submission by somebody new. */
export function makeSubmission(posts = 200, length = sent % 2 === 0 ? 96 : 415): string {
  const who = `${Date.now().toString(36)}${sent}`;
  return JSON.stringify({
    post: `post-${Math.floor(Math.random() * posts)}`,
    author_name: `Reader ${sent}`,
    author_email: `reader.${who}@mail.example`,
    author_ip: `10.${sent & 255}.${(sent >> 8) & 255}.${(sent >> 16) & 255}`,
    content: makeText(length),
  });
}
