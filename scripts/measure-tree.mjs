// Prints the shape of the tree, and fails where it has outgrown its bounds: `npm run measure:tree`.
//     node scripts/measure-tree.mjs [--list]   (--list names what is over a bound)
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';

const root = fileURLToPath(new URL('..', import.meta.url));
const isListing = process.argv.includes('--list');

const BOUNDS = {
  'files in the largest folder': 32,
  'files in the largest room of moderation': 17,
  'files in the root of src': 6,
  'import cycles, types included': 0,
  'functions over 50 lines': 5,
  'functions with more than 5 positional parameters': 0,
  'type assertions to number': 10,
};

const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => `src/${path}`)
  .sort();
const sources = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** The line of a place in a text, counted from 1. */
function lineAt(text, offset) {
  return text.slice(0, offset).split('\n').length;
}

function nameOf(node) {
  return node.id?.name ?? '(anonymous)';
}

const functions = [];
const numberAssertions = [];
const imports = new Map();
for (const { path, text } of sources) {
  const { program, module } = parseSync(path, text);
  const visit = (node) => {
    const lines = lineAt(text, node.end) - lineAt(text, node.start) + 1;
    const place = `${path}:${lineAt(text, node.start)} ${nameOf(node)}`;
    functions.push({ place, lines, parameters: node.params.length });
  };
  new Visitor({
    FunctionDeclaration: visit,
    FunctionExpression: visit,
    ArrowFunctionExpression: visit,
    TSAsExpression: ({ start, typeAnnotation }) => {
      if (typeAnnotation.type === 'TSNumberKeyword') numberAssertions.push(`${path}:${lineAt(text, start)}`);
    },
  }).visit(program);
  const specifiers = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)]
    .map((entry) => entry.moduleRequest?.value)
    .filter((specifier) => specifier?.startsWith('.'));
  const targets = specifiers.map((specifier) => relative(root, join(root, dirname(path), specifier)));
  imports.set(
    path,
    [...new Set(targets)].filter((to) => paths.includes(to)),
  );
}

/** One cycle for every import that closes one. */
function findCycles() {
  const done = new Set();
  const visit = (path, trail) => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' -> ')];
    if (done.has(path)) return [];
    const found = (imports.get(path) ?? []).flatMap((to) => visit(to, [...trail, path]));
    done.add(path);
    return found;
  };
  return paths.flatMap((path) => visit(path, []));
}

const folders = Map.groupBy?.(paths, dirname) ?? new Map();
if (folders.size === 0)
  for (const path of paths) folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), path]);
const largest = (isWanted) =>
  [...folders].filter(([folder]) => isWanted(folder)).sort(([, a], [, b]) => b.length - a.length)[0];
const [largestFolder, itsFiles] = largest(() => true);
const [largestRoom, itsRoomFiles] = largest((folder) => folder.startsWith('src/moderation'));
const lengths = sources.map(({ text }) => text.split('\n').length - 1).sort((a, b) => a - b);
const quantile = (share) => lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))];
const over = {
  'files in the largest folder': [largestFolder, itsFiles.length],
  'files in the largest room of moderation': [largestRoom, itsRoomFiles.length],
  'files in the root of src': [
    'src',
    (folders.get('src') ?? []).filter((path) => !path.endsWith('.d.ts')).length,
  ],
  'import cycles, types included': findCycles(),
  'functions over 50 lines': functions
    .filter(({ lines }) => lines > 50)
    .map(({ place, lines }) => `${place}: ${lines}`),
  'functions with more than 5 positional parameters': functions
    .filter(({ parameters }) => parameters > 5)
    .map(({ place, parameters }) => `${place}: ${parameters}`),
  'type assertions to number': numberAssertions,
};

let isOver = false;
for (const [what, bound] of Object.entries(BOUNDS)) {
  const found = over[what];
  const isCount = typeof found[1] === 'number';
  const count = isCount ? found[1] : found.length;
  isOver ||= count > bound;
  const remark = isCount ? ` (${found[0]})` : '';
  console.log(`${what}: ${count}${remark}, at most ${bound}${count > bound ? '  <- over' : ''}`);
  if (isListing && !isCount && count > bound) for (const line of found) console.log(`    ${line}`);
}
console.log(`files in src: ${paths.length}; lines: ${lengths.reduce((sum, length) => sum + length, 0)}`);
console.log(
  `lines of a file: median ${quantile(0.5)}, 90th percentile ${quantile(0.9)}, most ${lengths.at(-1)}`,
);
console.log('unused files, exports and dependencies: see `npx knip`, part of `npm run lint`');
process.exitCode = isOver ? 1 : 0;
