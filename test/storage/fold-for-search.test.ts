import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldForSearch } from '../../src/core/text/fold-for-search.ts';
import { createTestService, type TestService } from '../support/databases.ts';

/** What the two must agree on: words as the parser of PostgreSQL gets them. */
const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '');

describe.each(['pglite', 'postgres'] as const)('folding for search on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service?.close());

  const foldInDatabase = async (texts: readonly string[]) =>
    (
      await sql<{ folded: string }>`select fold_for_search(text) as folded
        from unnest(${[...texts]}::text[]) with ordinality as given (text, place) order by place`.execute(
        service.db,
      )
    ).rows.map(({ folded }) => folded);

  it('is the same in the database and in the search', async () => {
    const part = fc.constantFrom(
      'Brücke',
      'pr\u043efile',
      'ΑΒΓ',
      'Привет, мир',
      '<b>',
      'https://www.x.example/path?q=1',
      'sub\u200bscribe',
      'ｗｉｄｅ',
      'ÅÉ',
      "it's",
      '漢字',
      'مرحبا',
      '🎉',
      '\\[]^_`{|}~',
    );
    const texts = fc
      .sample(fc.array(part, { maxLength: 8 }), { numRuns: 200, seed: 7 })
      .map((parts) => parts.join(' '));
    const folded = await foldInDatabase(texts);
    expect(folded.map(wordsOf)).toEqual(texts.map((text) => wordsOf(foldForSearch(text))));
  });
});
