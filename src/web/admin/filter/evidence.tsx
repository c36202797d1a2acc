/** Says in words why a comment got its score; the names of the features are technical details below. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Fold } from '../../page/lead.tsx';
import { useReader } from '../reader.tsx';

export interface Evidence {
  readonly feature: string;
  readonly log_odds?: number;
}

const MOST_WORDS = 5;

/** The word or phrase that a feature is about; null for features about form, which have no words. */
export function wordsOf(feature: string): string | null {
  const [kind = '', ...rest] = feature.split(':');
  return ['word', 'bigram', 'skip'].includes(kind) && rest.length > 0 ? rest.join(':') : null;
}

export function Why({ title, evidence }: { title: string; evidence: readonly Evidence[] }): JSX.Element {
  const { t, format } = useReader();
  const words = evidence.map(({ feature }) => wordsOf(feature)).filter((one) => one !== null);
  const sign = (value: number | undefined): string =>
    value === undefined ? '' : ` ${value > 0 ? '+' : '−'}${format.number(Math.abs(value), 2)}`;
  return (
    <>
      <p>
        <b>{title}:</b>{' '}
        {words.length === 0
          ? t.evidence.formOnly
          : fill(t.evidence.words, {
              words: words
                .slice(0, MOST_WORDS)
                .map((word) => `“${word}”`)
                .join(', '),
            })}
      </p>
      <Fold title={t.evidence.technical}>
        <code>{evidence.map(({ feature, log_odds }) => `${feature}${sign(log_odds)}`).join(', ')}</code>
      </Fold>
    </>
  );
}
