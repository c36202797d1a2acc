/** Creates or edits a rule: it is tried on the newest 10,000 comments, and only then can be saved. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from '../../page/button.tsx';
import { call } from '../../page/service.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, onForm, useAction } from '../resource.tsx';
import { type InitialRule, RuleFields, readRule } from './rule-fields.tsx';
import { type DryRun, RuleTrial } from './rule-trial.tsx';
import type { RuleView } from './rule-view.ts';

interface Trial {
  /** What was tried, as it is saved. */
  readonly rule: Readonly<Record<string, unknown>>;
  /** Entries of it that are excluded. */
  readonly except: readonly string[];
  readonly found: DryRun;
}

interface Props {
  readonly site: string;
  readonly onSaved: () => void | Promise<void>;
  /** What the form of a new rule begins with. */
  readonly initial?: InitialRule;
  /** The rule that is edited; without it a new one is created. */
  readonly edited?: RuleView;
}

/** A rule is tried before it is saved: what it would have done is seen first. */
function useTrial({
  site,
  onSaved,
  edited,
}: Pick<Props, 'site' | 'onSaved'> & { edited: RuleView | undefined }) {
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState<Trial | null>(null);
  /** Counts the changes of the form: an answer that comes after one is about another rule. */
  const changes = useRef(0);
  /** The fields are made again for the next rule. */
  const [round, setRound] = useState(0);
  const action = useAction();
  const known = edited?.options.except ?? [];
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
      await store(site, tried.rule, edited);
      setRound((before) => before + 1);
      forget();
      await onSaved();
    });
  /** What is no longer in the form has not been tried. */
  const forget = (): void => {
    changes.current += 1;
    setTried(null);
  };
  return { form, tried, round, action, known, tryIt, save, forget };
}

export function RuleForm({ site, onSaved, initial, edited }: Props): JSX.Element {
  const { t } = useReader();
  const { form, tried, round, action, known, tryIt, save, forget } = useTrial({ site, onSaved, edited });
  return (
    <form
      ref={form}
      class="new"
      onSubmit={onForm(() => {
        if (tried === null) tryIt(known);
        else save();
      })}
      onInput={forget}
    >
      <RuleFields key={round} initial={initial} edited={edited} onChange={forget} />
      <Button kind="primary" type="submit" busy={action.busy}>
        {tried === null ? t.rules.tryIt : edited ? t.rules.saveChanges : t.rules.saveRule}
      </Button>
      <Failure of={action} />
      {tried && (
        <RuleTrial
          found={tried.found}
          excluded={tried.except.length}
          onExclude={() =>
            tryIt([...tried.except, ...tried.found.entries_hitting_ham.map(({ entry }) => entry)])
          }
        />
      )}
    </form>
  );
}

async function store(
  site: string,
  rule: Readonly<Record<string, unknown>>,
  edited: RuleView | undefined,
): Promise<void> {
  if (!edited) {
    await call('POST', inSite(site, '/v1/rules'), rule);
    return;
  }
  const { kind: _, note = null, expires_at: expiresAt = null, ...change } = rule;
  await call('PATCH', inSite(site, `/v1/rules/${edited.id}`), { ...change, note, expires_at: expiresAt });
}
