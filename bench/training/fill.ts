/** A million labelled comments: those of ../shared/data where it is there, else made up, each with a number of its own. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { createId } from '../../src/core/id.ts';
import { connectPostgres } from '../../src/storage/connection/connect-node.ts';
import { insertSamples } from '../../src/storage/learn/samples.ts';

const NAMES = ['news-globeandmail-c3', 'youtube-psy', 'youtube-katyperry', 'youtube-eminem', 'youtube-lmfao'];
const BATCH = 2000;

interface Text {
  readonly text: string;
  readonly label: 'ham' | 'spam';
}

function readTexts(): Text[] {
  const files = NAMES.map((name) => `../shared/data/${name}.jsonl.gz`).filter((file) => existsSync(file));
  const lines = files.flatMap((file) => gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n'));
  if (lines.length > 0) return lines.map((line) => JSON.parse(line) as Text);
  return Array.from({ length: 5000 }, (_, at) => ({
    text:
      at % 5 === 0
        ? `Earn ${at} euros from home, click here and subscribe to my channel`
        : `The bridge should be repaired before winter, says the council in its session ${at}.`,
    label: at % 5 === 0 ? 'spam' : 'ham',
  }));
}

/** Writes the samples past the API: this is about the training. */
export async function fillSamples(url: string, siteId: string, count: number): Promise<void> {
  const texts = readTexts();
  const characters = texts.reduce((sum, { text }) => sum + text.length, 0) / texts.length;
  console.log(`${texts.length} texts of ${Math.round(characters)} characters on average`);
  const connection = await connectPostgres(url, { connections: 2, onIdleError: () => undefined });
  const at = new Date();
  for (let first = 0; first < count; first += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) => {
      const { text, label } = texts[(first + index) % texts.length] ?? { text: '', label: 'ham' as const };
      const content = `${text.replaceAll('\u0000', '')} (${first + index})`;
      return {
        id: createId(at.getTime(), new Uint8Array(randomBytes(10))),
        site_id: siteId,
        content,
        author_name: null,
        author_url: null,
        label,
        source: 'upload',
        actor: 'key:bench',
        content_hash: createHash('sha256').update(content).digest('hex'),
        created_at: at,
      };
    });
    await insertSamples(connection.db, rows);
  }
  // What a fill leaves to do is no part of what is measured.
  await sql`vacuum analyze`.execute(connection.db);
  await sql`checkpoint`.execute(connection.db);
  await connection.close();
}
