/** Keys of the API: made, shown once, revoked. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { Loaded, onForm, useAction, useResource, useSlugs } from './resource.tsx';
import { Ends, Table, Time } from './table.tsx';

interface Key {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

const SCOPES = ['submit', 'read', 'moderate', 'train', 'akismet'];

export function Keys({ site }: PartProps): JSX.Element {
  const keys = useResource<{ items: readonly Key[] }>('/v1/keys');
  const slugOf = useSlugs();
  const [shown, setShown] = useState('');
  const action = useAction();
  const create = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const origins = String(fields.get('allowed_origins') ?? '')
        .split(/\s+/)
        .filter((origin) => origin !== '');
      const { key } = await call<{ key: string }>('POST', '/v1/keys', {
        site,
        name: String(fields.get('name') ?? ''),
        scopes: fields.getAll('scopes'),
        allowed_origins: origins,
      });
      setShown(key);
      form.reset();
      keys.reload();
    });
  const revoke = (id: string): void =>
    action.run(async () => {
      await call('DELETE', `/v1/keys/${id}`);
      keys.reload();
    });
  return (
    <>
      <form class="new" onSubmit={onForm(create)}>
        <label>
          Name <input name="name" required maxLength={200} />
        </label>
        <fieldset>
          <legend>May</legend>
          {SCOPES.map((scope) => (
            <label key={scope}>
              <input type="checkbox" name="scopes" value={scope} /> {scope}
            </label>
          ))}
        </fieldset>
        <label class="wide">
          Origins of pages that use it, for a public key{' '}
          <input name="allowed_origins" placeholder="https://news.example" />
        </label>
        <button type="submit" aria-disabled={action.busy}>
          Make a key
        </button>
      </form>
      {shown !== '' && (
        <p role="status">
          The key, shown this once: <code>{shown}</code>
        </p>
      )}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={keys}>
        {({ items }) => (
          <Table
            caption="Keys"
            head={['name', 'site', 'may', 'origins', 'made', 'ends', 'last used', 'action']}
            rows={items.map((key) => [
              <bdi>{key.name}</bdi>,
              slugOf(key.site_id),
              key.scopes.join(', '),
              key.allowed_origins.join(', '),
              <Time at={key.created_at} />,
              <Ends at={key.expires_at} never="never" />,
              <Time at={key.last_used_at} />,
              key.revoked_at === null ? (
                <button type="button" aria-disabled={action.busy} onClick={() => revoke(key.id)}>
                  Revoke
                </button>
              ) : (
                'revoked'
              ),
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
