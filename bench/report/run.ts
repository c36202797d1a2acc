/**
 * `npm run bench:report`: what the comparison of two filters takes (400 bootstrap draws of 20,000 comments), and how much
 * evidence a comment has of which the queue shows the strongest.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { compareModels } from '../../src/core/evaluation/model-comparison.ts';
import { seededRandom } from '../../src/core/evaluation/seeded-random.ts';
import { explainComment } from '../../src/core/filter/classifier.ts';
import { listMarks } from '../../src/core/filter/marks.ts';
import { parseModel } from '../../src/core/filter/model-format.ts';

const COMMENTS = 20_000;
const TEXT =
  'I agree with the mayor on point 3: the bridge should be repaired before winter, and the council should say what it costs. Last year it was 7 euros, if I remember well. Please check out my channel http://youtube.com/x';

const random = seededRandom(3);
const score = () => {
  const logOdds = (random() - 0.4) * 10;
  return { logOdds, spamProbability: 1 / (1 + Math.exp(-logOdds)), hasPayload: random() < 0.2 };
};
const comments = Array.from({ length: COMMENTS }, () => ({
  label: random() < 0.4 ? ('spam' as const) : ('ham' as const),
  active: score(),
  candidate: score(),
}));
const before = process.cpuUsage();
compareModels(comments);
const { user } = process.cpuUsage(before);
console.log(`two filters on ${COMMENTS} comments: ${(user / 1e6).toFixed(1)} s of processor`);

const model = parseModel(new Uint8Array(readFileSync('models/starter.bin')));
const { evidence } = explainComment(model, { content: TEXT, authorName: 'Ada' });
const kilobytes = (value: unknown) => JSON.stringify(value).length / 1000;
const size = kilobytes(evidence.map(({ place: _, ...rest }) => rest)) + kilobytes(listMarks(TEXT, evidence));
console.log(
  `a comment of ${TEXT.length} characters: ${evidence.length} features that speak, ${size.toFixed(0)} kB of JSON with the marks`,
);
console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
);
