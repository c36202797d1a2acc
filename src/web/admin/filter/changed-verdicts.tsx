/** Lists the comments whose verdict a new version would change, each with the words that moved the score. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Empty, Fold } from '../../page/lead.tsx';
import { useReader } from '../reader.tsx';
import { inSite, Loaded, useResource } from '../resource.tsx';
import { type Evidence, Why } from './evidence.tsx';
import { useVerdict } from './verdict.ts';

interface Judged {
  readonly verdict: string;
  readonly spam_probability: number;
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
  const { t } = useReader();
  const show = useVerdict();
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
                  {flip.label !== null &&
                    `; ${fill(t.flips.label, { label: t.labelNames[flip.label] ?? flip.label })}`}
                </p>
                <blockquote>
                  <bdi dir="auto">{flip.content.slice(0, 500)}</bdi>
                </blockquote>
                <Fold title={t.flips.why}>
                  <Why title={t.flips.thisVersion} evidence={flip.evidence} />
                  <Why title={t.flips.activeVersion} evidence={flip.evidence_before} />
                </Fold>
              </li>
            ))}
          </ol>
          {items.length === 0 && <Empty title={t.flips.none} />}
          {after >= 0 && <Button onClick={() => setAfter(-1)}>{t.flips.first}</Button>}
          {next !== null && <Button onClick={() => setAfter(next)}>{t.more}</Button>}
        </>
      )}
    </Loaded>
  );
}
