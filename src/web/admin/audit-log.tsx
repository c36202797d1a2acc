/** Shows who did what, sealed by a chain of hashes. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../strings/index.ts';
import { Button } from '../page/button.tsx';
import { Field } from '../page/field.tsx';
import { Empty, Fold, Lead } from '../page/lead.tsx';
import { call } from '../page/service.ts';
import { Table } from '../page/table.tsx';
import { useNames } from './names.ts';
import type { PartProps } from './part-props.ts';
import { useReader } from './reader.tsx';
import { Failure, Loaded, useAction, useResource } from './resource.tsx';
import { Time } from './time.tsx';

interface Entry {
  readonly seq: string;
  readonly created_at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}
interface Verification {
  readonly entries: number;
  readonly broken: { readonly seq: string; readonly why: string } | null;
}

const PAGE = 100;

export function AuditLog(_props: PartProps): JSX.Element {
  const { t } = useReader();
  const [after, setAfter] = useState('');
  const [words, setWords] = useState('');
  const log = useResource<{ items: readonly Entry[] }>(
    `/v1/audit?order=newest&limit=${PAGE}${after && `&after=${after}`}`,
  );
  return (
    <>
      <Verify />
      <Field label={t.audit.filter}>
        {(control) => (
          <input {...control} type="search" onInput={(event) => setWords(event.currentTarget.value)} />
        )}
      </Field>
      <Loaded resource={log}>
        {({ items }) => (
          <>
            <Entries items={items} words={words} />
            {items.length === PAGE && (
              <Button onClick={() => setAfter(items.at(-1)?.seq ?? '')}>{t.audit.earlier}</Button>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function Verify(): JSX.Element {
  const { t, format } = useReader();
  const [found, setFound] = useState<Verification | null>(null);
  const action = useAction();
  const verify = (): void =>
    action.run(async () => setFound(await call<Verification>('GET', '/v1/audit/verification')));
  return (
    <Lead
      tone={found === null ? 'plain' : found.broken === null ? 'good' : 'bad'}
      actions={
        <Button busy={action.busy} onClick={verify}>
          {t.audit.verify}
        </Button>
      }
    >
      <p role="status">
        {found === null && t.audit.about}
        {found?.broken === null && format.count(t.audit.verified, found.entries)}
        {found?.broken && fill(t.audit.broken, { seq: found.broken.seq, why: found.broken.why })}
      </p>
      <Failure of={action} />
    </Lead>
  );
}

function Entries({ items, words }: { items: readonly Entry[]; words: string }): JSX.Element {
  const { t } = useReader();
  const names = useNames();
  const told = items.map((entry) => ({
    entry,
    who: names.actor(entry.actor),
    did: t.audit.actions[entry.action] ?? entry.action,
    what: entry.subject === null ? '' : names.subject(entry.subject),
  }));
  const wanted = words.toLowerCase();
  const shown = told.filter(({ entry, who, did, what }) =>
    `${who} ${did} ${what} ${entry.action} ${JSON.stringify(entry.detail)}`.toLowerCase().includes(wanted),
  );
  return (
    <Table
      caption={t.audit.caption}
      head={['#', t.audit.time, t.audit.who, t.audit.did, t.audit.subject, t.audit.details]}
      keys={shown.map(({ entry }) => entry.seq)}
      rows={shown.map(({ entry, who, did, what }) => [
        entry.seq,
        <Time at={entry.created_at} />,
        <bdi>{who}</bdi>,
        did,
        <bdi>{what}</bdi>,
        Object.keys(entry.detail).length === 0 ? (
          '–'
        ) : (
          <Fold title={t.audit.show}>
            <code>{JSON.stringify(entry.detail)}</code>
          </Fold>
        ),
      ])}
      empty={<Empty title={t.audit.none} />}
    />
  );
}
