/** Where the site is told what happens, and what became of the messages. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../service.ts';
import type { PartProps } from './page.tsx';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly disabled_why: string | null;
  readonly failures: number;
}
interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly state: string;
  readonly attempts: number;
  readonly created_at: string;
  readonly next_at: string | null;
  readonly last_status: number | null;
  readonly last_failure: string | null;
}

const EVENTS = [
  'comment.received',
  'comment.held',
  'comment.approved',
  'comment.rejected',
  'comment.verdict_changed',
  'model.activated',
  'queue.overdue',
];

export function Webhooks({ site, subject }: PartProps): JSX.Element {
  const webhooks = useResource<{ items: readonly Webhook[] }>(inSite(site, '/v1/webhooks'));
  const action = useAction();
  const send = (method: string, path: string, body?: object): void =>
    action.run(async () => {
      await call(method, inSite(site, path), body);
      webhooks.reload();
    });
  return (
    <>
      <NewWebhook site={site} onMade={webhooks.reload} />
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={webhooks}>
        {({ items }) => (
          <Table
            caption="Webhooks"
            head={['address', 'events', 'state', 'action']}
            rows={items.map((hook) => [
              <a href={`#webhooks/${hook.id}`}>
                <bdi>{hook.url}</bdi>
              </a>,
              hook.events.join(', '),
              hook.enabled ? `${hook.failures} failures in a row` : `off: ${hook.disabled_why ?? ''}`,
              <>
                <button type="button" onClick={() => send('POST', `/v1/webhooks/${hook.id}/test`, {})}>
                  Test
                </button>{' '}
                <button
                  type="button"
                  onClick={() => send('PATCH', `/v1/webhooks/${hook.id}`, { enabled: !hook.enabled })}
                >
                  {hook.enabled ? 'Switch off' : 'Switch on'}
                </button>{' '}
                <button type="button" onClick={() => send('DELETE', `/v1/webhooks/${hook.id}`)}>
                  Delete
                </button>
              </>,
            ])}
          />
        )}
      </Loaded>
      {subject !== '' && <Deliveries site={site} id={subject} />}
    </>
  );
}

function NewWebhook({ site, onMade }: { site: string; onMade: () => void }): JSX.Element {
  const [secret, setSecret] = useState('');
  const action = useAction();
  const create = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const body = { url: String(fields.get('url') ?? ''), events: fields.getAll('events') };
      setSecret((await call<{ secret: string }>('POST', inSite(site, '/v1/webhooks'), body)).secret);
      form.reset();
      onMade();
    });
  return (
    <form
      class="new"
      onSubmit={(event) => {
        event.preventDefault();
        create(event.currentTarget);
      }}
    >
      <label class="wide">
        Address <input name="url" type="url" required />
      </label>
      <fieldset>
        <legend>Told of</legend>
        {EVENTS.map((event) => (
          <label key={event}>
            <input type="checkbox" name="events" value={event} /> {event}
          </label>
        ))}
      </fieldset>
      <button type="submit" disabled={action.busy}>
        Make a webhook
      </button>
      {secret !== '' && (
        <p role="status">
          The secret, shown this once: <code>{secret}</code>
        </p>
      )}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}

function Deliveries({ site, id }: { site: string; id: string }): JSX.Element {
  const path = inSite(site, `/v1/webhooks/${id}/deliveries`);
  const deliveries = useResource<{ items: readonly Delivery[] }>(path);
  const action = useAction();
  const replay = (which: string): void =>
    action.run(async () => {
      await call('POST', inSite(site, `/v1/webhooks/${id}${which}/replay`), {});
      deliveries.reload();
    });
  return (
    <>
      <button type="button" disabled={action.busy} onClick={() => replay('')}>
        Send all dead messages again
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={deliveries}>
        {({ items }) => (
          <Table
            caption="Messages, newest first"
            head={['made', 'event', 'state', 'attempts', 'last answer', 'next', 'action']}
            rows={items.map((one) => [
              <Time at={one.created_at} />,
              one.event,
              one.state,
              one.attempts,
              one.last_status ?? one.last_failure ?? '–',
              <Time at={one.next_at} />,
              one.state === 'dead' && (
                <button type="button" onClick={() => replay(`/deliveries/${one.id}`)}>
                  Send again
                </button>
              ),
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
