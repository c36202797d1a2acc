/** The sites that one may see: made, named, chosen, deleted. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { Loaded, onForm, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

interface Site {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly active_model: string | null;
  readonly created_at: string;
}

export function Sites({ site, onSite, onSitesChanged }: PartProps): JSX.Element {
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  const reload = (): void => {
    sites.reload();
    onSitesChanged();
  };
  return (
    <>
      <NewSite onMade={reload} />
      <Loaded resource={sites}>
        {({ items }) => (
          <Table
            caption="Sites, oldest first"
            head={['site', 'name and address', 'filter', 'made', 'action']}
            rows={items.map((one) => [
              one.slug === site ? (
                <b>{one.slug}</b>
              ) : (
                <button type="button" aria-label={`Go to ${one.slug}`} onClick={() => onSite(one.slug)}>
                  {one.slug}
                </button>
              ),
              <Rename key={`${one.id} ${one.name}`} site={one} onDone={reload} />,
              one.active_model ?? 'starter',
              <Time at={one.created_at} />,
              <Delete site={one} onDone={reload} />,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}

function NewSite({ onMade }: { onMade: () => void }): JSX.Element {
  const action = useAction();
  const create = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const text = (name: string): string => String(fields.get(name) ?? '').trim();
      const url = text('url');
      await call('POST', '/v1/sites', { slug: text('slug'), name: text('name'), ...(url !== '' && { url }) });
      form.reset();
      onMade();
    });
  return (
    <form class="new" onSubmit={onForm(create)}>
      <label>
        Short name (lower-case letters, digits, hyphens){' '}
        <input name="slug" required pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?" />
      </label>
      <label>
        Name <input name="name" required maxLength={200} />
      </label>
      <label>
        Address <input name="url" type="url" />
      </label>
      <button type="submit" aria-disabled={action.busy}>
        Make a site
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}

function Rename({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const action = useAction();
  const save = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const url = String(fields.get('url') ?? '').trim();
      const name = String(fields.get('name') ?? '').trim();
      await call('PATCH', `/v1/sites/${site.id}`, { name, url: url === '' ? null : url });
      onDone();
    });
  return (
    <form class="inline" onSubmit={onForm(save)}>
      <input
        name="name"
        aria-label={`Name of ${site.slug}`}
        required
        maxLength={200}
        defaultValue={site.name}
      />
      <input name="url" type="url" aria-label={`Address of ${site.slug}`} defaultValue={site.url ?? ''} />
      <button type="submit" aria-disabled={action.busy} aria-label={`Save ${site.slug}`}>
        Save
      </button>
      {action.problem !== '' && <span role="alert">{action.problem}</span>}
    </form>
  );
}

/** Everything of the site goes with it: its name has to be typed. */
function Delete({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const [typed, setTyped] = useState('');
  const action = useAction();
  const remove = (): void =>
    action.run(async () => {
      await call('DELETE', `/v1/sites/${site.id}`);
      onDone();
    });
  return (
    <details>
      <summary aria-label={`Delete ${site.slug} …`}>Delete …</summary>
      <label class="inline">
        All comments, labels, filters and keys of it go, too. Type {site.slug} to delete it:
        <input value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={action.busy || typed !== site.slug} onClick={remove}>
        Delete it for good
      </button>
      {action.problem !== '' && <span role="alert">{action.problem}</span>}
    </details>
  );
}
