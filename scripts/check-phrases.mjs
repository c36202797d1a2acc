// Refuses phrases that readers stumble over, in the texts that users read: docs, help of the command line, answers of the
// API and error texts. Part of `npm run lint`; CONTRIBUTING.md has the table with what to write instead.
//     node scripts/check-phrases.mjs [FILE…]
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What is refused, and what to write. */
const PHRASES = [
  [
    /(?<!\bthere )\b(is|are|was|were) no (?!such\b|longer\b|more\b|less\b|worse\b|better\b|need\b|limit\b)\w+/i,
    'is not a …, or: there is no …',
  ],
  [/\b(?<!as |it )stands? (in|at|there|beside|on|with|twice|over)\b/i, 'is in …, remains'],
  [/\btold\b/i, 'reported, notified, shown'],
  [/\banew\b/i, 'again'],
  [/\balone\b/i, 'only'],
  [/\bbeside\b/i, 'next to, compared with, in addition to'],
  [/\bfor good\b/i, 'permanently'],
  [/\bin sight\b/i, 'visible'],
  [/\bwhoever\b/i, 'anyone who, the user'],
  [/\bsees? to\b/i, 'handles'],
  [/\bheld[- ]back\b/i, 'held-out'],
  [/\bsecond looks?\b/i, 'second review'],
  [/\bgoes by itself\b|\bgo by themselves\b/i, 'is deleted automatically'],
  [/\bpassed over\b/i, 'skipped'],
  [/\bfor people\b/i, 'say who reads it'],
  [/\bthe own\b/i, 'your own'],
  [/\bwhat is\b(?=[^.?]*\bis\b)(?!\?)/i, 'a noun instead of “what is …” as the subject'],
  [/\bTo(?:o) quick\b/, 'Commenting too fast'],
  [/\buntil it is there\b/i, 'until it is available'],
  [/\ball that are alike\b/i, 'all near-duplicates'],
];

/** Pages whose sentences are checked; generated tables and the licence are left out. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  'models/README.md',
  'integrations/wordpress/README.md',
  'src/client/README.md',
  ...filesOf('docs', /\.md$/).filter(
    (name) => !/(filter-benchmark|learning-curves|day-zero)\.md$/.test(name),
  ),
];
const SOURCES = ['cli', 'core', 'http', 'moderation', 'node']
  .flatMap((name) => filesOf(`src/${name}`, /\.tsx?$/))
  .concat('src/config.ts');

const given = process.argv.slice(2).map((name) => relative(root, name));
const faults = [...PAGES, ...SOURCES]
  .filter((name) => given.length === 0 || given.includes(name))
  .flatMap((name) => (name.endsWith('.md') ? checkPage(name) : checkSource(name)));
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error(`${faults.length} phrases to change.`);
  process.exit(1);
}

function filesOf(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Prose without code: neither blocks nor what is in backticks. The table of refused phrases quotes them. */
function checkPage(name) {
  const text = readFileSync(join(root, name), 'utf8')
    .replaceAll(/```[\s\S]*?```/g, (block) => block.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/<!-- phrases -->[\s\S]*?<!-- \/phrases -->/g, (block) => block.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/`[^`]*`/g, '`code`')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\[[\w-]+\.md\]/g, '[page]');
  return text.split('\n').flatMap((line, at) => check(line, `${name}:${at + 1}`));
}

/** The texts in a source: literals and templates with a space in them. Comments are for another day. */
function checkSource(name) {
  const text = readFileSync(join(root, name), 'utf8');
  const faults = [];
  walk(parseSync(name, text).program, (node) => {
    const value =
      node.type === 'Literal' && typeof node.value === 'string'
        ? node.value
        : node.type === 'TemplateElement'
          ? node.value.cooked
          : node.type === 'JSXText'
            ? node.value
            : null;
    if (value?.includes(' '))
      faults.push(...check(value, `${name}:${text.slice(0, node.start).split('\n').length}`));
  });
  return faults;
}

function walk(node, visit) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit);
    return;
  }
  if (typeof node.type === 'string') visit(node);
  for (const child of Object.values(node)) walk(child, visit);
}

function check(text, where) {
  return PHRASES.flatMap(([pattern, better]) => {
    const found = pattern.exec(text);
    return found ? [`${where}: “${found[0]}”: write ${better}`] : [];
  });
}
