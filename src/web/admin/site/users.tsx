/** Invites users by a link, changes their roles and disables them, with time to undo. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Copied } from '../../page/copy.tsx';
import { Field } from '../../page/field.tsx';
import { Empty } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useToast } from '../../page/toast.tsx';
import { useSites } from '../names.ts';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { type Action, Failure, inSite, Loaded, onForm, useAction, useResource } from '../resource.tsx';
import { Time } from '../time.tsx';

interface User {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly role: Role;
  readonly joined: boolean;
  readonly disabled_at: string | null;
  readonly last_seen_at: string | null;
}
type Role = 'moderator' | 'senior' | 'admin';

const ROLES: readonly Role[] = ['moderator', 'senior', 'admin'];

export function People({ site }: PartProps): JSX.Element {
  const { t } = useReader();
  const users = useResource<{ items: readonly User[] }>(inSite(site, '/v1/users'));
  const [link, setLink] = useState('');
  const action = useAction();
  return (
    <>
      <p class="hint">{t.users.about}</p>
      <Invite
        site={site}
        onInvited={(url) => {
          setLink(url);
          users.reload();
        }}
      />
      {link !== '' && <Copied title={t.users.link} text={link} copy={t.copy} copied={t.copied} />}
      <Failure of={action} />
      <Loaded resource={users}>
        {({ items }) => (
          <UserTable site={site} items={items} action={action} onLink={setLink} onChanged={users.reload} />
        )}
      </Loaded>
    </>
  );
}

function Invite({ site, onInvited }: { site: string; onInvited: (url: string) => void }): JSX.Element {
  const { t } = useReader();
  const action = useAction();
  const invite = (form: HTMLFormElement): void =>
    action.run(async () => {
      const { name, email, role } = Object.fromEntries(new FormData(form));
      const body = { name, email, role };
      const made = await call<{ invitation: { url: string } }>('POST', inSite(site, '/v1/users'), body);
      form.reset();
      onInvited(made.invitation.url);
    });
  return (
    <form class="new" onSubmit={onForm(invite)}>
      <Field label={t.users.name}>
        {(control) => <input {...control} name="name" required maxLength={100} />}
      </Field>
      <Field label={t.users.email}>
        {(control) => <input {...control} name="email" type="email" required />}
      </Field>
      <Field label={t.users.role}>
        {(control) => (
          <select {...control} name="role">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t.users.roles[role]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Button kind="primary" type="submit" busy={action.busy}>
        {t.users.invite}
      </Button>
      <Failure of={action} />
    </form>
  );
}

function UserTable(props: {
  site: string;
  items: readonly User[];
  action: Action;
  onLink: (url: string) => void;
  onChanged: () => void;
}): JSX.Element {
  const { action, onLink, onChanged } = props;
  const { t } = useReader();
  const u = t.users;
  const sites = useSites();
  const items = props.items.filter(({ site_id: siteId }) => sites.concerns(siteId, props.site));
  const tell = useToast();
  const put = async (id: string, to: object): Promise<void> => {
    await call('PATCH', `/v1/users/${id}`, to);
    onChanged();
  };
  /** Changes at once, and offers the way back. */
  const change = (user: User, text: string, to: object, back: object): void =>
    action.run(async () => {
      await put(user.id, to);
      tell({ text: fill(text, { name: user.name }), undo: () => put(user.id, back) });
    });
  const newLink = (id: string): void =>
    action.run(async () => onLink((await call<{ url: string }>('POST', `/v1/users/${id}/invitations`)).url));
  const setRole = (user: User, role: FormDataEntryValue | null): void => {
    if (role !== user.role) change(user, u.roleChanged, { role }, { role: user.role });
  };
  return (
    <Table
      caption={u.caption}
      head={[u.name, t.site, u.role, u.state, u.lastSeen, t.action]}
      keys={items.map(({ id }) => id)}
      rows={items.map((user) => [
        <bdi>{user.name}</bdi>,
        <bdi>{sites.nameOf(user.site_id)}</bdi>,
        <RoleForm key={`${user.id} ${user.role}`} user={user} busy={action.busy} onSet={setRole} />,
        <State user={user} />,
        <Time at={user.last_seen_at} />,
        <UserActions user={user} onNewLink={newLink} onChange={change} />,
      ])}
      empty={<Empty title={u.none} />}
    />
  );
}

function UserActions(props: {
  user: User;
  onNewLink: (id: string) => void;
  onChange: (user: User, text: string, to: object, back: object) => void;
}): JSX.Element {
  const { user, onNewLink, onChange } = props;
  const u = useReader().t.users;
  return (
    <div class="row">
      <Button label={`${u.newLink}: ${user.name}`} onClick={() => onNewLink(user.id)}>
        {u.newLink}
      </Button>
      {user.disabled_at === null ? (
        <Button
          label={`${u.disable}: ${user.name}`}
          onClick={() => onChange(user, u.disabledNow, { disabled: true }, { disabled: false })}
        >
          {u.disable}
        </Button>
      ) : (
        <Button
          label={`${u.enable}: ${user.name}`}
          onClick={() => onChange(user, u.enabledNow, { disabled: false }, { disabled: true })}
        >
          {u.enable}
        </Button>
      )}
    </div>
  );
}

function State({ user }: { user: User }): JSX.Element {
  const { t } = useReader();
  if (user.disabled_at !== null) return <Badge tone="bad">{t.users.disabled}</Badge>;
  return user.joined ? <Badge tone="good">{t.users.active}</Badge> : <Badge>{t.users.invited}</Badge>;
}

function RoleForm(props: {
  user: User;
  busy: boolean;
  onSet: (user: User, role: FormDataEntryValue | null) => void;
}): JSX.Element {
  const { user, busy, onSet } = props;
  const { t } = useReader();
  return (
    <form class="row" onSubmit={onForm((form) => onSet(user, new FormData(form).get('role')))}>
      <select name="role" aria-label={fill(t.users.roleOf, { name: user.name })}>
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === user.role}>
            {t.users.roles[role]}
          </option>
        ))}
      </select>
      <Button type="submit" busy={busy} label={fill(t.users.setRoleOf, { name: user.name })}>
        {t.save}
      </Button>
    </form>
  );
}
