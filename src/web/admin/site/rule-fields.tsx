/** Renders the fields of a rule: those that its kind has, and what its pattern is. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Disposition } from '../../../core/comment.ts';
import type { RuleField, RuleKind } from '../../../core/rules/rule.ts';
import { Field } from '../../page/field.tsx';
import { useReader } from '../reader.tsx';
import type { RuleView } from './rule-view.ts';

export interface InitialRule {
  readonly pattern: string;
  readonly disposition: string;
}

/** Whether a kind has a pattern. The compiler reports a kind that is missing. */
const HAS_PATTERN: Readonly<Record<RuleKind, boolean>> = {
  words: true,
  pattern: true,
  link_count: true,
  link_host: true,
  language: true,
  author: true,
  ip_network: true,
  email_domain: true,
  disposable_email: false,
  honeypot: false,
  minimum_time: true,
  thread_age: true,
};
const KINDS = Object.keys(HAS_PATTERN) as RuleKind[];
const DISPOSITIONS = ['hold', 'spam', 'discard'] satisfies Disposition[];
const FIELDS = ['content', 'author_name', 'author_url'] satisfies RuleField[];

interface Props {
  readonly initial: InitialRule | undefined;
  readonly edited: RuleView | undefined;
  /** A field changed without an event of its own: another kind, or a list from a file. */
  readonly onChange: () => void;
}

export function RuleFields({ initial, edited, onChange }: Props): JSX.Element {
  const { t } = useReader();
  const r = t.rules;
  const [kind, setKind] = useState<RuleKind>(isKind(edited?.kind) ? edited.kind : 'words');
  return (
    <>
      <KindField
        kind={kind}
        isKept={edited !== undefined}
        onChange={(wanted) => {
          setKind(wanted);
          onChange();
        }}
      />
      {edited && <input type="hidden" name="kind" value={kind} />}
      <ActionField chosen={edited?.disposition ?? initial?.disposition} />
      <Field label={r.until} hint={r.untilHint}>
        {(control) => (
          <input
            {...control}
            name="expires_at"
            type="datetime-local"
            defaultValue={toLocal(edited?.expires_at ?? null)}
          />
        )}
      </Field>
      <Field label={r.note}>
        {(control) => <input {...control} name="note" maxLength={500} defaultValue={edited?.note ?? ''} />}
      </Field>
      {(kind === 'words' || kind === 'pattern') && <TextOptions kind={kind} options={edited?.options} />}
      {HAS_PATTERN[kind] && (
        <Pattern
          asks={r.patterns[kind] ?? ''}
          initial={edited?.pattern ?? initial?.pattern ?? ''}
          isKept={edited?.kind === 'author'}
          onList={onChange}
        />
      )}
    </>
  );
}

function isKind(name: string | undefined): name is RuleKind {
  return KINDS.some((one) => one === name);
}

function KindField(props: {
  kind: RuleKind;
  isKept: boolean;
  onChange: (kind: RuleKind) => void;
}): JSX.Element {
  const { kind, isKept, onChange } = props;
  const r = useReader().t.rules;
  return (
    <Field label={r.kind}>
      {(control) => (
        <select
          {...control}
          name="kind"
          disabled={isKept}
          value={kind}
          onChange={(event) =>
            onChange(isKind(event.currentTarget.value) ? event.currentTarget.value : 'words')
          }
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {r.kinds[one]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ActionField({ chosen }: { chosen: string | undefined }): JSX.Element {
  const r = useReader().t.rules;
  return (
    <Field label={r.action}>
      {(control) => (
        <select {...control} name="disposition">
          {DISPOSITIONS.map((name) => (
            <option key={name} value={name} selected={name === chosen}>
              {r.dispositions[name]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** How and where a text is looked through. */
function TextOptions(props: {
  kind: 'words' | 'pattern';
  options: RuleView['options'] | undefined;
}): JSX.Element {
  const { kind, options } = props;
  const { t } = useReader();
  const r = t.rules;
  return (
    <>
      {kind === 'words' ? (
        <Field label={r.match}>
          {(control) => (
            <select {...control} name="match">
              <option value="word">{r.wholeWords}</option>
              <option value="substring" selected={options?.match === 'substring'}>
                {r.partsOfWords}
              </option>
            </select>
          )}
        </Field>
      ) : (
        <Field label={r.matchCase} tick>
          {(control) => (
            <input
              {...control}
              type="checkbox"
              name="case_sensitive"
              defaultChecked={options?.case_sensitive === true}
            />
          )}
        </Field>
      )}
      <fieldset>
        <legend>{r.looksAt}</legend>
        {FIELDS.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              name="fields"
              value={name}
              defaultChecked={options?.fields?.includes(name) ?? true}
            />{' '}
            {r.fields[name]}
          </label>
        ))}
      </fieldset>
    </>
  );
}

/** @param isKept the pattern of an edited rule that is not shown, and stays as it is when the field is empty */
function Pattern(props: { asks: string; initial: string; isKept: boolean; onList: () => void }): JSX.Element {
  const { asks, initial, isKept, onList } = props;
  const { t } = useReader();
  const pattern = useRef<HTMLTextAreaElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined || !pattern.current) return;
    pattern.current.value = await readList(file);
    onList();
  };
  return (
    <>
      <Field label={t.rules.pattern} hint={isKept ? t.rules.authorsKept : asks} wide>
        {(control) => (
          <textarea
            {...control}
            ref={pattern}
            name="pattern"
            rows={4}
            required={!isKept}
            defaultValue={initial}
          />
        )}
      </Field>
      <Field label={t.rules.fromFile}>
        {(control) => (
          <input {...control} type="file" onChange={(event) => void read(event.currentTarget.files?.[0])} />
        )}
      </Field>
    </>
  );
}

/** What a date field shows: the reader's own time, without a zone. */
function toLocal(at: string | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

async function readList(file: File): Promise<string> {
  if (!file.name.endsWith('.gz')) return await file.text();
  return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

/** What the form says, as the API takes it. @param except entries of a list that are excluded */
export function readRule(form: HTMLFormElement, except: readonly string[]): Record<string, unknown> {
  const said = new FormData(form);
  const text = (name: string): string => String(said.get(name) ?? '');
  const expires = text('expires_at');
  const fields = said.getAll('fields');
  const ofText = text('kind') === 'words' || text('kind') === 'pattern';
  return {
    kind: text('kind'),
    pattern: text('pattern'),
    disposition: text('disposition'),
    ...(ofText && {
      options: {
        ...(text('kind') === 'words' && { match: text('match') }),
        ...(said.has('case_sensitive') && { case_sensitive: true }),
        ...(fields.length < FIELDS.length && { fields }),
        ...(except.length > 0 && { except }),
      },
    }),
    ...(text('note') !== '' && { note: text('note') }),
    ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
  };
}
