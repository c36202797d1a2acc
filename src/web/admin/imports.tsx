/** What other systems exported, as labelled comments: sent in parts, so that a lost connection costs one of them. */
import type { JSX } from 'preact';
import { call } from '../service.ts';
import { useJob } from './job.tsx';
import type { PartProps } from './page.tsx';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

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

const FORMATS = ['wxr', 'disqus', 'isso', 'remark42', 'jsonl', 'csv', 'natural'];
const PART_BYTES = 4 * 1024 * 1024;

async function sendFile(site: string, file: File, format: string): Promise<string> {
  const { id } = await call<{ id: string }>('POST', inSite(site, '/v1/imports'), { format, name: file.name });
  for (let part = 0; part * PART_BYTES < file.size; part += 1) {
    const bytes = file.slice(part * PART_BYTES, (part + 1) * PART_BYTES);
    const response = await fetch(inSite(site, `/v1/imports/${id}/parts/${part}`), {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    });
    if (!response.ok) throw new Error(`part ${part}: ${await response.text()}`);
  }
  const parts = Math.max(1, Math.ceil(file.size / PART_BYTES));
  const { job } = await call<{ job: string }>('POST', inSite(site, `/v1/imports/${id}/start`), { parts });
  return job;
}

export function Imports({ site }: PartProps): JSX.Element {
  const imports = useResource<{ items: readonly Import[] }>(inSite(site, '/v1/imports'));
  const action = useAction();
  const job = useJob(site, () => imports.reload());
  const send = (form: HTMLFormElement): void => {
    const fields = new FormData(form);
    const file = fields.get('file');
    if (!(file instanceof File)) return;
    action.run(async () => job.follow(await sendFile(site, file, String(fields.get('format')))));
  };
  return (
    <>
      <form
        class="new"
        onSubmit={(event) => {
          event.preventDefault();
          send(event.currentTarget);
        }}
      >
        <label>
          Format{' '}
          <select name="format">
            {FORMATS.map((format) => (
              <option key={format}>{format}</option>
            ))}
          </select>
        </label>
        <label>
          File <input name="file" type="file" required />
        </label>
        <button type="submit" disabled={action.busy || job.running}>
          Import
        </button>
      </form>
      {job.view}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={imports}>
        {({ items }) => (
          <Table
            caption="Imports, newest first"
            head={['file', 'format', 'state', 'records', 'added', 'known', 'refused', 'at']}
            rows={items.map((one) => [
              <bdi>{one.name ?? one.id}</bdi>,
              one.format,
              one.state,
              one.records,
              one.added,
              one.known,
              one.refused,
              <Time at={one.created_at} />,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
