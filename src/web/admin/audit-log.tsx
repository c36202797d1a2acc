/** Who did what, sealed by a chain of hashes. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { Loaded, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

interface Entry {
  readonly seq: string;
  readonly created_at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly detail: unknown;
}

const PAGE = 100;

export function AuditLog(_props: PartProps): JSX.Element {
  const [after, setAfter] = useState('');
  const log = useResource<{ items: readonly Entry[] }>(
    `/v1/audit?order=newest&limit=${PAGE}${after && `&after=${after}`}`,
  );
  const [found, setFound] = useState('');
  const action = useAction();
  const verify = (): void =>
    action.run(async () => {
      const { entries, broken } = await call<{
        entries: number;
        broken: { seq: string; why: string } | null;
      }>('GET', '/v1/audit/verification');
      setFound(
        broken === null
          ? `${entries} entries, all as they were written.`
          : `Broken at ${broken.seq}: ${broken.why}`,
      );
    });
  return (
    <>
      <button type="button" aria-disabled={action.busy} onClick={verify}>
        Verify the chain
      </button>
      {found !== '' && <p role="status">{found}</p>}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={log}>
        {({ items }) => (
          <>
            <Table
              caption="Audit log, newest first"
              head={['number', 'at', 'who', 'did', 'to', 'with']}
              rows={items.map((entry) => [
                entry.seq,
                <Time at={entry.created_at} />,
                entry.actor,
                entry.action,
                entry.subject ?? '',
                <code>{JSON.stringify(entry.detail)}</code>,
              ])}
            />
            {items.length === PAGE && (
              <button type="button" onClick={() => setAfter(items.at(-1)?.seq ?? '')}>
                Earlier entries
              </button>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
