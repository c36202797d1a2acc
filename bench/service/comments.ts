/** Comments as readers write them: each another text, by another author, over so many posts. */

const WORDS = (
  'the article says that our town will close the old swimming pool next year and nobody asked people who live here ' +
  'councillors promised a new one but money went into roads again my children learned there I wonder what others think ' +
  'about this plan because every winter it gets colder while bus to city takes an hour good reporting thank you for ' +
  'writing it please keep asking questions they never answer budget numbers look strange compared with last report'
).split(' ');

let sent = 0;

/** A text of about `length` characters that nobody wrote before. */
export function makeText(length: number): string {
  let text = '';
  while (text.length < length) text += `${WORDS[Math.floor(Math.random() * WORDS.length)]} `;
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
