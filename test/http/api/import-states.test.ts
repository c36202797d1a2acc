/** Every state that an article or a comment can have in another system. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMPORT_FORMATS } from '../../../src/moderation/import/import-formats.ts';
import { createClient } from '../../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { type ExportCase, SOURCES, type Source, textOf } from '../../support/export-states.ts';
import { importFile, storedComments } from '../../support/imports.ts';
import { createAddressedSite, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

const SAMPLES_ONLY = ['jsonl', 'csv', 'natural'];

/** Every comment state under every article state. */
function allCases({ articles, comments }: Source): ExportCase[] {
  return articles
    .flatMap((article) => comments.map((comment) => ({ article: article.name, comment: comment.name })))
    .map((one, at) => ({ ...one, number: at + 1 }));
}

function stateOf({ articles, comments }: Source, one: ExportCase) {
  const article = articles.find(({ name }) => name === one.article);
  const comment = comments.find(({ name }) => name === one.comment);
  if (!article || !comment) throw new Error('this state is not in the table');
  return { article, comment };
}

describe.each(DATABASES)('states of other systems on %s', (kind) => {
  let service: TestService;
  let sites = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());
  const createSite = (format: string) => createAddressedSite(service, `states-${format}-${++sites}`);

  /** What anyone can read of an article, at the door of our own and at WordPress's. */
  async function readPublic({ keyFor }: TestSite, post: string): Promise<string[]> {
    const client = createClient(service, await keyFor(['read']));
    const own = await client.get<{ items: { content: string }[] }>(
      `/v1/comments?post=${encodeURIComponent(post)}`,
    );
    const other = await client.get<{ content: { rendered: string } }[]>(
      `/wp-json/wp/v2/comments?post=${encodeURIComponent(post)}`,
    );
    expect([own.status, other.status]).toEqual([200, 200]);
    return [
      ...own.body.items.map(({ content }) => content),
      ...other.body.map(({ content }) => content.rendered),
    ];
  }

  test('has a table for every source of comments', () => {
    expect(SOURCES.map(({ format }) => format).sort()).toEqual(
      IMPORT_FORMATS.filter((format) => !SAMPLES_ONLY.includes(format)).sort(),
    );
  });

  test.each(SOURCES)(
    '$format: every state of a comment under every state of an article',
    async (source) => {
      const site = await createSite(source.format);
      const cases = allCases(source);
      const done = await importFile(service, site, source.format, source.write(cases));
      expect(done, JSON.stringify(done.refusals)).toMatchObject({ state: 'succeeded' });
      const stored = new Map((await storedComments(service, site)).map((row) => [row.content, row]));
      for (const one of cases) {
        const { article, comment } = stateOf(source, one);
        const row = stored.get(textOf(one.number));
        const about = `${one.article} / ${one.comment}`;
        expect(row?.status ?? null, about).toBe(comment.status);
        if (row) expect(row.listed, about).toBe(!article.isHidden);
        const isPublic = comment.status === 'approved' && !article.isHidden;
        const seen = await readPublic(site, source.post(one.number));
        expect(
          seen.some((text) => text.includes(textOf(one.number))),
          about,
        ).toBe(isPublic);
        const post = await site.client.get<{ closed: boolean }>(
          `/v1/posts/${encodeURIComponent(source.post(one.number))}`,
        );
        if (row) expect(post.body.closed, about).toBe(article.isClosed);
      }
    },
    240_000,
  );

  test('publishes nothing that was hidden, opens nothing that was closed, whatever the export', async () => {
    const generated = fc.constantFrom(...SOURCES).chain((source) =>
      fc.record({
        source: fc.constant(source),
        states: fc.array(
          fc.record({
            article: fc.constantFrom(...source.articles.map(({ name }) => name)),
            comment: fc.constantFrom(...source.comments.map(({ name }) => name)),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        times: fc.integer({ min: 1, max: 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(generated, async ({ source, states, times }) => {
        const site = await createSite(source.format);
        const cases = states.map((state, at) => ({ ...state, number: at + 1 }));
        for (let time = 0; time < times; time++) {
          await importFile(service, site, source.format, source.write(cases));
        }
        for (const one of cases) {
          const { article, comment } = stateOf(source, one);
          const seen = await readPublic(site, source.post(one.number));
          if (article.isHidden || comment.status !== 'approved') expect(seen).toEqual([]);
          if (!article.isClosed || comment.status === null) continue;
          const sent = await site.client.post('/v1/comments', {
            ...{ post: source.post(one.number), author_name: 'Bob', author_email: 'bob@example.org' },
            content: 'May I add something to that?',
          });
          expect(sent.body).toMatchObject({ code: 'post_closed' });
        }
      }),
      { numRuns: 12, seed: 19 },
    );
  }, 240_000);
});
