import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type OpenApiDocument, writeClientTypes } from '../../scripts/client-types.ts';
import { createApp } from '../../src/http/app.ts';
import { problemCatalogue } from '../../src/http/routing/problem.ts';

test("the client's types are those of the API as it is: else `npm run generate:client`", () => {
  const app = createApp(() => {
    throw new Error('nothing is asked of it');
  });
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  const plain: OpenApiDocument = JSON.parse(JSON.stringify(document));
  const written = writeClientTypes(plain, Object.keys(problemCatalogue));
  const kept = readFileSync(new URL('../../src/client/api-types.ts', import.meta.url), 'utf8');
  // But for the line breaks, brackets, quotes and semicolons of the formatter.
  const bare = (text: string) => text.replaceAll(/[\s;|()"']+/g, '');
  expect(bare(kept)).toBe(bare(written));
});
