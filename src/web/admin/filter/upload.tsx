/** Uploads a file to import: recognises its format, shows its first rows, and follows the import. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Field } from '../../page/field.tsx';
import { call } from '../../page/service.ts';
import { ImportPreview, usePreview } from '../import/import-preview.tsx';
import { FORMATS } from '../import/recognise-format.ts';
import { type SentPart, sendParts } from '../import/send-file.ts';
import { useJob } from '../job.tsx';
import { useReader } from '../reader.tsx';
import { Failure, inSite, onForm, useAction } from '../resource.tsx';

interface Props {
  readonly site: string;
  /** Finds or creates the import that the file is for. */
  readonly begin: (file: File, format: string) => Promise<{ id: string; parts: readonly SentPart[] }>;
  readonly onDone: () => void;
  readonly resumed?: boolean;
}

export function Upload({ site, begin, onDone, resumed = false }: Props): JSX.Element {
  const { t, format: write } = useReader();
  const i = t.imports;
  const [sent, setSent] = useState<number | null>(null);
  const preview = usePreview(site);
  const action = useAction();
  const job = useJob(site, resumed ? null : 'import', onDone);
  const send = (fields: FormData): void => {
    const file = fields.get('file');
    if (!(file instanceof File) || job.running) return;
    action.run(async () => {
      const { id, parts } = await begin(file, String(fields.get('format')));
      onDone();
      await sendParts({ site, id, file, sent: parts, onSent: setSent, t: i });
      job.follow((await call<{ job: string }>('POST', inSite(site, `/v1/imports/${id}/start`))).job);
    });
  };
  return (
    <form class="new" onSubmit={onForm((form) => send(new FormData(form)))}>
      <Field label={resumed ? i.sameFile : i.file}>
        {(control) => (
          <input
            {...control}
            name="file"
            type="file"
            required
            onChange={(event) => {
              if (!resumed) preview.look(event.currentTarget.files?.[0], null);
            }}
          />
        )}
      </Field>
      {!resumed && <FormatField preview={preview} />}
      <Button kind="primary" type="submit" busy={action.busy || job.running}>
        {resumed ? i.sendRest : i.import}
      </Button>
      {!resumed && <ImportPreview preview={preview} />}
      {action.busy && sent !== null && <p role="status">{fill(i.sent, { share: write.percent(sent, 0) })}</p>}
      {job.view}
      <Failure of={action} />
    </form>
  );
}

function FormatField({ preview }: { preview: ReturnType<typeof usePreview> }): JSX.Element {
  const i = useReader().t.imports;
  return (
    <Field label={i.format} {...(preview.recognised && { hint: i.recognised })}>
      {(control) => (
        <select
          {...control}
          name="format"
          value={preview.format}
          onChange={(event) => preview.look(preview.file, event.currentTarget.value)}
        >
          {FORMATS.map((format) => (
            <option key={format} value={format}>
              {i.formats[format]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
