// Prints `N passed, N failed, N skipped` from vitest's JSON report and exits non-zero when anything failed.
//     node scripts/count-tests.mjs REPORT FAILED_STEPS
import { readFileSync } from 'node:fs';

const [, , path, failedSteps = '0'] = process.argv;
let report;
try {
  report = JSON.parse(readFileSync(path, 'utf8'));
} catch {
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
// A failed step that is no failed test (lint, types, a suite that did not load) counts as one failure at least.
const failed = Math.max(report.numFailedTests, Number(failedSteps), report.success ? 0 : 1);
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && report.numPassedTests > 0 ? 0 : 1);
