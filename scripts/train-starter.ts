/**
 * Writes models/starter.bin as starter-recipe.ts makes it. Reads models/corpus and ../shared/data; prints what it measured.
 *
 *     npm run train:starter
 */
import { writeFileSync } from 'node:fs';
import { serialiseModel } from '../src/core/filter/model-format.ts';
import { readStarterRows } from './starter-files.ts';
import { trainStarter } from './starter-recipe.ts';

const DATA = '../shared/data';
const STARTER = 'models/starter.bin';

const rows = readStarterRows(DATA);
const model = trainStarter(rows);
const bytes = serialiseModel(model);
writeFileSync(STARTER, bytes);
console.log(`models/starter.bin: ${bytes.length} bytes from ${rows.length} rows`);
console.log(
  JSON.stringify({ thresholds: model.thresholds, calibration: model.calibration, metrics: model.metrics }),
);
