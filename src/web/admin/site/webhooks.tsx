/** Creates, tests and ends webhooks. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Copied } from '../../page/copy.tsx';
import { Field } from '../../page/field.tsx';
import { Empty } from '../../page/lead.tsx';
import { useQuestion } from '../../page/question.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useToast } from '../../page/toast.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, onForm, useAction, useResource } from '../resource.tsx';
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
  const { t } = useReader();
  const webhooks = useResource<{ items: readonly Webhook[] }>(inSite(site, '/v1/webhooks'));
  const [secret, setSecret] = useState<Secret | null>(null);
  const made = (shown: Secret): void => {
    setSecret(shown);
    webhooks.reload();
  };
  return (
    <>
      <p class="hint">{t.webhooks.about}</p>
      <NewWebhook site={site} onMade={made} />
      {secret !== null && (
        <Copied
          title={fill(t.webhooks.secretOnce, { url: secret.url })}
          text={secret.secret}
          copy={t.copy}
          copied={t.copied}
        />
      )}
      <Loaded resource={webhooks}>
        {({ items }) => <List site={site} items={items} onChanged={webhooks.reload} onRotated={made} />}
      </Loaded>
      {subject !== '' && <WebhookLog site={site} id={subject} />}
    </>
  );
}

interface ListProps {
  readonly site: string;
  readonly items: readonly Webhook[];
  readonly onChanged: () => void;
  readonly onRotated: (secret: Secret) => void;
}

function List(props: ListProps): JSX.Element {
  const { t } = useReader();
  const w = t.webhooks;
  const { action, tested, test, toggle, rotate, remove } = useWebhookActs(props);
  return (
    <>
      <Failure of={action} />
      {tested !== '' && <p role="status">{tested}</p>}
      <Table
        caption={w.caption}
        head={[w.address, w.events, w.state, t.action]}
        keys={props.items.map(({ id }) => id)}
        rows={props.items.map((hook) => [
          <a href={`#webhooks/${hook.id}`}>
            <bdi>{hook.url}</bdi>
          </a>,
          hook.events.map((event) => w.eventNames[event] ?? event).join(', '),
          <State hook={hook} />,
          <div class="row">
            <Button busy={action.busy} label={`${w.test}: ${hook.url}`} onClick={() => test(hook)}>
              {w.test}
            </Button>
            <Button label={`${hook.enabled ? w.off : w.on}: ${hook.url}`} onClick={() => toggle(hook)}>
              {hook.enabled ? w.off : w.on}
            </Button>
            <Button busy={action.busy} label={`${w.newSecret}: ${hook.url}`} onClick={() => rotate(hook)}>
              {w.newSecret} …
            </Button>
            <Button kind="danger" label={`${t.delete}: ${hook.url}`} onClick={() => remove(hook)}>
              {t.delete} …
            </Button>
          </div>,
        ])}
        empty={<Empty title={w.none} />}
      />
    </>
  );
}

function State({ hook }: { hook: Webhook }): JSX.Element {
  const { t, format } = useReader();
  if (!hook.enabled)
    return <Badge tone="bad">{fill(t.webhooks.isOff, { why: hook.disabled_why ?? '' })}</Badge>;
  if (hook.failures === 0) return <Badge tone="good">{t.webhooks.works}</Badge>;
  return <Badge tone="warn">{format.count(t.webhooks.failures, hook.failures)}</Badge>;
}

/** A new secret and a deletion cannot be undone, so they ask; the rest can be switched back. */
function useWebhookActs({ site, onChanged, onRotated }: ListProps) {
  const { t, format } = useReader();
  const w = t.webhooks;
  const ask = useQuestion();
  const tell = useToast();
  const [tested, setTested] = useState('');
  const action = useAction();
  const send = <T,>(method: string, path: string, body?: object): Promise<T> =>
    call<T>(method, inSite(site, `/v1/webhooks/${path}`), body);
  const put = async (id: string, enabled: boolean): Promise<void> => {
    await send('PATCH', id, { enabled });
    onChanged();
  };
  const describeTest = ({ status, failure, duration_ms: ms }: TestResult): string =>
    fill(failure === null ? w.arrived : w.notArrived, {
      answer: status === null ? (failure ?? '') : fill(w.answered, { status }),
      time: format.number(ms),
    });
  return {
    action,
    tested,
    test: ({ id, url }: Webhook): void =>
      action.run(async () => {
        setTested('');
        setTested(`${url}: ${describeTest(await send<TestResult>('POST', `${id}/test`, {}))}`);
        onChanged();
      }),
    toggle: ({ id, url, enabled }: Webhook): void =>
      action.run(async () => {
        await put(id, !enabled);
        tell({ text: fill(enabled ? w.offNow : w.onNow, { url }), undo: () => put(id, enabled) });
      }),
    rotate: ({ id, url }: Webhook): void =>
      action.run(async () => {
        const question = { title: fill(w.rotateTitle, { url }), consequence: <p>{w.rotateAbout}</p> };
        if (!(await ask({ ...question, confirm: w.newSecret }))) return;
        onRotated(await send<Secret>('POST', `${id}/rotate`, {}));
      }),
    remove: ({ id, url }: Webhook): void =>
      action.run(async () => {
        const question = { title: fill(w.deleteTitle, { url }), consequence: <p>{w.deleteAbout}</p> };
        if (!(await ask({ ...question, confirm: t.delete }))) return;
        await send('DELETE', id);
        onChanged();
      }),
  };
}

function NewWebhook({ site, onMade }: { site: string; onMade: (secret: Secret) => void }): JSX.Element {
  const { t } = useReader();
  const w = t.webhooks;
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
      <Field label={w.address} wide>
        {(control) => <input {...control} name="url" type="url" required placeholder="https://" />}
      </Field>
      <fieldset>
        <legend>{w.events}</legend>
        {EVENTS.map((event) => (
          <label key={event}>
            <input type="checkbox" name="events" value={event} /> {w.eventNames[event]}
          </label>
        ))}
      </fieldset>
      <Button kind="primary" type="submit" busy={action.busy}>
        {w.create}
      </Button>
      <Failure of={action} />
    </form>
  );
}
