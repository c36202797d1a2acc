/** What other systems exported, as labelled comments: sent in parts, resumed where it was broken off. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { useJob } from './job.tsx';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, onForm, useAction, useResource } from './resource.tsx';
import { type SentPart, sendParts } from './send-file.ts';
import { percent, Table, Time } from './table.tsx';

interface Import {
  readonly id: string;
  readonly format: string;
  readonly name: string | null;
  readonly state: string;
  readonly records: number;
  readonly added: number;
  readonly known: number;
  readonly refused: number;
  readonly created_at: string;
}
interface Details extends Import {
  readonly parts: readonly SentPart[];
  readonly refusals: readonly { readonly line: number; readonly code: string; readonly detail: string }[];
}

const FORMATS = ['wxr', 'disqus', 'isso', 'remark42', 'jsonl', 'csv', 'natural'];

export function Imports({ site, subject }: PartProps): JSX.Element {
  const imports = useResource<{ items: readonly Import[] }>(inSite(site, '/v1/imports'));
  return (
    <>
      <Upload
        site={site}
        onDone={imports.reload}
        begin={async (file, format) => {
          const body = { format, name: file.name.slice(0, 200) };
          return { ...(await call<Import>('POST', inSite(site, '/v1/imports'), body)), parts: [] };
        }}
      />
      {subject !== '' && <Selected site={site} id={subject} onDone={imports.reload} />}
      <Loaded resource={imports}>
        {({ items }) => (
          <Table
            caption="Imports, newest first"
            head={['file', 'format', 'state', 'records', 'added', 'known', 'refused', 'at']}
            rows={items.map((one) => [
              <a href={`#imports/${one.id}`}>
                <bdi>{one.name ?? one.id}</bdi>
              </a>,
              one.format,
              one.state === 'waiting' ? 'broken off, or being sent' : one.state,
              one.records,
              one.added,
              one.known,
              one.refused === 0 ? 0 : <a href={`#imports/${one.id}`}>{one.refused}: which and why</a>,
              <Time at={one.created_at} />,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}

/** One import: the rest of its file where it was broken off, and the records that were refused. */
function Selected({ site, id, onDone }: { site: string; id: string; onDone: () => void }): JSX.Element {
  const found = useResource<Details>(inSite(site, `/v1/imports/${id}`));
  return (
    <Loaded resource={found}>
      {(data) => (
        <>
          <h3>
            <bdi>{data.name ?? data.id}</bdi>
          </h3>
          {data.state === 'waiting' ? (
            <>
              <p>
                {data.parts.length} parts of the file are there. Choose the same file again to send the rest.
              </p>
              <Upload
                site={site}
                onDone={() => {
                  found.reload();
                  onDone();
                }}
                begin={() => Promise.resolve(data)}
                resumed
              />
            </>
          ) : (
            <Table
              caption={`Refused records${data.refused > data.refusals.length ? `, the first ${data.refusals.length} of ${data.refused}` : ''}`}
              head={['line', 'code', 'reason']}
              rows={data.refusals.map(({ line, code, detail }) => [line, code, <bdi>{detail}</bdi>])}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Upload(props: {
  site: string;
  /** Finds or makes the import that the file is for. */
  begin: (file: File, format: string) => Promise<{ id: string; parts: readonly SentPart[] }>;
  onDone: () => void;
  resumed?: boolean;
}): JSX.Element {
  const { site, begin, onDone, resumed = false } = props;
  const [sent, setSent] = useState<number | null>(null);
  const action = useAction();
  const job = useJob(site, resumed ? null : 'import', onDone);
  const send = (fields: FormData): void => {
    const file = fields.get('file');
    if (!(file instanceof File) || job.running) return;
    action.run(async () => {
      const { id, parts } = await begin(file, String(fields.get('format')));
      onDone();
      await sendParts(site, id, file, parts, setSent);
      job.follow((await call<{ job: string }>('POST', inSite(site, `/v1/imports/${id}/start`))).job);
    });
  };
  return (
    <form class="new" onSubmit={onForm((form) => send(new FormData(form)))}>
      {!resumed && (
        <label>
          Format{' '}
          <select name="format">
            {FORMATS.map((format) => (
              <option key={format}>{format}</option>
            ))}
          </select>
        </label>
      )}
      <label>
        {resumed ? 'The same file' : 'File'} <input name="file" type="file" required />
      </label>
      <button type="submit" aria-disabled={action.busy || job.running}>
        {resumed ? 'Send the rest' : 'Import'}
      </button>
      {action.busy && sent !== null && <p role="status">{percent(sent, 0)} of the file is sent.</p>}
      {job.view}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}
