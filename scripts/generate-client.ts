/** Writes src/client/api-types.ts: `npm run generate:client`. */
import { writeFileSync } from 'node:fs';
import { createApp } from '../src/http/app.ts';
import { problemCatalogue } from '../src/http/routing/problem.ts';
import { type OpenApiDocument, writeClientTypes } from './client-types.ts';

const app = createApp(() => {
  throw new Error('nothing is asked of it');
});
const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
const plain: OpenApiDocument = JSON.parse(JSON.stringify(document));
writeFileSync('src/client/api-types.ts', writeClientTypes(plain, Object.keys(problemCatalogue)));
