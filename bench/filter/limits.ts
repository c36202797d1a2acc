/**
 * `npm run bench:limits`: how long the filter takes for the worst 64 KiB of anything. Prints the slowest of five runs of
 * each, after one to warm up; ends with 1 when one of them takes 50 ms or more.
 */
import { explainComment, scoreComment } from '../../src/core/filter/classifier.ts';
import { median } from './speed.ts';
import { readStarter } from './starter.ts';

const LIMIT_MILLISECONDS = 50;
const RUNS = 5;
const SIZE = 65_536;

function fill(unit: string): string {
  return unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE);
}

const INPUTS: Readonly<Record<string, string>> = {
  'one letter': fill('a'),
  'one-letter words': fill('a b '),
  'different words': fill(Array.from({ length: 13_000 }, (_, number) => `w${number}`).join(' ')),
  spaces: `${fill(' ')}x`,
  newlines: fill('\n'),
  '"<"': fill('<'),
  'open tags': fill('<a '),
  'links in tags': fill('<a href="http://a.example/b">'),
  '"&"': fill('&'),
  '"&amp;"': fill('&amp;'),
  '"%7"': fill('%7'),
  '"["': fill('['),
  '"@"': fill('a@'),
  dots: fill('a.'),
  '"http://"': fill('http://'),
  links: fill('http://host.example/path?x=1 '),
  'one long link': `http://${fill('a.')}`,
  'combining marks': `e${fill('\u0300')}`,
  'ligatures that grow eighteenfold': fill('\ufdfa'),
  'letters that grow when lowered': fill('\u0130'),
  'zero-width spaces': fill('v\u200b'),
  'bidi controls': fill('\u202e'),
  'lone surrogates': fill('\ud83d'),
  Chinese: fill('请订阅我的频道'),
  'mixed scripts': fill('vi\u0430gr\u0430 '),
  emoji: fill('🎉'),
};

const { model } = await readStarter();
let worst = 0;
for (const [name, content] of Object.entries(INPUTS)) {
  const times = (score: () => unknown): number[] => {
    score();
    return Array.from({ length: RUNS }, () => {
      const start = performance.now();
      score();
      return performance.now() - start;
    });
  };
  const scoring = times(() => scoreComment(model, { content }));
  const explaining = times(() => explainComment(model, { content }));
  worst = Math.max(worst, ...scoring);
  const cells = [median(scoring), Math.max(...scoring), median(explaining)].map((time) => time.toFixed(1));
  console.log(`${name.padEnd(34)} score ${cells[0]} ms, at most ${cells[1]} ms; explain ${cells[2]} ms`);
}
console.log(`slowest score: ${worst.toFixed(1)} ms, limit ${LIMIT_MILLISECONDS} ms`);
if (worst >= LIMIT_MILLISECONDS) process.exitCode = 1;
