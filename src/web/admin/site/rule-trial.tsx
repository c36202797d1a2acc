/** Shows what a rule would have matched: counts, entries that match good comments, and the comments. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';

const SHOWN_ENTRIES = 100;

interface Counts {
  readonly ham: number;
  readonly spam: number;
  readonly undecided: number;
}
export interface DryRun {
  readonly looked_at: Counts;
  readonly hits: Counts;
  readonly examples: readonly {
    readonly id: string;
    readonly truth: keyof Counts;
    readonly detail: string;
    readonly author_name: string;
    readonly content: string;
  }[];
  readonly entries_hitting_ham: readonly { readonly entry: string; readonly ham: number }[];
  readonly seen: 'all' | 'part' | 'none';
  readonly unseen_because: string | null;
}

export function RuleTrial(props: { found: DryRun; excluded: number; onExclude: () => void }): JSX.Element {
  const { found, excluded, onExclude } = props;
  const { t, format } = useReader();
  const r = t.rules;
  const entries = found.entries_hitting_ham;
  return (
    <div class="wide trial">
      <div role="status">
        {excluded > 0 && <p>{format.count(r.excludedNow, excluded)}</p>}
        {found.unseen_because !== null && <p lang="en">{found.unseen_because}</p>}
        <p>
          <b>{found.seen === 'none' ? r.cannotTry : <Summary found={found} />}</b>
        </p>
        {entries.length > 0 && (
          <p>
            {r.matchingGood}{' '}
            {entries.slice(0, SHOWN_ENTRIES).map(({ entry, ham }) => (
              <span key={entry}>
                <bdi>{entry}</bdi> ({ham}){' '}
              </span>
            ))}
            {entries.length > SHOWN_ENTRIES && `… (${entries.length})`}
          </p>
        )}
      </div>
      {entries.length > 0 && <Button onClick={onExclude}>{r.exclude}</Button>}
      {found.examples.length > 0 && (
        <Table
          caption={fill(r.examples, { count: found.examples.length })}
          head={[t.author, t.comment, r.knownAs, r.because]}
          keys={found.examples.map(({ id }) => id)}
          rows={found.examples.map(({ author_name: author, content, truth, detail }) => [
            <bdi>{author}</bdi>,
            <bdi dir="auto">{content}</bdi>,
            r.truths[truth],
            <bdi>{detail}</bdi>,
          ])}
          empty={null}
        />
      )}
    </div>
  );
}

function Summary({ found: { looked_at: all, hits, seen } }: { found: DryRun }): JSX.Element {
  const { t, format } = useReader();
  const n = format.number;
  const text = fill(t.rules.wouldMatch, {
    ...{ ham: n(hits.ham), allHam: n(all.ham), spam: n(hits.spam), allSpam: n(all.spam) },
    ...{ undecided: n(hits.undecided), allUndecided: n(all.undecided) },
  });
  return <>{seen === 'part' ? `${t.rules.asFarAsKnown} ${text}` : text}</>;
}
