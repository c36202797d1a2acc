/** A site's own rules: tried on the newest 10,000 comments before they are saved. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../service.ts';
import type { PartProps } from './page.tsx';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

interface Rule {
  readonly id: string;
  readonly kind: string;
  readonly pattern: string;
  readonly entries: number;
  readonly disposition: string;
  readonly note: string | null;
  readonly expires_at: string | null;
}
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
  readonly unseen: boolean;
}

const KINDS = [
  'words',
  'pattern',
  'link_count',
  'link_host',
  'language',
  'author',
  'ip_network',
  'email_domain',
  'disposable_email',
  'honeypot',
  'minimum_time',
  'thread_age',
];

export function Rules({ site }: PartProps): JSX.Element {
  const rules = useResource<{ items: readonly Rule[] }>(inSite(site, '/v1/rules'));
  const action = useAction();
  const remove = (id: string): void =>
    action.run(async () => {
      await call('DELETE', inSite(site, `/v1/rules/${id}`));
      rules.reload();
    });
  return (
    <>
      <NewRule site={site} onSaved={rules.reload} />
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={rules}>
        {({ items }) => (
          <Table
            caption="Rules"
            head={['kind', 'pattern', 'entries', 'does', 'note', 'until', 'action']}
            rows={items.map((rule) => [
              rule.kind,
              <bdi>{rule.pattern.slice(0, 80)}</bdi>,
              rule.entries,
              rule.disposition,
              rule.note ?? '',
              <Time at={rule.expires_at} />,
              <button type="button" disabled={action.busy} onClick={() => remove(rule.id)}>
                Remove
              </button>,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}

function readForm(form: HTMLFormElement): Record<string, unknown> {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? '');
  const expires = text('expires_at');
  return {
    kind: text('kind'),
    pattern: text('pattern'),
    disposition: text('disposition'),
    ...(text('kind') === 'words' && { options: { match: text('match') } }),
    ...(text('note') !== '' && { note: text('note') }),
    ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
  };
}

function NewRule({ site, onSaved }: { site: string; onSaved: () => void }): JSX.Element {
  const [tried, setTried] = useState<DryRun | null>(null);
  const action = useAction();
  const send = (form: HTMLFormElement, save: boolean): void =>
    action.run(async () => {
      const body = readForm(form);
      if (!save) {
        setTried(await call<DryRun>('POST', inSite(site, '/v1/rules/dry-run'), body));
        return;
      }
      await call('POST', inSite(site, '/v1/rules'), body);
      form.reset();
      setTried(null);
      onSaved();
    });
  return (
    <form
      class="new"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget, tried !== null);
      }}
      onInput={() => setTried(null)}
    >
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
          <option>hold</option>
          <option>spam</option>
          <option>discard</option>
        </select>
      </label>
      <label>
        Until <input name="expires_at" type="datetime-local" />
      </label>
      <label>
        Note <input name="note" maxLength={500} />
      </label>
      <label class="wide">
        Pattern, or one entry a line <textarea name="pattern" rows={4} />
      </label>
      <button type="submit" disabled={action.busy}>
        {tried === null ? 'Try it on the newest 10,000 comments' : 'Save the rule'}
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {tried && <Tried found={tried} />}
    </form>
  );
}

function Tried({
  found: { looked_at: all, hits, entries_hitting_ham: entries, unseen },
}: {
  found: DryRun;
}): JSX.Element {
  if (unseen)
    return <p role="status">Stored comments do not tell what this rule needs: it cannot be tried.</p>;
  return (
    <div role="status">
      <p>
        It would hit {hits.ham} of {all.ham} good comments, {hits.spam} of {all.spam} spam and{' '}
        {hits.undecided} of {all.undecided} undecided ones.
      </p>
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
  );
}
