/** Comments whose verdict a candidate would change, each with what moved the score. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { formatSigned } from '../moderate/figures.ts';
import { inSite, Loaded, useResource } from './resource.tsx';
import { percent } from './table.tsx';

interface Judged {
  readonly verdict: string;
  readonly spam_probability: number;
}
interface Evidence {
  readonly feature: string;
  readonly log_odds: number;
}
interface Flip {
  readonly rank: number;
  readonly id: string;
  readonly author_name: string;
  readonly content: string;
  readonly label: string | null;
  readonly from: Judged;
  readonly to: Judged;
  readonly evidence: readonly Evidence[];
  readonly evidence_before: readonly Evidence[];
}

const PAGE = 10;

export function Flips(props: { site: string; version: string; of: 'decided' | 'waiting' }): JSX.Element {
  const { site, version, of } = props;
  const [after, setAfter] = useState(-1);
  const path = `/v1/models/${version}/flips?of=${of}&limit=${PAGE}&after=${after}`;
  const flips = useResource<{ items: readonly Flip[]; next_after: number | null }>(inSite(site, path));
  return (
    <Loaded resource={flips}>
      {({ items, next_after: next }) => (
        <>
          <ol class="flips">
            {items.map((flip) => (
              <li key={flip.id}>
                <p>
                  <b>
                    <bdi>{flip.author_name}</bdi>
                  </b>
                  : {show(flip.from)} → {show(flip.to)}
                  {flip.label !== null && `; a human said ${flip.label}`}
                </p>
                <blockquote>
                  <bdi dir="auto">{flip.content.slice(0, 500)}</bdi>
                </blockquote>
                <details>
                  <summary>Why</summary>
                  <p>The candidate: {explain(flip.evidence)}</p>
                  <p>The active filter: {explain(flip.evidence_before)}</p>
                </details>
              </li>
            ))}
          </ol>
          {after >= 0 && (
            <button type="button" onClick={() => setAfter(-1)}>
              From the start
            </button>
          )}
          {next !== null && (
            <button type="button" onClick={() => setAfter(next)}>
              More
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

function show({ verdict, spam_probability: probability }: Judged): string {
  return `${verdict} (${percent(probability)})`;
}

function explain(evidence: readonly Evidence[]): string {
  return evidence
    .map(({ feature, log_odds: logOdds }) => `${feature} ${formatSigned(logOdds, 'en')}`)
    .join(', ');
}
