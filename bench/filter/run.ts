/**
 * `npm run bench:filter`: our filter beside natural, bayes, wink and @ladjs/naivebayes on the same splits, in one run.
 * Writes docs/filter-benchmark.md and the README's table. Takes some minutes; natural alone takes most of them.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { readCorpus, VIDEOS } from './corpora.ts';
import { ourContestant } from './ours.ts';
import { PEERS } from './peers.ts';
import { readProtocols } from './protocols.ts';
import { measureQuality, type Quality, shareOfCopies } from './quality.ts';
import { putTable } from './readme-table.ts';
import { type ProtocolResult, writeReport } from './report.ts';
import { measureSpeeds } from './speed.ts';
import { measureStarter, measureTraining } from './starter.ts';

const OUTPUT = 'docs/filter-benchmark.md';
const contestants = [ourContestant, ...PEERS];

const results: ProtocolResult[] = [];
for (const protocol of await readProtocols()) {
  const qualities: Quality[] = [];
  for (const contestant of contestants) {
    process.stderr.write(`${protocol.name}: ${contestant.name}\n`);
    qualities.push(await measureQuality(protocol, contestant));
  }
  results.push({ protocol, qualities, copies: shareOfCopies(protocol) });
}
process.stderr.write('speed\n');
const youtube = (await Promise.all(VIDEOS.map(readCorpus))).flat();
const news = await readCorpus('news-globeandmail-c3');
const speeds = await measureSpeeds(contestants, youtube, news);
const training = measureTraining([...youtube, ...(await readCorpus('sms-80'))], 100_000);
const report = writeReport({ results, speeds, starter: await measureStarter(), training, on: new Date() });
await writeFile(OUTPUT, report);
await writeFile('README.md', putTable(await readFile('README.md', 'utf8'), results));
process.stdout.write(report);
