import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  /** `src/core/model.ts` for a file of ours, else the specifier as written. */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

interface Source {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly Import[];
  /** Without comments and strings. */
  readonly code: string;
}

/** The folders of the entries: what runs somewhere, and is imported by nothing else. */
const ENTRIES = ['node', 'worker', 'cli'];

const sources = [...listSources('src'), ...listSources('migrations')].map(readSource);

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, room: roomOf(path), imports: readImports(path, text), code: stripCommentsAndStrings(text) };
}

/** `core`, `storage`, `moderation`, `http`, `web`, `migrations`, `entries`, or `shared`. */
function roomOf(path: string): string {
  const [top, second = '', third] = path.split('/');
  if (top !== 'src') return top ?? '';
  if (third === undefined || second === 'strings') return 'shared';
  return ENTRIES.includes(second) ? 'entries' : second;
}

function readImports(path: string, text: string): Import[] {
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/gm;
  for (const [, type, names = '', specifier = ''] of text.matchAll(statement)) {
    const inBraces = /^\{([^}]*)\}$/s
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const typeOnly =
      type !== undefined || (inBraces?.every((name) => name.trim().startsWith('type ')) ?? false);
    found.push({ to: resolveImport(path, specifier), typeOnly, dynamic: false });
  }
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) {
    found.push({ to: resolveImport(path, specifier), typeOnly: false, dynamic: true });
  }
  return found;
}

function resolveImport(from: string, specifier: string): string {
  return specifier.startsWith('.') ? relative(root, join(root, dirname(from), specifier)) : specifier;
}

/** Strings first seen win, so that a `//` in one is no comment; template literals lose their text, not their `${}`. */
function stripCommentsAndStrings(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*(?=[.,;)\s])/g,
    (match) => (match.startsWith('/') ? ' ' : "''"),
  );
}

function inRooms(...rooms: readonly string[]): Source[] {
  return sources.filter((source) => rooms.includes(source.room));
}

/** Every import of the rooms that is not allowed, as `file -> what`. */
function forbiddenEdges(
  rooms: readonly string[],
  isAllowed: (edge: Import, source: Source) => boolean,
): string[] {
  return inRooms(...rooms).flatMap((source) =>
    source.imports
      .filter((edge) => !isAllowed(edge, source))
      .map((edge) => `${source.path} -> ${edge.to}${edge.typeOnly ? ' (type)' : ''}`),
  );
}

function roomOfImport({ to }: Import): string {
  return /^(src|migrations)\//.test(to) ? roomOf(to) : 'package';
}

function isPackage({ to }: Import, ...names: readonly string[]): boolean {
  return names.some((name) => to === name || to.startsWith(`${name}/`));
}

/** What Workers have of Node under nodejs_compat and our rooms need. */
const PORTABLE_NODE = ['node:crypto', 'node:timers/promises', 'node:buffer'];

