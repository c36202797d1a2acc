/** A new rule: tried on the newest 10,000 comments, and only then to be saved. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { inSite, onForm, useAction } from './resource.tsx';
import { type InitialRule, RuleFields, readRule } from './rule-fields.tsx';

const SHOWN_ENTRIES = 100;

interface Counts {
  readonly ham: number;
  readonly spam: number;
  readonly undecided: number;
}
interface DryRun {
  readonly looked_at: Counts;
  readonly hits: Counts;
  readonly entries_hitting_ham: readonly {
    readonly entry: string;
    readonly ham: number;
    readonly spam: number;
  }[];
  readonly seen: 'all' | 'part' | 'none';
  readonly unseen_because: string | null;
}

interface Trial {
  /** What was tried, as it is saved. */
  readonly rule: Readonly<Record<string, unknown>>;
  /** Entries of it that are left out. */
  readonly except: readonly string[];
  readonly found: DryRun;
}

interface Props {
  readonly site: string;
  readonly onSaved: () => void | Promise<void>;
  /** What the form begins with. */
  readonly initial?: InitialRule;
}

export function NewRule({ site, onSaved, initial }: Props): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState<Trial | null>(null);
  /** Counts the changes of the form: what came back of an older one is of another rule. */
  const changes = useRef(0);
  /** The fields are made anew for the next rule. */
  const [round, setRound] = useState(0);
  const action = useAction();
  const tryIt = (except: readonly string[]): void =>
    action.run(async () => {
      if (!form.current) return;
      const rule = readRule(form.current, except);
      const before = changes.current;
      const found = await call<DryRun>('POST', inSite(site, '/v1/rules/dry-run'), rule);
      if (changes.current !== before) return;
      setTried({ rule, except, found });
    });
  const save = (): void =>
    action.run(async () => {
      if (tried === null) return;
      await call('POST', inSite(site, '/v1/rules'), tried.rule);
      setRound((before) => before + 1);
      forget();
      await onSaved();
    });
  /** What is no longer in the form has not been tried. */
  const forget = (): void => {
    changes.current += 1;
    setTried(null);
  };
  return (
    <form
      ref={form}
      class="new"
      onSubmit={onForm(() => {
        if (tried === null) tryIt([]);
        else save();
      })}
      onInput={forget}
    >
      <RuleFields key={round} initial={initial} onList={forget} />
      <button type="submit" aria-disabled={action.busy}>
        {tried === null ? 'Try it on the newest 10,000 comments' : 'Save the rule'}
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {tried !== null && tried.except.length > 0 && <p>{tried.except.length} entries are left out.</p>}
      {tried && (
        <Tried
          found={tried.found}
          onLeaveOut={() =>
            tryIt([...tried.except, ...tried.found.entries_hitting_ham.map(({ entry }) => entry)])
          }
        />
      )}
    </form>
  );
}

function Tried(props: { found: DryRun; onLeaveOut: () => void }): JSX.Element {
  const { looked_at: all, hits, entries_hitting_ham: entries, seen, unseen_because: why } = props.found;
  return (
    <>
      <div role="status">
        {why !== null && <p>{why}</p>}
        {seen === 'none' ? (
          <p>Stored comments do not tell what this rule needs: it cannot be tried.</p>
        ) : (
          <p>
            {seen === 'part' && 'As far as that is known: '}It would hit {hits.ham} of {all.ham} good
            comments, {hits.spam} of {all.spam} spam and {hits.undecided} of {all.undecided} undecided ones.
          </p>
        )}
        {entries.length > 0 && (
          <p>
            Entries that hit good comments:{' '}
            {entries.slice(0, SHOWN_ENTRIES).map(({ entry, ham }) => (
              <span key={entry}>
                <bdi>{entry}</bdi> ({ham}){' '}
              </span>
            ))}
            {entries.length > SHOWN_ENTRIES && `… ${entries.length} in all`}
          </p>
        )}
      </div>
      {entries.length > 0 && (
        <button type="button" onClick={props.onLeaveOut}>
          Leave these out
        </button>
      )}
    </>
  );
}
