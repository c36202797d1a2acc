/** The benchmark's figures as a page. */
import { cpus } from 'node:os';
import type { Protocol } from './protocols.ts';
import { compareQuality, type Quality } from './quality.ts';
import type { Speed } from './speed.ts';
import type { StarterReport, TrainingReport } from './starter.ts';

export interface ProtocolResult {
  readonly protocol: Protocol;
  readonly qualities: readonly Quality[];
  /** The share of test rows with a near-copy among their training rows. */
  readonly copies: number;
}

interface Findings {
  readonly results: readonly ProtocolResult[];
  readonly speeds: readonly Speed[];
  readonly starter: StarterReport;
  readonly training: TrainingReport;
  readonly on: Date;
}

export function writeReport({ results, speeds, starter, training, on }: Findings): string {
  return `${[
    '# The filter beside its peers',
    `Written by \`npm run bench:filter\` on ${describeMachine(on)}. All classifiers see the same rows of the same splits in the same run: the raw text and nothing else, each at its documented defaults, trained from nothing; spam is what the classifier marks as spam by default (ours: a spam probability of 0.65 and more, the others 0.5). Figures are means over the splits, in percent where marked; "no copies" leaves out the test rows that nearly copy a training row (4-gram Jaccard of at least 0.8). "p" is McNemar's exact p that the classifier's answers differ from ours by chance alone. How the figures are defined is in [evaluation.md](evaluation.md).`,
    ...results.map(writeProtocol),
    writeSpeeds(speeds),
    writeStarter(starter),
    `## Training\n\n${training.samples.toLocaleString('en')} samples in ${training.seconds.toFixed(1)} s; in use after a tenth of them ${training.megabytesEarly.toFixed(0)} MB, after all ${training.megabytesLate.toFixed(0)} MB.`,
  ].join('\n\n')}\n`;
}

/** Processor, cores, Node and date. */
export function describeMachine(on: Date): string {
  const [first, ...others] = cpus();
  return `${first?.model.trim() ?? 'an unknown processor'} (${others.length + 1} cores, shared), Node ${process.versions.node}, ${on.toISOString().slice(0, 10)}`;
}

function writeProtocol({ protocol, qualities, copies }: ProtocolResult): string {
  const ours = qualities[0];
  const table = qualities.map((quality) => {
    const { metrics, withoutCopies } = quality;
    return [
      quality.contestant,
      percent(metrics.accuracy),
      percent(metrics.f1),
      plain(metrics.mcc),
      plain(metrics.auc),
      percent(metrics.hamBlocked),
      percent(metrics.spamCaughtAt1PctHamBlocked),
      plain(metrics.brier),
      plain(metrics.ece),
      plain(withoutCopies.mcc),
      percent(withoutCopies.hamBlocked),
      ours === undefined || quality === ours ? '' : shortP(compareQuality(ours, quality)),
    ];
  });
  const head = [
    'classifier',
    'accuracy %',
    'F1 %',
    'MCC',
    'AUC',
    'ham blocked %',
    'spam caught % at 1 % ham blocked',
    'Brier',
    'ECE',
    'MCC, no copies',
    'ham blocked %, no copies',
    'p',
  ];
  const tested = protocol.splits.reduce((total, { test }) => total + test.length, 0);
  return `## ${protocol.name}\n\n${sentence(protocol.description)} ${tested.toLocaleString('en')} rows tested, ${percent(copies)} % of them near-copies of a training row.\n\n${writeTable(head, table)}`;
}

function writeSpeeds(speeds: readonly Speed[]): string {
  const ours = speeds[0];
  const table = speeds.map((speed) => [
    speed.contestant,
    thousands(speed.youtube),
    ratio(ours?.youtube, speed.youtube),
    thousands(speed.news),
    ratio(ours?.news, speed.news),
    `${speed.trainMilliseconds.toFixed(0)} ms`,
    `${speed.loadMilliseconds.toFixed(1)} ms`,
    `${(speed.savedBytes / 1024).toFixed(0)} KB`,
  ]);
  const head = [
    'classifier',
    'YouTube comments/s',
    'ours is × faster',
    'news comments/s',
    'ours is × faster',
    'training',
    'loading',
    'saved model',
  ];
  return `## Speed\n\nOne process, features included, trained on the 1,586 YouTube rows. The classifiers take turns, three rounds of 0.8 s each over all YouTube comments (91 characters on average) and all Globe and Mail comments (412); the median. Other work ran on the machine: the ratios count, not the figures.\n\n${writeTable(head, table)}`;
}

function writeStarter({ bytes, loadMilliseconds, news }: StarterReport): string {
  const table = news.map(({ corpus, rows, verdicts }) => [
    corpus,
    rows.toLocaleString('en'),
    percent(verdicts.spam / rows),
    percent(verdicts.unsure / rows),
    percent(verdicts.ham / rows),
  ]);
  const head = ['corpus', 'rows, all ham', 'verdict spam %', 'unsure %', 'ham %'];
  return `## The starter filter on news comments\n\nNone of these corpora is in its training set. The shipped file has ${(bytes / 1024).toFixed(0)} KB and loads in ${loadMilliseconds.toFixed(1)} ms.\n\n${writeTable(head, table)}`;
}

export function writeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function percent(share: number | null): string {
  return share === null ? '-' : (share * 100).toFixed(2);
}

export function plain(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ratio(ours: number | undefined, theirs: number): string {
  return ours === undefined || ours === theirs ? '' : (ours / theirs).toFixed(1);
}

function shortP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
