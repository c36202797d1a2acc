import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../support/client.ts';
import { createTestService, type TestService } from '../../support/databases.ts';

let service: TestService;
beforeAll(async () => {
  service = await createTestService('pglite');
});
afterAll(() => service.close());

test('the OpenAPI document breaks none of the recommended rules', async () => {
  const { text } = await createClient(service).get('/openapi.json');
  const config = await createConfig({
    extends: ['recommended'],
    // Every operation is known by its method and path; the server is relative, for the document is served by it.
    rules: { 'operation-operationId': 'off', 'no-server-example.com': 'off' },
  });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  const found = problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]);
  expect(found).toEqual([]);
});
