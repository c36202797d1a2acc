import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAssetReader } from '../../../src/node/package-files.ts';
import { type Client, createClient } from '../../support/client.ts';
import { createTestService, type TestService } from '../../support/databases.ts';

const SCRIPT = 'console.log("the form");'.repeat(50);

describe('files for the browser', () => {
  let service: TestService;
  let client: Client;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assets-'));
    writeFileSync(join(folder, 'embed.js'), SCRIPT);
    writeFileSync(join(folder, 'embed.js.br'), brotliCompressSync(SCRIPT));
    writeFileSync(join(folder, 'embed.js.gz'), gzipSync(SCRIPT));
    writeFileSync(join(folder, 'plain.css'), 'p { color: red }');
    service = await createTestService('pglite', {
      readAsset: createAssetReader(pathToFileURL(`${folder}/`)),
    });
    client = createClient(service);
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0.0', null],
    ['identity', null],
  ])('answers Accept-Encoding: %s with %s and says that it depends on it', async (accepted, encoding) => {
    for (const path of ['/embed.js', '/assets/embed.js']) {
      const { status, headers } = await client.get(path, { headers: { 'accept-encoding': accepted } });
      expect([status, headers.get('content-encoding'), headers.get('vary')]).toEqual([
        200,
        encoding,
        'accept-encoding',
      ]);
      expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    }
  });

  it('sends a file as it is where it was not compressed', async () => {
    const { text, headers } = await client.get('/assets/plain.css', { headers: { 'accept-encoding': 'br' } });
    expect([text, headers.get('content-encoding')]).toEqual(['p { color: red }', null]);
  });

  it('answers 304 without a body to who has the file already, also behind a proxy that weakens the tag', async () => {
    const { headers } = await client.get('/embed.js');
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await client.get('/embed.js', { headers: { 'if-none-match': known } });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await client.get('/embed.js', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });
});
