/** People: invited by a link, disabled at once. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, onForm, useAction, useResource, useSlugs } from './resource.tsx';
import { Table, Time } from './table.tsx';

interface Person {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly role: string;
  readonly joined: boolean;
  readonly disabled_at: string | null;
  readonly last_seen_at: string | null;
}

const ROLES = ['moderator', 'senior', 'admin'];

export function People({ site }: PartProps): JSX.Element {
  const people = useResource<{ items: readonly Person[] }>(inSite(site, '/v1/users'));
  const slugOf = useSlugs();
  const [link, setLink] = useState('');
  const action = useAction();
  const invite = (form: HTMLFormElement): void =>
    action.run(async () => {
      const { name, email, role } = Object.fromEntries(new FormData(form));
      const path = inSite(site, '/v1/users');
      const made = await call<{ invitation: { url: string } }>('POST', path, { name, email, role });
      setLink(made.invitation.url);
      form.reset();
      people.reload();
    });
  const inviteAgain = (id: string): void =>
    action.run(async () => {
      setLink((await call<{ url: string }>('POST', `/v1/users/${id}/invitations`)).url);
    });
  const change = (id: string, to: object): void =>
    action.run(async () => {
      await call('PATCH', `/v1/users/${id}`, to);
      people.reload();
    });
  return (
    <>
      <form class="new" onSubmit={onForm(invite)}>
        <label>
          Name <input name="name" required maxLength={100} />
        </label>
        <label>
          E-mail <input name="email" type="email" required />
        </label>
        <label>
          Role{' '}
          <select name="role">
            {ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
        <button type="submit" aria-disabled={action.busy}>
          Invite
        </button>
      </form>
      {link !== '' && (
        <p role="status">
          The link, good once and shown this once: <code>{link}</code>
        </p>
      )}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={people}>
        {({ items }) => (
          <Table
            caption="People"
            head={['name', 'site', 'role', 'joined', 'last seen', 'action']}
            rows={items.map((person) => [
              <bdi>{person.name}</bdi>,
              slugOf(person.site_id),
              <form
                key={`${person.id} ${person.role}`}
                class="inline"
                onSubmit={onForm((form) => change(person.id, { role: new FormData(form).get('role') }))}
              >
                <select name="role" aria-label={`Role of ${person.name}`}>
                  {ROLES.map((role) => (
                    <option key={role} selected={role === person.role}>
                      {role}
                    </option>
                  ))}
                </select>
                <button
                  type="submit"
                  aria-disabled={action.busy}
                  aria-label={`Set the role of ${person.name}`}
                >
                  Set
                </button>
              </form>,
              person.joined ? 'yes' : 'invited',
              <Time at={person.last_seen_at} />,
              <>
                <button type="button" onClick={() => inviteAgain(person.id)}>
                  New link
                </button>{' '}
                <button
                  type="button"
                  onClick={() => change(person.id, { disabled: person.disabled_at === null })}
                >
                  {person.disabled_at === null ? 'Disable' : 'Enable'}
                </button>
              </>,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
