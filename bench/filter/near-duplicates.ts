/** `npm run bench:near-duplicates`: the two tables of docs/evaluation.md, and what a signature costs. */

import { type Random, seededRandom } from '../../src/core/evaluation/seeded-random.ts';
import {
  groupNearDuplicates,
  nearDuplicateSignature,
  similarity,
} from '../../src/core/near-duplicates/near-duplicate.ts';
import { type Row, readCorpus, VIDEOS } from './corpora.ts';
import { writeTable } from './report.ts';

const NAMES = ['Anna', 'Bob Miller', 'Grace', 'Juan', 'xXDragonXx', 'Olga', 'Tim', 'Priscilla'];

function describeGroups(name: string, rows: readonly Row[]): string[] {
  const start = performance.now();
  for (const { text } of rows) nearDuplicateSignature(text);
  const microseconds = ((performance.now() - start) * 1000) / rows.length;
  const members = new Map<number, { spam: number; total: number }>();
  for (const [row, group] of groupNearDuplicates(rows.map(({ text }) => text)).entries()) {
    const { spam, total } = members.get(group) ?? { spam: 0, total: 0 };
    members.set(group, { spam: spam + (rows[row]?.label === 'spam' ? 1 : 0), total: total + 1 });
  }
  const groups = [...members.values()].filter(({ total }) => total > 1);
  const sum = (of: (group: { spam: number; total: number }) => number) =>
    groups.reduce((all, group) => all + of(group), 0);
  return [
    name,
    String(rows.length),
    String(groups.length),
    String(sum(({ total }) => total)),
    String(sum(({ spam }) => spam)),
    String(sum(({ spam, total }) => Math.min(spam, total - spam))),
    microseconds.toFixed(1),
  ];
}

/** Another name in front, other digits and addresses, zero-width characters after a tenth of the letters. */
function varyTemplate(text: string, random: Random): string {
  const number = () => Math.floor(random() * 1e6);
  const varied = text
    .replace(/\d/g, () => String(Math.floor(random() * 10)))
    .replace(/https?:\/\/\S+/g, () => `https://site${number()}.example/x${number()}`);
  const sprinkled = Array.from(varied, (letter) => (random() < 0.1 ? `${letter}\u200b` : letter)).join('');
  return `Hi ${NAMES[Math.floor(random() * NAMES.length)]}, ${sprinkled}`;
}

function describeVariations(name: string, rows: readonly Row[]): string[] {
  const random = seededRandom(7);
  let [texts, banded, near, copies] = [0, 0, 0, 0];
  for (const { text, label } of rows) {
    const { bands } = nearDuplicateSignature(text);
    if (label === 'ham' || bands.length === 0) continue;
    const varied = varyTemplate(text, random);
    const alike = similarity(text, varied);
    texts += 1;
    if (nearDuplicateSignature(varied).bands.some((band) => bands.includes(band))) banded += 1;
    if (alike >= 0.6) near += 1;
    if (alike >= 0.8) copies += 1;
  }
  return [name, String(texts), ...[banded, near, copies].map((count) => ((count / texts) * 100).toFixed(1))];
}

const SETS = [
  'sms-80',
  'telegram-ru-80',
  'youtube-indonesian-gambling',
  'news-globeandmail-c3',
  'news-german-germeval21',
];
const SPAM = ['youtube-psy', 'youtube-eminem', 'sms-80', 'youtube-indonesian-gambling', 'telegram-ru-80'];
const groups = [describeGroups('YouTube, four videos', (await Promise.all(VIDEOS.map(readCorpus))).flat())];
for (const name of SETS) groups.push(describeGroups(name, await readCorpus(name)));
const variations: string[][] = [];
for (const name of SPAM) variations.push(describeVariations(name, await readCorpus(name)));
const groupHead = [
  'set',
  'rows',
  'groups',
  'rows in groups',
  'of them spam',
  'other label',
  'µs a signature',
];
console.log(writeTable(groupHead, groups));
console.log(`\n${writeTable(['set', 'texts', 'shares a band %', '>= 0.6 %', '>= 0.8 %'], variations)}`);
