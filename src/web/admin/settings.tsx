/** A site's settings, each with what it means: names and meanings come from the API's own description. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { Loaded, onForm, useAction, useResource } from './resource.tsx';

type Value = boolean | number | string | null | readonly string[];
interface Site {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, Value>>;
}
interface OpenApi {
  readonly paths: Readonly<
    Record<string, { patch?: { requestBody?: { content: Readonly<Record<string, Body>> } } }>
  >;
}
interface Body {
  readonly schema: {
    readonly properties?: {
      readonly settings?: { readonly properties?: Readonly<Record<string, Described>> };
    };
  };
}
interface Described {
  readonly description?: string;
  /** All that it may be. */
  readonly enum?: readonly string[];
}

/** Lists that block comments are rules, and a rule is tried before it is saved: here they are only shown. */
const TRIED_FIRST: ReadonlySet<string> = new Set(['banned_words', 'suspect_words']);

const SHOWN_WORDS = 100;

export function Settings({ site }: PartProps): JSX.Element {
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  const api = useResource<OpenApi>('/openapi.json');
  return (
    <Loaded resource={sites}>
      {({ items }) => {
        const found = items.find(({ slug }) => slug === site);
        if (!found) return <p>There is no such site.</p>;
        const body = api.data?.paths['/v1/sites/{id}']?.patch?.requestBody?.content['application/json'];
        const described = body?.schema.properties?.settings?.properties ?? {};
        return <Form site={found} described={described} onSaved={sites.reload} />;
      }}
    </Loaded>
  );
}

function Form(props: {
  site: Site;
  described: Readonly<Record<string, Described>>;
  onSaved: () => void;
}): JSX.Element {
  const { site, described, onSaved } = props;
  const action = useAction();
  const [saved, setSaved] = useState(false);
  const save = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const settings = Object.fromEntries(
        Object.entries(site.settings)
          .filter(([name]) => !TRIED_FIRST.has(name))
          .map(([name, before]) => [name, before, readValue(fields.get(name), before)] as const)
          .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
          .map(([name, , after]) => [name, after]),
      );
      await call('PATCH', `/v1/sites/${site.id}`, { settings });
      setSaved(true);
      onSaved();
    });
  return (
    <form class="settings" onSubmit={onForm(save)} onInput={() => setSaved(false)}>
      {Object.entries(site.settings).map(([name, value]) => (
        <div key={name}>
          {TRIED_FIRST.has(name) ? (
            <Words name={name} value={value} />
          ) : (
            <>
              <label for={`setting-${name}`}>{name}</label>
              <Field name={name} value={value} choices={described[name]?.enum} />
            </>
          )}
          <p id={`about-${name}`}>{described[name]?.description}</p>
        </div>
      ))}
      <button type="submit" aria-disabled={action.busy}>
        Save
      </button>
      <p role="status">{saved && 'Saved.'}</p>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}

function Words({ name, value }: { name: string; value: Value }): JSX.Element {
  const words = typeof value === 'object' && value !== null ? value : [];
  return (
    <>
      <b>{name}</b>
      {words.length === 0 ? (
        <p>
          None. New words are <a href="#rules">rules</a>: what they hit is shown before they are saved.
        </p>
      ) : (
        <>
          <p>
            <bdi>{words.slice(0, SHOWN_WORDS).join(', ')}</bdi>
            {words.length > SHOWN_WORDS && ` … ${words.length} in all`}
          </p>
          <p>
            To change them, <a href={`#rules/${name}`}>make {name} a rule</a>: what it hits is shown before it
            is saved.
          </p>
        </>
      )}
    </>
  );
}

function Field(props: { name: string; value: Value; choices: readonly string[] | undefined }): JSX.Element {
  const { name, value, choices } = props;
  const common = { id: `setting-${name}`, name, 'aria-describedby': `about-${name}` };
  if (typeof value === 'boolean') return <input {...common} type="checkbox" defaultChecked={value} />;
  if (typeof value === 'number')
    return <input {...common} type="number" step="any" defaultValue={String(value)} />;
  if (typeof value === 'object' && value !== null)
    return <textarea {...common} rows={Math.min(10, value.length + 1)} defaultValue={value.join('\n')} />;
  if (choices !== undefined)
    return (
      <select {...common}>
        {choices.map((choice) => (
          <option key={choice} selected={choice === value}>
            {choice}
          </option>
        ))}
      </select>
    );
  return <input {...common} defaultValue={value ?? ''} />;
}

/** What the field says, in the type that the setting had; an empty one is null where it was, or may be. */
function readValue(field: FormDataEntryValue | null, before: Value): Value {
  const text = typeof field === 'string' ? field.trim() : '';
  if (typeof before === 'boolean') return field !== null;
  if (typeof before === 'number') return text === '' ? null : Number(text);
  if (typeof before === 'object' && before !== null) return text === '' ? [] : text.split(/\s*\n\s*/);
  if (text === '') return null;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
