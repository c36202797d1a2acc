/**
 * `npm run bench:import`: 100,000 comments of a WordPress export into PostgreSQL, through the public API. The texts
 * are those of ../shared/data where it is there, else made up; every comment has a name, an e-mail and an IP address.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { createApp } from '../../src/http/app.ts';
import { createKey } from '../../src/moderation/access/keys.ts';
import { createSite } from '../../src/moderation/site/sites.ts';
import { startPostgres } from '../../test/support/postgres-server.ts';
import { BENCH, openDirect } from '../direct-service.ts';

const { values } = parseArgs({ options: { comments: { type: 'string', default: '100000' } } });
const COMMENTS = Number(values.comments);
const PART_BYTES = 8 * 1024 * 1024;
const COMMENTS_PER_POST = 40;

interface Answer {
  readonly id?: string;
  readonly state?: string;
  readonly added?: number;
  readonly refused?: number;
  readonly passed_over?: number;
}

interface Text {
  readonly text: string;
  readonly label: string;
}

function readTexts(): Text[] {
  const names = ['news-globeandmail-c3', 'youtube-psy', 'youtube-eminem', 'sms-80'];
  const files = names.map((name) => `../shared/data/${name}.jsonl.gz`).filter((file) => existsSync(file));
  const lines = files.flatMap((file) => gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n'));
  if (lines.length > 0) return lines.map((line) => JSON.parse(line) as Text);
  return Array.from({ length: 5000 }, (_, at) => ({
    text: `${'The bridge should be repaired before winter, says the council. '.repeat(1 + (at % 9))}${at}`,
    label: at % 5 === 0 ? 'spam' : 'ham',
  }));
}

function makeExport(texts: readonly Text[]): Uint8Array {
  const items: string[] = [];
  let comments: string[] = [];
  for (let at = 0; at < COMMENTS; at++) {
    const { text, label } = texts[at % texts.length] ?? { text: 'none', label: 'ham' };
    const date = new Date(Date.UTC(2022, 0, 1) + at * 300_000).toISOString().slice(0, 19).replace('T', ' ');
    const parent = at % 3 === 2 && at % COMMENTS_PER_POST > 0 ? at : 0;
    comments.push(`<wp:comment><wp:comment_id>${at + 1}</wp:comment_id>
<wp:comment_author><![CDATA[Reader ${at % 9000}]]></wp:comment_author>
<wp:comment_author_email>reader${at % 9000}@example.org</wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>198.51.${at % 100}.${at % 250}</wp:comment_author_IP>
<wp:comment_date_gmt>${date}</wp:comment_date_gmt>
<wp:comment_content><![CDATA[${text.replaceAll(']]>', '')} ${at >= texts.length ? at : ''}]]></wp:comment_content>
<wp:comment_approved>${label === 'spam' ? 'spam' : '1'}</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>${parent}</wp:comment_parent></wp:comment>`);
    if (comments.length < COMMENTS_PER_POST && at < COMMENTS - 1) continue;
    items.push(`<item><title>Article ${items.length}</title><wp:post_id>${items.length + 1}</wp:post_id>
<wp:post_date_gmt>2022-01-01 00:00:00</wp:post_date_gmt>${comments.join('')}</item>`);
    comments = [];
  }
  const head = '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>';
  // Some of the texts hold control characters, as those of real exports do.
  return new TextEncoder().encode(`${head}${items.join('\n')}</channel></rss>`);
}

const server = await startPostgres();
try {
  await measure();
} finally {
  await server.stop();
}

async function measure(): Promise<void> {
  const { service, settled, close } = await openDirect(server.url, async () => null);
  const site = await createSite(service, BENCH, { slug: 'bench', name: 'Bench', settings: {} });
  const { key } = await createKey(service, BENCH, { siteId: site.id, name: 'bench', scopes: ['train'] });
  const app = createApp(() => service);
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const bytes = body instanceof Uint8Array;
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': bytes ? 'application/octet-stream' : 'application/json',
    };
    const payload = body === undefined ? null : bytes ? new Uint8Array(body) : JSON.stringify(body);
    const response = await app.request(path, { method, headers, body: payload });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.status === 204 ? {} : ((await response.json()) as Answer);
  };
  const file = makeExport(readTexts());
  const started = performance.now();
  const { id } = await call('POST', '/v1/imports', { format: 'wxr' });
  for (let part = 0; part * PART_BYTES < file.length; part++) {
    await call(
      'PUT',
      `/v1/imports/${id}/parts/${part}`,
      file.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
    );
  }
  const sent = performance.now();
  await call('POST', `/v1/imports/${id}/start`);
  await settled();
  const ended = performance.now();
  const cpu = process.cpuUsage();
  const done = await call('GET', `/v1/imports/${id}`);
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1);
  console.log(
    `${file.length >> 20} MiB: sent in ${seconds(started, sent)} s, read in ${seconds(sent, ended)} s, ${seconds(started, ended)} s in all`,
  );
  console.log(`${done.state}: ${done.added} added, ${done.refused} refused, ${done.passed_over} passed over`);
  console.log(`processor time of this process, all in all: ${(cpu.user / 1e6).toFixed(1)} s`);
  console.log(`resident at the end: ${process.memoryUsage().rss >> 20} MiB`);
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
  );
  await close();
}
