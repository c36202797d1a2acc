/** A new rule: tried on the newest 10,000 comments, and only then to be saved. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Disposition } from '../../core/comment.ts';
import type { RuleKind } from '../../core/rules.ts';
import { call } from '../service.ts';
import { inSite, onForm, useAction } from './resource.tsx';

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
  readonly found: DryRun;
}

/** Each that there is: the compiler tells of one that is missing. */
const KINDS = Object.keys({
  words: true,
  pattern: true,
  link_count: true,
  link_host: true,
  language: true,
  author: true,
  ip_network: true,
  email_domain: true,
  disposable_email: true,
  honeypot: true,
  minimum_time: true,
  thread_age: true,
} satisfies Record<RuleKind, true>);
const DISPOSITIONS = ['hold', 'spam', 'discard'] satisfies Disposition[];

interface Props {
  readonly site: string;
  readonly onSaved: () => void | Promise<void>;
  /** What the form begins with. */
  readonly initial?: { readonly pattern: string; readonly disposition: string };
}

export function NewRule({ site, onSaved, initial }: Props): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState<Trial | null>(null);
  /** Counts the changes of the form: what came back of an older one is of another rule. */
  const changes = useRef(0);
  const [except, setExcept] = useState<readonly string[]>([]);
  const action = useAction();
  const tryIt = (leftOut: readonly string[]): void =>
    action.run(async () => {
      if (!form.current) return;
      const rule = readForm(form.current, leftOut);
      const before = changes.current;
      const found = await call<DryRun>('POST', inSite(site, '/v1/rules/dry-run'), rule);
      if (changes.current !== before) return;
      setTried({ rule, found });
      setExcept(leftOut);
    });
  const save = (): void =>
    action.run(async () => {
      if (tried === null) return;
      await call('POST', inSite(site, '/v1/rules'), tried.rule);
      form.current?.reset();
      forget();
      await onSaved();
    });
  /** What is no longer in the form has not been tried. */
  const forget = (): void => {
    changes.current += 1;
    setTried(null);
    setExcept([]);
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
      <Fields initial={initial} onList={forget} />
      <button type="submit" aria-disabled={action.busy}>
        {tried === null ? 'Try it on the newest 10,000 comments' : 'Save the rule'}
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {except.length > 0 && <p>{except.length} entries are left out.</p>}
      {tried && (
        <Tried
          found={tried.found}
          onLeaveOut={() => tryIt([...except, ...tried.found.entries_hitting_ham.map(({ entry }) => entry)])}
        />
      )}
    </form>
  );
}

function readForm(form: HTMLFormElement, except: readonly string[]): Record<string, unknown> {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? '');
  const expires = text('expires_at');
  return {
    kind: text('kind'),
    pattern: text('pattern'),
    disposition: text('disposition'),
    ...(text('kind') === 'words' && {
      options: { match: text('match'), ...(except.length > 0 && { except }) },
    }),
    ...(text('note') !== '' && { note: text('note') }),
    ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
  };
}

function Fields({ initial, onList }: { initial: Props['initial']; onList: () => void }): JSX.Element {
  const pattern = useRef<HTMLTextAreaElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined || !pattern.current) return;
    pattern.current.value = await readList(file);
    onList();
  };
  return (
    <>
      <label>
        Kind{' '}
        <select name="kind">
          {KINDS.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <label>
        Words match{' '}
        <select name="match">
          <option value="word">whole words</option>
          <option value="substring">parts of words</option>
        </select>
      </label>
      <label>
        Does{' '}
        <select name="disposition">
          {DISPOSITIONS.map((name) => (
            <option key={name} selected={name === initial?.disposition}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Until <input name="expires_at" type="datetime-local" />
      </label>
      <label>
        Note <input name="note" maxLength={500} />
      </label>
      <label class="wide">
        Pattern, or one entry a line{' '}
        <textarea ref={pattern} name="pattern" rows={4} defaultValue={initial?.pattern ?? ''} />
      </label>
      <label>
        Or a list from a file (may be gzipped){' '}
        <input type="file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </label>
    </>
  );
}

async function readList(file: File): Promise<string> {
  if (!file.name.endsWith('.gz')) return await file.text();
  return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text();
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
            {entries.map(({ entry, ham }) => (
              <span key={entry}>
                <bdi>{entry}</bdi> ({ham}){' '}
              </span>
            ))}
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
