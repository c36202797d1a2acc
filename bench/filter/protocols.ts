/** The splits of the benchmark, the same for every contestant. */
import { seededRandom } from '../../src/core/evaluation/seeded-random.ts';
import {
  leaveOneSourceOut,
  type Split,
  splitFirst,
  splitFirstOfEach,
  splitIntoFolds,
} from '../../src/core/evaluation/splits.ts';
import { type Row, readCorpus, VIDEOS } from './corpora.ts';

export interface Protocol {
  readonly name: string;
  readonly description: string;
  readonly rows: readonly Row[];
  readonly splits: readonly Split[];
}

export async function readProtocols(): Promise<Protocol[]> {
  const videos = await Promise.all(VIDEOS.map(readCorpus));
  const youtube = videos.flat();
  const sms = await readCorpus('sms-80');
  const videoOf = videos.flatMap((rows, video) => rows.map(() => VIDEOS[video] ?? ''));
  return [
    {
      name: 'LOVO',
      description: 'leave one video out: train on three of the four YouTube videos, test on the fourth',
      rows: youtube,
      splits: leaveOneSourceOut(videoOf),
    },
    {
      name: 'video70',
      description:
        'per YouTube video, train on the first 70 % of its ham and of its spam, test on the rest (as the authors of TubeSpam did)',
      rows: youtube,
      splits: splitEachFirst(videos),
    },
    {
      name: '10-fold',
      description: 'the four videos pooled, ten folds by chance (seed 1)',
      rows: youtube,
      splits: splitIntoFolds(youtube.length, 10, seededRandom(1)),
    },
    {
      name: 'SMS 30/70',
      description: 'train on the first 30 % of sms-80, test on the rest',
      rows: sms,
      splits: [splitFirst(sms.length, 0.3)],
    },
    {
      name: 'SMS 5-fold',
      description: 'sms-80, five folds by chance (seed 1)',
      rows: sms,
      splits: splitIntoFolds(sms.length, 5, seededRandom(1)),
    },
  ];
}

function splitEachFirst(videos: readonly (readonly Row[])[]): Split[] {
  let start = 0;
  return videos.map((rows) => {
    const { train, test } = splitFirstOfEach(
      rows.map(({ label }) => label),
      0.7,
    );
    const offset = start;
    start += rows.length;
    return { train: train.map((row) => row + offset), test: test.map((row) => row + offset) };
  });
}
