/** `npm run bench:queue`: what a page of a queue of a million costs the server, by mode; docs/queue-benchmark.md. */
import { cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createApp } from '../../src/http/app.ts';
import { createKey } from '../../src/moderation/access/keys.ts';
import { createSite } from '../../src/moderation/site/sites.ts';
import { createAssetReader } from '../../src/node/package-files.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { BENCH, openDirect } from '../direct-service.ts';
import { beginningOf, fillSite } from './fill.ts';
import { measureKeys } from './keys.ts';

const { values } = parseArgs({
  options: { held: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '15' } },
});
const HELD = Number(values.held);
const ROUNDS = Number(values.rounds);
const PAGE = 25;

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next_cursor: string | null;
}

function modes(someId: string, frequentId: string, campaign: string): readonly (readonly [string, string])[] {
  return [
    ['riskiest', 'order=risk'],
    ['riskiest, free ones', 'order=risk&available=true'],
    ['oldest', 'order=oldest'],
    ['most informative', 'order=informative'],
    ['reason, one in ten', 'reason=links'],
    ['reason, one in 1,000', 'reason=suspect_word'],
    ['post, the largest', 'post=post-0'],
    ['post, a small one', 'post=post-1999&order=oldest'],
    ['author by name', 'author=reader%2077'],
    ['author by name, of 10,000', 'author=reader%200'],
    ['others of an author', `author=${someId}`],
    ['others of an author, of 10,000', `author=${frequentId}`],
    ['escalated', 'escalated=true'],
    ['audit', 'audit=true'],
    ['campaign of 20,000', `campaign=${campaign}`],
    ['search, one hit', 'q=no500000'],
    ['search, a rare word', 'q=granaenpo'],
    ['search, a frequent word', 'q=kana'],
    ['search, two words', 'q=lonaing%20granaen'],
    ['folder approved', 'folder=approved'],
    ['folder spam', 'folder=spam'],
    ['folder trash', 'folder=trash'],
    ['folder spam, search', 'folder=spam&q=granaenpo'],
  ];
}

const server = await startPostgres();
try {
  await measure();
} finally {
  await server.stop();
}

async function measure(): Promise<void> {
  const { service, close } = await openDirect(server.url, createAssetReader(pathToFileURL('dist/public/')));
  const now = service.now();
  const amounts = { held: HELD, approved: HELD / 10, spam: HELD / 10, trash: HELD / 50 };
  const site = await createSite(service, BENCH, { slug: 'bench', name: 'Bench', settings: {} });
  const filling = performance.now();
  await fillSite(service.db, site.id, amounts, service.starter.version, beginningOf(amounts, now));
  console.log(`filled in ${((performance.now() - filling) / 1000).toFixed(0)} s`);
  const scopes = ['read', 'moderate'] as const;
  const { key } = await createKey(service, BENCH, { siteId: site.id, name: 'bench', scopes });
  const app = createApp(() => service);
  const get = async <T>(path: string): Promise<{ ms: number; body: T }> => {
    const started = performance.now();
    const response = await app.request(path, { headers: { authorization: `Bearer ${key}` } });
    const text = await response.text();
    const ms = performance.now() - started;
    if (response.status !== 200) throw new Error(`${path}: ${text}`);
    return { ms, body: JSON.parse(text) };
  };
  const firstOf = async (query: string): Promise<string> =>
    (await get<Page>(`/v1/queue?limit=1&${query}`)).body.items[0]?.id ?? '';
  const [someId, frequentId] = [await firstOf('order=risk'), await firstOf('author=reader%200')];
  const rows = [['mode', 'first page, ms', 'next pages, ms', 'items on them']];
  for (const [name, query] of modes(someId, frequentId, site.id))
    rows.push(await measureMode(get, name, query));
  rows.push(await measureAlone(get, 'counts (`/v1/queue/counts`)', '/v1/queue/counts'));
  rows.push(await measureAlone(get, 'own decisions', '/v1/decisions'));
  rows.push(await measureAlone(get, 'second looks', '/v1/second-looks'));
  writeTable(rows);
  console.log(
    `\n${HELD} held comments, pages of ${PAGE}, medians of ${ROUNDS}; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${now.toISOString().slice(0, 10)}`,
  );
  const times = await measureKeys(service, BENCH, site.id);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(0);
  console.log(
    `key press to next comment painted, ${times.length} presses: median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`,
  );
  await close();
}

type Get = <T>(path: string) => Promise<{ ms: number; body: T }>;

async function measureMode(get: Get, name: string, query: string): Promise<string[]> {
  const path = `/v1/queue?limit=${PAGE}&${query}`;
  await get(path);
  const first: number[] = [];
  const next: number[] = [];
  let items = 0;
  for (let round = 0; round < ROUNDS; round++) first.push((await get(path)).ms);
  let { next_cursor: cursor } = (await get<Page>(path)).body;
  for (let round = 0; round < ROUNDS && cursor !== null; round++) {
    const { ms, body } = await get<Page>(`${path}&cursor=${cursor}`);
    next.push(ms);
    items += body.items.length;
    cursor = body.next_cursor;
  }
  return [name, median(first), next.length === 0 ? '–' : median(next), String(items)];
}

async function measureAlone(get: Get, name: string, path: string): Promise<string[]> {
  await get(path);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push((await get(path)).ms);
  return [name, median(times), '–', '–'];
}

function median(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(1);
}

function writeTable([head, ...rows]: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[] = []) => `| ${cells.join(' | ')} |`;
  console.log(
    [line(head), line(head?.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n'),
  );
}
