/** The fields of a rule: those that its kind has, and what its pattern is. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Disposition } from '../../core/comment.ts';
import type { RuleField, RuleKind } from '../../core/rules/rule.ts';

export interface InitialRule {
  readonly pattern: string;
  readonly disposition: string;
}

/** What the pattern is; null: the kind has none. The compiler tells of a kind that is missing. */
const PATTERNS: Readonly<Record<RuleKind, string | null>> = {
  words: 'Words or phrases, one a line',
  pattern: 'A regular expression (RE2: no look-around, no back references)',
  link_count: 'A number: it fires when there are more links',
  link_host: 'Host names, one a line; their sub-domains, too',
  language: 'Codes such as de, or of scripts such as Cyrl, one a line; !Latn: anything else',
  author: 'E-mail addresses, or ids of comments, one a line',
  ip_network: 'Addresses or networks such as 203.0.113.0/24, one a line',
  email_domain: 'Domains, one a line; their sub-domains, too',
  disposable_email: null,
  honeypot: null,
  minimum_time: 'Seconds: it fires when the form was sent sooner',
  thread_age: 'Days: it fires when the post was first seen so long ago',
};
const KINDS = Object.keys(PATTERNS) as RuleKind[];
const DISPOSITIONS = ['hold', 'spam', 'discard'] satisfies Disposition[];
const FIELDS: Readonly<Record<RuleField, string>> = {
  content: 'the text',
  author_name: 'the name',
  author_url: 'the author’s address',
};

/** @param onList a list was read from a file into the pattern. */
export function RuleFields(props: { initial: InitialRule | undefined; onList: () => void }): JSX.Element {
  const { initial, onList } = props;
  const [kind, setKind] = useState<RuleKind>('words');
  const asks = PATTERNS[kind];
  return (
    <>
      <label>
        Kind{' '}
        <select
          name="kind"
          onChange={(event) => setKind(KINDS.find((one) => one === event.currentTarget.value) ?? 'words')}
        >
          {KINDS.map((one) => (
            <option key={one}>{one}</option>
          ))}
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
      {(kind === 'words' || kind === 'pattern') && <TextOptions kind={kind} />}
      {asks !== null && <Pattern asks={asks} initial={initial?.pattern ?? ''} onList={onList} />}
    </>
  );
}

/** How and where a text is looked through. */
function TextOptions({ kind }: { kind: 'words' | 'pattern' }): JSX.Element {
  return (
    <>
      {kind === 'words' ? (
        <label>
          Words match{' '}
          <select name="match">
            <option value="word">whole words</option>
            <option value="substring">parts of words</option>
          </select>
        </label>
      ) : (
        <label>
          <input type="checkbox" name="case_sensitive" /> Case counts
        </label>
      )}
      <fieldset>
        <legend>Looks at</legend>
        {Object.entries(FIELDS).map(([name, text]) => (
          <label key={name}>
            <input type="checkbox" name="fields" value={name} defaultChecked /> {text}
          </label>
        ))}
      </fieldset>
    </>
  );
}

function Pattern(props: { asks: string; initial: string; onList: () => void }): JSX.Element {
  const { asks, initial, onList } = props;
  const pattern = useRef<HTMLTextAreaElement>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined || !pattern.current) return;
    pattern.current.value = await readList(file);
    onList();
  };
  return (
    <>
      <label class="wide">
        Pattern: {asks}
        <textarea ref={pattern} name="pattern" rows={4} required defaultValue={initial} />
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

/** What the form says, as the API takes it. @param except entries of a list that are left out */
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
        ...(fields.length < Object.keys(FIELDS).length && { fields }),
        ...(except.length > 0 && { except }),
      },
    }),
    ...(text('note') !== '' && { note: text('note') }),
    ...(expires !== '' && { expires_at: new Date(expires).toISOString() }),
  };
}
