import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readStarterRows } from '../../../scripts/starter-files.ts';
import { trainStarter } from '../../../scripts/starter-recipe.ts';
import { serialiseModel } from '../../../src/core/filter/model-format.ts';
import { SHIPPED_STARTER } from '../../../src/node/package-files.ts';
import { HAS_SHARED_DATA, SHARED_DATA } from '../../support/shared-data.ts';

describe.skipIf(!HAS_SHARED_DATA)('the shipped filter (needs ../shared/data)', () => {
  test('is byte for byte what `npm run train:starter` makes of the corpus and the published sets', () => {
    const bytes = Buffer.from(serialiseModel(trainStarter(readStarterRows(SHARED_DATA))));
    expect(bytes.equals(readFileSync(SHIPPED_STARTER))).toBe(true);
  }, 300_000);
});
