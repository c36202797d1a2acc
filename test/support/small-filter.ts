/** A filter trained on a few invented comments, for tests of what a filter does rather than how well. */
import type { Sample } from '../../src/core/comment.ts';
import type { Model } from '../../src/core/filter/model.ts';
import { beginTraining } from '../../src/core/filter/training.ts';

const SPAM = [
  'Check out my channel and subscribe please http://free-stuff.example/win',
  'Buy cheap pills now, best price, click http://pills.example',
  'Earn $500 a day from home, visit http://money.example today',
  'Subscribe to my channel and I will subscribe back',
  'FREE gift card!!! click the link http://gift.example now',
  'Please check out my new video on my channel, subscribe!',
  'Win a free phone, click here http://win.example/phone',
  'Hot deals, cheap watches, buy now at http://watches.example',
];
const HAM = [
  'I love this song, it reminds me of last summer',
  'The mayor should answer the questions of the council',
  'Great article, thank you for the background on the vote',
  'I disagree with the author, the figures are from 2014',
  'This is my favourite video of the year',
  'Who else is listening to this in the morning?',
  'The bridge was closed for two years, and nobody was told',
  'My grandmother used to sing this when I was little',
];

/** Eight spam and eight ham comments. */
export const SMALL_SAMPLES: readonly Sample[] = [
  ...SPAM.map((content): Sample => ({ content, label: 'spam', authorName: 'Best Deals' })),
  ...HAM.map((content): Sample => ({ content, label: 'ham', authorName: 'Ada' })),
];

/** A model of some samples; each is a group of its own. */
export function trainOn(samples: readonly Sample[], starter: Model | null = null): Model {
  const training = beginTraining({ version: 'small', starter, provenance: {} });
  samples.forEach((sample, index) => {
    training.add(sample, { groupKey: String(index) });
  });
  return training.finish().model;
}
