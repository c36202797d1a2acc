/** Creates, names, chooses and deletes the sites that the user may see. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Field } from '../../page/field.tsx';
import { Empty } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useToast } from '../../page/toast.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, Loaded, onForm, useAction, useResource } from '../resource.tsx';
import { Time } from '../time.tsx';

interface Site {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly active_model: string | null;
  readonly created_at: string;
}

export function Sites({ site, onSite, onSitesChanged }: PartProps): JSX.Element {
  const { t } = useReader();
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  const reload = (): void => {
    sites.reload();
    onSitesChanged();
  };
  return (
    <>
      <p class="hint">{t.sites.about}</p>
      <NewSite onMade={reload} />
      <Loaded resource={sites}>
        {({ items }) => (
          <Table
            caption={t.sites.caption}
            head={[t.site, t.sites.nameAndAddress, t.sites.filter, t.sites.created, t.action]}
            keys={items.map(({ id }) => id)}
            rows={items.map((one) => [
              one.slug === site ? (
                <>
                  <b>{one.slug}</b> <Badge tone="good">{t.sites.chosen}</Badge>
                </>
              ) : (
                <Button label={fill(t.sites.goTo, { site: one.slug })} onClick={() => onSite(one.slug)}>
                  {one.slug}
                </Button>
              ),
              <Rename key={`${one.id} ${one.name} ${one.url}`} site={one} onDone={reload} />,
              one.active_model ?? t.sites.starter,
              <Time at={one.created_at} />,
              <Delete site={one} onDone={reload} />,
            ])}
            empty={<Empty title={t.sites.none} />}
          />
        )}
      </Loaded>
    </>
  );
}

function NewSite({ onMade }: { onMade: () => void }): JSX.Element {
  const { t } = useReader();
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
      <Field label={t.sites.slug} hint={t.sites.slugHint}>
        {(control) => (
          <input {...control} name="slug" required pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?" />
        )}
      </Field>
      <Field label={t.sites.name}>
        {(control) => <input {...control} name="name" required maxLength={200} />}
      </Field>
      <Field label={t.sites.address}>{(control) => <input {...control} name="url" type="url" />}</Field>
      <Button kind="primary" type="submit" busy={action.busy}>
        {t.sites.create}
      </Button>
      <Failure of={action} />
    </form>
  );
}

function Rename({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const { t } = useReader();
  const tell = useToast();
  const action = useAction();
  const put = async (to: object): Promise<void> => {
    await call('PATCH', `/v1/sites/${site.id}`, to);
    onDone();
  };
  const save = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const url = String(fields.get('url') ?? '').trim();
      const name = String(fields.get('name') ?? '').trim();
      await put({ name, url: url === '' ? null : url });
      tell({
        text: fill(t.sites.changed, { site: site.slug }),
        undo: () => put({ name: site.name, url: site.url }),
      });
    });
  return (
    <form class="row" onSubmit={onForm(save)}>
      <input
        name="name"
        aria-label={fill(t.sites.nameOf, { site: site.slug })}
        required
        maxLength={200}
        defaultValue={site.name}
      />
      <input
        name="url"
        type="url"
        aria-label={fill(t.sites.addressOf, { site: site.slug })}
        defaultValue={site.url ?? ''}
      />
      <Button type="submit" busy={action.busy} label={`${t.save}: ${site.slug}`}>
        {t.save}
      </Button>
      <Failure of={action} />
    </form>
  );
}

/** Everything of the site is deleted with it: its short name has to be typed. */
function Delete({ site, onDone }: { site: Site; onDone: () => void }): JSX.Element {
  const { t } = useReader();
  const [typed, setTyped] = useState('');
  const action = useAction();
  const remove = (): void =>
    action.run(async () => {
      await call('DELETE', `/v1/sites/${site.id}`);
      onDone();
    });
  return (
    <details>
      <summary aria-label={`${t.delete} ${site.slug} …`}>{t.delete} …</summary>
      <Field label={fill(t.sites.deleteAbout, { site: site.slug })}>
        {(control) => (
          <input {...control} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        )}
      </Field>
      <button type="button" class="danger" disabled={action.busy || typed !== site.slug} onClick={remove}>
        {t.sites.deletePermanently}
      </button>
      <Failure of={action} />
    </details>
  );
}
