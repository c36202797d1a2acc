/** Shows the first rows of a file before it is imported. */

import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { BASE } from '../../page/base.ts';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';
import { describe, inSite } from '../resource.tsx';
import { type FileFormat, FORMATS, recogniseFormat } from './recognise-format.ts';

interface Row {
  readonly kind: 'comment' | 'sample' | 'refused' | 'passed_over';
  readonly content: string | null;
  readonly author_name: string | null;
  readonly label: string | null;
  readonly detail: string | null;
}

export interface Preview {
  readonly file: File | undefined;
  readonly format: FileFormat;
  readonly recognised: boolean;
  readonly rows: readonly Row[] | null;
  readonly problem: string;
  /** @param format null: recognise it. */
  readonly look: (file: File | undefined, format: string | null) => void;
}

/** As much of the file as is read for it. */
const LOOKED_AT_BYTES = 256 * 1024;

export function usePreview(site: string): Preview {
  const [file, setFile] = useState<File | undefined>(undefined);
  const [format, setFormat] = useState<FileFormat>('wxr');
  const [recognised, setRecognised] = useState(false);
  const [rows, setRows] = useState<readonly Row[] | null>(null);
  const [problem, setProblem] = useState('');
  const asked = useRef(0);
  const look = (wanted: File | undefined, chosen: string | null): void => {
    setFile(wanted);
    setRows(null);
    setProblem('');
    asked.current += 1;
    const number = asked.current;
    const named = FORMATS.find((one) => one === chosen) ?? null;
    if (named !== null) setFormat(named);
    if (wanted === undefined) return;
    const read = async (): Promise<void> => {
      const beginning = await readBeginning(wanted);
      const found = named ?? recogniseFormat(beginning);
      if (number !== asked.current) return;
      setRecognised(named === null && found !== null);
      if (found === null) return;
      setFormat(found);
      const shown = await preview(site, found, beginning);
      if (number === asked.current) setRows(shown);
    };
    read().catch((error: unknown) => number === asked.current && setProblem(describe(error)));
  };
  return { file, format, recognised, rows, problem, look };
}

async function preview(site: string, format: FileFormat, text: string): Promise<readonly Row[]> {
  const response = await fetch(BASE + inSite(site, `/v1/imports/preview?format=${format}`), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: text,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(String(answer.detail));
  return answer.rows;
}

/** The beginning of the file as text, also of a gzipped one. */
async function readBeginning(file: File): Promise<string> {
  const isGzip = file.name.endsWith('.gz');
  const bytes = isGzip ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.length < LOOKED_AT_BYTES) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader.cancel();
  return text.slice(0, LOOKED_AT_BYTES);
}

export function ImportPreview({
  preview: { file, recognised, rows, problem },
}: {
  preview: Preview;
}): JSX.Element | null {
  const { t } = useReader();
  const i = t.imports;
  if (file === undefined) return null;
  if (problem !== '') return <p role="alert">{problem}</p>;
  if (rows === null)
    return recognised ? <p role="status">{t.loading}</p> : <p role="status">{i.notRecognised}</p>;
  const read = rows.filter(({ kind }) => kind !== 'passed_over');
  return (
    <div class="wide">
      <Table
        caption={fill(i.preview, { name: file.name })}
        head={[t.author, t.comment, i.label]}
        rows={read.map((row) => [
          <bdi>{row.author_name ?? '–'}</bdi>,
          <bdi dir="auto">{row.content ?? row.detail ?? ''}</bdi>,
          row.kind === 'refused'
            ? i.wouldBeRefused
            : row.label === null
              ? i.noLabel
              : (t.labelNames[row.label] ?? row.label),
        ])}
        empty={<p>{i.previewEmpty}</p>}
      />
    </div>
  );
}
