/** Why it was held: the probability beside the thresholds, the rules, and what moved the score. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../../strings/index.ts';
import { formatPercent, formatSigned } from './figures.ts';
import type { ItemProps } from './item-props.ts';
import type { QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';

interface Props {
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
}

export function Probability({ item, strings, language }: Props): JSX.Element | null {
  const { spam_probability: probability, thresholds } = item;
  if (probability === null) return null;
  const { ham, spam } = thresholds;
  const percent = (share: number): string => formatPercent(share, language);
  const bounds = fill(strings.thresholds, { ham: percent(ham), spam: percent(spam) });
  const said = fill(strings.spamProbability, { percent: percent(probability) });
  return (
    <div class="probability">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={`${said} (${bounds})`}>
        <rect class="track" width="100" height="6" />
        <rect class="value" width={probability * 100} height="6" />
        <rect class="threshold" x={ham * 100} width="0.6" height="6" />
        <rect class="threshold" x={Math.min(99.4, spam * 100)} width="0.6" height="6" />
      </svg>
      <p>
        <b>{said}</b> <span class="bounds">{bounds}</span>
      </p>
    </div>
  );
}

export function Reasons({ item, strings, onFilter }: ItemProps): JSX.Element | null {
  if (item.reasons.length === 0) return null;
  return (
    <div class="reasons">
      {strings.heldBecause}
      <ul>
        {item.reasons.map(({ rule, detail }) => (
          <li>
            <button type="button" title={detail} onClick={() => onFilter({ reason: rule }, detail)}>
              <Shown text={strings.rules[rule] ?? detail} strings={strings} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

const SHOWN = 20;

export function Evidence({ item, strings, language }: Props): JSX.Element | null {
  if (item.evidence.length === 0) return null;
  const strongest = [...item.evidence].sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds));
  return (
    <details class="evidence">
      <summary>{strings.evidence}</summary>
      <ol>
        {strongest.slice(0, SHOWN).map(({ feature, log_odds: logOdds }) => (
          <li class={logOdds > 0 ? 'to-spam' : 'to-ham'}>
            <Shown text={feature} strings={strings} /> <b>{formatSigned(logOdds, language)}</b>
          </li>
        ))}
      </ol>
    </details>
  );
}
