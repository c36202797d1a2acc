import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the counts. */
const jsonReport = process.env.VITEST_JSON_REPORT;

export default defineConfig({
  test: {
    reporters: jsonReport ? ['default', ['json', { outputFile: jsonReport }]] : ['default'],
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What a page shows may take its time beside other tests.
    expect: { poll: { timeout: 20_000 } },
    // With three, two tests of pages failed now and then: three browsers on two cores paint late.
    maxWorkers: 2,
    // Each file opens databases of its own; loading every module again for each of them was a third of the whole run.
    isolate: false,
  },
});