describe('the rooms', () => {
  it('are found, with their files', () => {
    for (const room of ['core', 'storage', 'moderation', 'http', 'entries', 'migrations', 'shared']) {
      expect(inRooms(room), room).not.toHaveLength(0);
    }
    const app = sources.find((source) => source.path === 'src/http/app.ts');
    expect(app?.imports.map((edge) => edge.to)).toContain('src/service.ts');
  });

  it('core imports only itself and small pure libraries', () => {
    const isAllowed = (edge: Import) =>
      roomOfImport(edge) === 'core' ||
      isPackage(
        edge,
        'zod',
        'tldts',
        'linkify-it',
        'entities',
        'htmlparser2',
        'marked',
        're2js',
        'ipaddr.js',
      ) ||
      edge.to.startsWith('natural/lib/');
    expect(forbiddenEdges(['core'], isAllowed)).toEqual([]);
  });

  it('core has no clock, no chance, no environment and nothing to wait for', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\b|\bcrypto\b(?=\s*[.?[;,)}=])|\bprocess\b|\bawait\b|\basync\b|\bfetch\b|\bset(?:Timeout|Interval|Immediate)\b|\bconsole\b|\bglobalThis\b/;
    const found = inRooms('core').filter((source) => impure.test(source.code));
    expect(found.map((source) => `${source.path}: ${impure.exec(source.code)?.[0]}`)).toEqual([]);
  });

  it('storage knows neither HTTP nor the story, and of core only its types', () => {
    const isAllowed = (edge: Import, source: Source) => {
      const room = roomOfImport(edge);
      if (room === 'package') {
        const driver = /\/(connect-[a-z]+|pglite-dialect)\.ts$/.test(source.path);
        const folder = /\/(data-dir-lock|disk-room|connect-node)\.ts$/.test(source.path);
        if (isPackage(edge, 'pg', '@electric-sql/pglite')) return driver || edge.typeOnly;
        return isPackage(edge, 'kysely', 'zod', ...PORTABLE_NODE) || (folder && edge.to.startsWith('node:'));
      }
      return room === 'storage' || room === 'migrations' || (room === 'core' && edge.typeOnly);
    };
    expect(forbiddenEdges(['storage'], isAllowed)).toEqual([]);
  });

  it('the story knows neither HTTP nor which database or runtime it is on', () => {
    const isAllowed = (edge: Import) =>
      ['core', 'moderation', 'shared'].includes(roomOfImport(edge)) ||
      (roomOfImport(edge) === 'storage' && !/\/connection\/(connect-|data-dir-lock)/.test(edge.to)) ||
      isPackage(
        edge,
        'zod',
        'ipaddr.js',
        'standardwebhooks',
        'disposable-email-domains',
        'saxes',
        '@streamparser/json',
        'altcha-lib',
        ...PORTABLE_NODE,
      ) ||
      (isPackage(edge, 'kysely') && edge.typeOnly);
    expect(forbiddenEdges(['moderation'], isAllowed)).toEqual([]);
  });

  it('http calls the story and reads storage, and judges nothing itself', () => {
    const isAllowed = (edge: Import) => {
      const room = roomOfImport(edge);
      // An id is made and an address is read, neither is judged: all of core that a request needs.
      if (room === 'core') return edge.typeOnly || /^src\/core\/(id|parse-url)\.ts$/.test(edge.to);
      if (room === 'storage') return !/\/connection\/(connect-|data-dir-lock|migrate)/.test(edge.to);
      if (room === 'package') return isPackage(edge, 'hono', '@hono/zod-openapi', 'zod', ...PORTABLE_NODE);
      return ['http', 'moderation', 'shared'].includes(room);
    };
    expect(forbiddenEdges(['http'], isAllowed)).toEqual([]);
  });

  it('what all rooms share depends on none of them but for types', () => {
    const isAllowed = (edge: Import) =>
      edge.typeOnly || roomOfImport(edge) === 'shared' || isPackage(edge, 'zod');
    expect(forbiddenEdges(['shared'], isAllowed)).toEqual([]);
  });

  it('entries are imported by entries alone', () => {
    const isAllowed = (edge: Import) => roomOfImport(edge) !== 'entries';
    const others = ['core', 'storage', 'moderation', 'http', 'shared', 'migrations', 'web'];
    expect(forbiddenEdges(others, isAllowed)).toEqual([]);
  });

  it('migrations need nothing but Kysely, so that a released one never changes', () => {
    const isAllowed = (edge: Import) => roomOfImport(edge) === 'migrations' || isPackage(edge, 'kysely');
    expect(forbiddenEdges(['migrations'], isAllowed)).toEqual([]);
  });

  it('the client takes nothing from anywhere: it runs in Node, on Workers and in browsers', () => {
    expect(inRooms('client').length).toBeGreaterThan(2);
    expect(forbiddenEdges(['client'], (edge) => roomOfImport(edge) === 'client')).toEqual([]);
  });

  it('what runs in the browser takes nothing from the server but the words of the form and the name of an article', () => {
    const isAllowed = (edge: Import) =>
      edge.to.startsWith('src/strings/') ||
      edge.to === 'src/core/post-identity.ts' ||
      ['web', 'package'].includes(roomOfImport(edge))
        ? !edge.to.startsWith('node:')
        : edge.typeOnly;
    expect(forbiddenEdges(['web'], isAllowed)).toEqual([]);
  });
});

