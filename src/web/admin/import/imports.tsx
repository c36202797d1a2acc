/** Imports what other systems exported, as samples: the format is recognised, parts are resumed after a break. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Empty, Lead } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { Upload } from '../filter/upload.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { inSite, Loaded, useResource } from '../resource.tsx';
import { Time } from '../time.tsx';
import type { SentPart } from './send-file.ts';

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

export function Imports({ site, subject }: PartProps): JSX.Element {
  const { t } = useReader();
  const imports = useResource<{ items: readonly Import[] }>(inSite(site, '/v1/imports'));
  return (
    <>
      <Lead>
        <p>{t.imports.about}</p>
      </Lead>
      <Upload
        site={site}
        onDone={imports.reload}
        begin={async (file, format) => {
          const body = { format, name: file.name.slice(0, 200) };
          return { ...(await call<Import>('POST', inSite(site, '/v1/imports'), body)), parts: [] };
        }}
      />
      {subject !== '' && <Selected site={site} id={subject} onDone={imports.reload} />}
      <Loaded resource={imports}>{({ items }) => <ImportTable items={items} />}</Loaded>
    </>
  );
}

function ImportTable({ items }: { items: readonly Import[] }): JSX.Element {
  const { t, format } = useReader();
  const i = t.imports;
  return (
    <Table
      caption={i.caption}
      head={[i.file, i.format, i.state, i.records, i.added, i.duplicates, i.refused, i.started]}
      keys={items.map(({ id }) => id)}
      rows={items.map((one) => [
        <a href={`#imports/${one.id}`}>
          <bdi>{one.name ?? one.id}</bdi>
        </a>,
        i.formats[one.format] ?? one.format,
        one.state === 'waiting' ? i.interrupted : (i.states[one.state] ?? one.state),
        format.number(one.records),
        format.number(one.added),
        format.number(one.known),
        one.refused === 0 ? (
          '0'
        ) : (
          <a href={`#imports/${one.id}`}>{fill(i.whichAndWhy, { count: format.number(one.refused) })}</a>
        ),
        <Time at={one.created_at} />,
      ])}
      empty={<Empty title={i.none} />}
    />
  );
}

/** One import: the rest of its file where it was interrupted, and the records that were refused. */
function Selected({ site, id, onDone }: { site: string; id: string; onDone: () => void }): JSX.Element {
  const { t, format } = useReader();
  const i = t.imports;
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
              <p>{format.count(i.partsThere, data.parts.length)}</p>
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
              caption={
                data.refused > data.refusals.length
                  ? fill(i.firstRefused, { shown: data.refusals.length, total: data.refused })
                  : i.refusedRecords
              }
              head={[i.line, i.reason]}
              rows={data.refusals.map(({ line, detail }) => [format.number(line), <bdi>{detail}</bdi>])}
              empty={<Empty title={i.noneRefused} />}
            />
          )}
        </>
      )}
    </Loaded>
  );
}
