/** Why it was held: the probability beside the thresholds, the rules, and what moved the score. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { saySign } from '../../strings/signs.ts';
import { formatPercent, formatSigned } from './figures.ts';
import type { ItemProps } from './item-props.ts';
import { riskBand } from './risk.ts';
import type { QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';
import { useKey } from './use-key.ts';

interface Props {
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
}

function Probability({ item, strings, language }: Props): JSX.Element | null {
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

/** What moved the score, in sentences; the number and what the filter itself says on demand. */
export function Signs(props: Props): JSX.Element | null {
  const { item, strings, language } = props;
  const [isOpen, open] = useState(false);
  useKey('i', () => open(!isOpen));
  const band = riskBand(item);
  if (band === null) return null;
  const [name = ''] = language.split('-');
  return (
    <section class="why" aria-label={strings.evidence}>
      <p>
        <b>{fill(strings.riskOf, { risk: strings.risk[band] ?? band })}</b>
      </p>
      <ul class="signs">
        {item.summary.map((sign) => (
          <li key={`${sign.code} ${sign.toward}`} class={`to-${sign.toward}`}>
            <Shown text={saySign(sign, name)} strings={strings} />
          </li>
        ))}
      </ul>
      <button type="button" class="plain open" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        {strings.evidence} <kbd>i</kbd>
      </button>
      {isOpen && <Technical {...props} />}
    </section>
  );
}

const SHOWN = 20;

function Technical({ item, strings, language }: Props): JSX.Element {
  const strongest = [...item.evidence].sort((a, b) => Math.abs(b.log_odds) - Math.abs(a.log_odds));
  return (
    <div class="evidence">
      <Probability {...{ item, strings, language }} />
      <h3>{strings.technical}</h3>
      <ol>
        {strongest.slice(0, SHOWN).map(({ feature, log_odds: logOdds }) => (
          <li key={feature} class={logOdds > 0 ? 'to-spam' : 'to-ham'}>
            <Shown text={feature} strings={strings} /> <b>{formatSigned(logOdds, language)}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}