describe('what only one place may do', () => {
  it('Hono is imported in http alone, its Node server by an entry', () => {
    const outside = sources.filter((source) => source.room !== 'http');
    const found = outside.flatMap((source) =>
      source.imports
        .filter((edge) => isPackage(edge, 'hono', '@hono/zod-openapi'))
        .map((edge) => `${source.path} -> ${edge.to}`),
    );
    expect(found).toEqual([]);
  });

  it('Kysely runs queries in storage alone', () => {
    const outside = sources.filter((source) => !['storage', 'migrations'].includes(source.room));
    const found = outside.filter((source) =>
      source.imports.some((edge) => isPackage(edge, 'kysely') && !edge.typeOnly),
    );
    expect(found.map((source) => source.path)).toEqual([]);
  });

  it('the environment is read by config.ts, from what an entry hands it', () => {
    const found = sources.flatMap((source) => {
      const rest =
        source.room === 'entries' ? source.code.replaceAll('readConfig(process.env)', '') : source.code;
      return /\bprocess\.env\b|\bimport\.meta\.env\b/.test(rest) ? [source.path] : [];
    });
    expect(found).toEqual([]);
  });

  it('URL.canParse is asked nowhere: on Node 20.20 it comes to refuse letters beyond ASCII (core/parse-url.ts)', () => {
    expect(sources.filter(({ code }) => /\bcanParse\(/.test(code)).map(({ path }) => path)).toEqual([]);
  });

  it('no plain object is a table that a text of others is looked up in: “constructor” is in every one', () => {
    const tables =
      /const (\w+): (?:Readonly<|Partial<)*Record<string,(?:[^=]|=>)*= \{(?!\})|const (\w+) = \{(?:[^{}]|\{[^{}]*\})*\} satisfies Record<string/g;
    const found = sources.flatMap(({ path, code }) =>
      [...(path.startsWith('migrations/') ? '' : code).matchAll(tables)]
        .map(([, typed, satisfied]) => typed ?? satisfied ?? '')
        .filter((name) => new RegExp(`\\b${name}\\[`).test(code))
        .map((name) => `${path}: ${name} should be a Map, or a Record of its own keys`),
    );
    // `isImportFormat` and the part of the page are checked with Object.hasOwn before.
    const checked = ['src/moderation/import/import-formats.ts: parsers', 'src/web/admin/page.tsx: PARTS'];
    expect(found.filter((one) => !checked.some((known) => one.startsWith(known)))).toEqual([]);
  });

  it('a database driver is loaded only where it is used', () => {
    const eager = sources.flatMap((source) =>
      source.imports
        .filter((edge) => isPackage(edge, 'pg', '@electric-sql/pglite') && !edge.typeOnly && !edge.dynamic)
        .map((edge) => `${source.path} -> ${edge.to}`),
    );
    expect(eager).toEqual(['src/storage/connection/connect-worker.ts -> pg']);
  });
});

/** The rooms of moderation: each may import the root and the rooms of the lines behind its own. */
const MODERATION_ORDER = [
  ['background'],
  ['archive'],
  ['import', 'clients'],
  ['submit'],
  ['learn'],
  ['rules'],
  ['queue'],
  ['access', 'outgoing'],
  ['privacy'],
  ['site'],
  ['root'],
];

function moderationRoom(path: string): string {
  const [, second, third, fourth] = path.split('/');
  if (second !== 'moderation') return '';
  return fourth === undefined ? 'root' : (third ?? '');
}

describe('the rooms of moderation', () => {
  const rank = (path: string) => MODERATION_ORDER.findIndex((rooms) => rooms.includes(moderationRoom(path)));

  it('are all in the order', () => {
    const unknown = inRooms('moderation').filter(({ path }) => rank(path) < 0);
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });

  it('import only what is behind them, types included', () => {
    const isAllowed = (edge: Import, { path }: Source) =>
      !edge.to.startsWith('src/moderation/') ||
      moderationRoom(edge.to) === moderationRoom(path) ||
      rank(edge.to) > rank(path);
    expect(forbiddenEdges(['moderation'], isAllowed)).toEqual([]);
  });
});

describe('import cycles', () => {
  it('there are none, type imports included', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports.map((edge) => edge.to)]));
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): string[] => {
      if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' -> ')];
      if (done.has(path)) return [];
      const found = (graph.get(path) ?? [])
        .filter((to) => graph.has(to))
        .flatMap((to) => visit(to, [...trail, path]));
      done.add(path);
      return found;
    };
    expect(sources.flatMap((source) => visit(source.path, []))).toEqual([]);
  });
});
