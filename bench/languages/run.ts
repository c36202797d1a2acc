/** `npm run bench:languages`: how often the language of a comment is told, on ../shared/data; the table of docs/rules.md. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { languageOf, scriptOf } from '../../src/core/text/language.ts';

const SETS = [
  ['news-globeandmail-c3', 'of a Canadian newspaper', 'en'],
  ['news-german-germeval21', 'of German talk shows', 'de'],
  ['news-portuguese-offcombr', 'of a Brazilian news site', 'pt'],
  ['youtube-indonesian-gambling', 'under Indonesian videos', 'id'],
  ['telegram-ru-80', 'Russian chat messages', 'ru'],
] as const;

function readTexts(name: string): string[] {
  const lines = gunzipSync(readFileSync(`../shared/data/${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { text: string }).text);
}

const percent = (count: number, of: number) => `${((100 * count) / of).toFixed(1)} %`;

console.log('| Comments | Language | Right | Wrong | Not told |\n|---|---|---|---|---|');
for (const [name, where, language] of SETS) {
  const texts = readTexts(name);
  const told = texts.map(languageOf);
  const right = told.filter((one) => one === language).length;
  const none = told.filter((one) => one === null).length;
  const cells = [right, told.length - right - none, none].map((count) => percent(count, told.length));
  console.log(`| ${texts.length.toLocaleString('en')} ${where} | ${language} | ${cells.join(' | ')} |`);
}
const russian = readTexts('telegram-ru-80').map(scriptOf);
const cyrillic = russian.filter((script) => script === 'Cyrl').length;
console.log(`\nCyrillic: ${percent(cyrillic, russian.length)} of ${russian.length} Russian chat messages`);
