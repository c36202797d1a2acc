/** A site's settings, each with what it means: names and meanings come from the API's own description. */
import type { JSX } from 'preact';
import { call } from '../service.ts';
import type { PartProps } from './page.tsx';
import { Loaded, useAction, useResource } from './resource.tsx';

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
}

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
  const save = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const settings = Object.fromEntries(
        Object.entries(site.settings)
          .map(([name, before]) => [name, before, readValue(fields.get(name), before)] as const)
          .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
          .map(([name, , after]) => [name, after]),
      );
      await call('PATCH', `/v1/sites/${site.id}`, { settings });
      onSaved();
    });
  return (
    <form
      class="settings"
      onSubmit={(event) => {
        event.preventDefault();
        save(event.currentTarget);
      }}
    >
      {Object.entries(site.settings).map(([name, value]) => (
        <div key={name}>
          <label for={`setting-${name}`}>{name}</label>
          <Field name={name} value={value} />
          <p id={`about-${name}`}>{described[name]?.description}</p>
        </div>
      ))}
      <button type="submit" disabled={action.busy}>
        Save
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}

function Field({ name, value }: { name: string; value: Value }): JSX.Element {
  const common = { id: `setting-${name}`, name, 'aria-describedby': `about-${name}` };
  if (typeof value === 'boolean') return <input {...common} type="checkbox" defaultChecked={value} />;
  if (typeof value === 'number')
    return <input {...common} type="number" step="any" defaultValue={String(value)} />;
  if (typeof value === 'object' && value !== null)
    return <textarea {...common} rows={Math.min(10, value.length + 1)} defaultValue={value.join('\n')} />;
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
