// Prints `N passed, N failed, N skipped` of a whole run, after the names of what failed, and exits non-zero when
// anything did.
//     node scripts/count-tests.mjs FAILED_STEPS REPORT [TAP…]
// REPORT is vitest's JSON; the TAP files are those of steps that are no vitest tests.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A whole run is long: what failed in it is named again where its last line is read. */
const named = (what, why = '') => console.log(`FAILED: ${what}\n${why.split('\n').slice(0, 8).join('\n')}`);

const [, , failedSteps = '0', path, ...taps] = process.argv;
let report;
try {
  report = JSON.parse(readFileSync(path, 'utf8'));
} catch {
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
let passed = report.numPassedTests;
let skipped = report.numPendingTests + (report.numTodoTests ?? 0);
let failed = report.numFailedTests;
for (const { name: file, message, assertionResults } of report.testResults) {
  const cases = assertionResults.filter(({ status }) => status === 'failed');
  for (const { fullName, failureMessages } of cases)
    named(`${relative('.', file)}: ${fullName}`, failureMessages[0]);
  if (cases.length === 0 && message) named(relative('.', file), message);
}
for (const tap of taps) {
  for (const line of readFileSync(tap, 'utf8').split('\n')) {
    if (/^ok .*# SKIP/i.test(line)) skipped += 1;
    else if (/^ok /.test(line)) passed += 1;
    else if (/^not ok /.test(line)) {
      failed += 1;
      named(line);
    }
  }
}
// A failed step that is no failed test (lint, types, a suite that did not load) counts as one failure at least.
failed = Math.max(failed, Number(failedSteps), report.success ? 0 : 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
