/** Where the site is told what happens. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, onForm, useAction, useResource } from './resource.tsx';
import { Table } from './table.tsx';
import { WebhookLog } from './webhook-log.tsx';

interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly disabled_why: string | null;
  readonly failures: number;
}
interface TestResult {
  readonly status: number | null;
  readonly failure: string | null;
  readonly duration_ms: number;
}
interface Secret {
  readonly url: string;
  readonly secret: string;
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
  const [secret, setSecret] = useState<Secret | null>(null);
  const made = (shown: Secret): void => {
    setSecret(shown);
    webhooks.reload();
  };
  return (
    <>
      <NewWebhook site={site} onMade={made} />
      {secret !== null && (
        <p role="status">
          The secret of <bdi>{secret.url}</bdi>, shown this once: <code>{secret.secret}</code>
        </p>
      )}
      <Loaded resource={webhooks}>
        {({ items }) => <List site={site} items={items} onChanged={webhooks.reload} onRotated={made} />}
      </Loaded>
      {subject !== '' && <WebhookLog site={site} id={subject} />}
    </>
  );
}

function List(props: {
  site: string;
  items: readonly Webhook[];
  onChanged: () => void;
  onRotated: (secret: Secret) => void;
}): JSX.Element {
  const { site, items, onChanged, onRotated } = props;
  const [tested, setTested] = useState('');
  const action = useAction();
  const send = <T,>(method: string, path: string, body?: object): Promise<T> =>
    call<T>(method, inSite(site, `/v1/webhooks/${path}`), body);
  const change = (method: string, path: string, body?: object): void =>
    action.run(async () => {
      await send(method, path, body);
      onChanged();
    });
  const test = ({ id, url }: Webhook): void =>
    action.run(async () => {
      setTested('');
      setTested(`${url}: ${describeTest(await send<TestResult>('POST', `${id}/test`, {}))}`);
      onChanged();
    });
  const rotate = ({ id }: Webhook): void =>
    action.run(async () => onRotated(await send<Secret>('POST', `${id}/rotate`, {})));
  return (
    <>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {tested !== '' && <p role="status">{tested}</p>}
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
            <button type="button" aria-disabled={action.busy} onClick={() => test(hook)}>
              Test
            </button>{' '}
            <button type="button" onClick={() => change('PATCH', hook.id, { enabled: !hook.enabled })}>
              {hook.enabled ? 'Switch off' : 'Switch on'}
            </button>{' '}
            <button type="button" aria-disabled={action.busy} onClick={() => rotate(hook)}>
              New secret
            </button>{' '}
            <button type="button" onClick={() => change('DELETE', hook.id)}>
              Delete
            </button>
          </>,
        ])}
      />
    </>
  );
}

function describeTest({ status, failure, duration_ms: ms }: TestResult): string {
  const answer = status === null ? (failure ?? '') : `answered ${status}`;
  return `the test message ${failure === null ? 'arrived' : 'did not arrive'}, ${answer} after ${ms} ms`;
}

function NewWebhook({ site, onMade }: { site: string; onMade: (secret: Secret) => void }): JSX.Element {
  const action = useAction();
  const create = (form: HTMLFormElement): void =>
    action.run(async () => {
      const fields = new FormData(form);
      const body = { url: String(fields.get('url') ?? ''), events: fields.getAll('events') };
      const secret = await call<Secret>('POST', inSite(site, '/v1/webhooks'), body);
      form.reset();
      onMade(secret);
    });
  return (
    <form class="new" onSubmit={onForm(create)}>
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
      <button type="submit" aria-disabled={action.busy}>
        Make a webhook
      </button>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
    </form>
  );
}
