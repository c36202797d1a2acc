/** Lists the messages to a webhook by state, page by page, with every attempt, and sends them again. */
import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../page/button.tsx';
import { Empty } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';
import { type Action, describe, inSite, Loaded, useAction, useResource } from '../resource.tsx';
import { Time } from '../time.tsx';

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
interface Page {
  readonly items: readonly Delivery[];
  readonly next_cursor: string | null;
}
interface ShownDelivery {
  readonly event: string;
  readonly log: readonly {
    readonly at: string;
    readonly duration_ms: number;
    readonly status: number | null;
    readonly failure: string | null;
  }[];
}

const STATES = ['waiting', 'delivered', 'dead'];
const FIRST: Page = { items: [], next_cursor: null };

interface Pages extends Page {
  readonly loading: boolean;
  readonly problem: string;
  readonly more: () => void;
  /** From the first page on. */
  readonly reload: () => void;
}

/** The pages of a list as they are asked for. An answer that was overtaken by another question is dropped. */
function usePages(path: string): Pages {
  const [page, setPage] = useState<Page>(FIRST);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState('');
  const asked = useRef(0);
  const ask = useCallback(
    (known: Page) => {
      asked.current += 1;
      const number = asked.current;
      const cursor = known.next_cursor === null ? '' : `&cursor=${encodeURIComponent(known.next_cursor)}`;
      setLoading(true);
      call<Page>('GET', path + cursor)
        .then(
          ({ items, next_cursor }) => {
            if (number !== asked.current) return;
            setPage({ items: [...known.items, ...items], next_cursor });
            setProblem('');
          },
          (error: unknown) => number === asked.current && setProblem(describe(error)),
        )
        .finally(() => number === asked.current && setLoading(false));
    },
    [path],
  );
  const reload = useCallback(() => ask(FIRST), [ask]);
  useEffect(reload, [reload]);
  return { ...page, loading, problem, more: () => ask(page), reload };
}

export function WebhookLog({ site, id }: { site: string; id: string }): JSX.Element {
  const { t } = useReader();
  const w = t.webhooks;
  const [state, setState] = useState('');
  const query = state === '' ? '' : `?state=${state}`;
  const pages = usePages(inSite(site, `/v1/webhooks/${id}/deliveries${query}`));
  const [opened, setOpened] = useState('');
  const shown = pages.items.find((one) => one.id === opened);
  const action = useAction();
  const replay = (which: string): void =>
    action.run(async () => {
      await call('POST', inSite(site, `/v1/webhooks/${id}${which}/replay`), {});
      pages.reload();
    });
  return (
    <>
      <p>
        <StateChoice state={state} onChoose={setState} /> <Button onClick={pages.reload}>{t.refresh}</Button>{' '}
        <Button busy={action.busy} onClick={() => replay('')}>
          {w.replayAll}
        </Button>
      </p>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {pages.problem !== '' && <p role="alert">{pages.problem}</p>}
      {pages.loading && <p role="status">{t.loading}</p>}
      <Deliveries items={pages.items} action={action} onReplay={replay} onOpen={setOpened} />
      {pages.next_cursor !== null && (
        <button type="button" disabled={pages.loading} onClick={pages.more}>
          {t.more}
        </button>
      )}
      {shown && (
        // Read anew when the list tells of another attempt.
        <Attempts
          key={`${shown.id} ${shown.attempts}`}
          path={inSite(site, `/v1/webhooks/${id}/deliveries/${shown.id}`)}
        />
      )}
    </>
  );
}

function StateChoice(props: { state: string; onChoose: (state: string) => void }): JSX.Element {
  const w = useReader().t.webhooks;
  return (
    <label>
      {w.state}{' '}
      <select value={props.state} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        <option value="">{w.all}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {w.states[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Deliveries(props: {
  items: readonly Delivery[];
  action: Action;
  onReplay: (which: string) => void;
  onOpen: (id: string) => void;
}): JSX.Element {
  const { items, action, onReplay, onOpen } = props;
  const { t } = useReader();
  const w = t.webhooks;
  return (
    <Table
      caption={w.messages}
      head={[w.created, w.event, w.state, w.attempts, w.lastAnswer, w.next, t.action]}
      rows={items.map((one) => [
        <Time at={one.created_at} />,
        w.eventNames[one.event] ?? one.event,
        w.states[one.state] ?? one.state,
        one.attempts,
        one.last_status ?? one.last_failure ?? '–',
        <Time at={one.next_at} />,
        <>
          <button type="button" onClick={() => onOpen(one.id)}>
            {w.attempts}
          </button>{' '}
          {one.state === 'dead' && (
            <button
              type="button"
              aria-disabled={action.busy}
              onClick={() => onReplay(`/deliveries/${one.id}`)}
            >
              {w.replay}
            </button>
          )}
        </>,
      ])}
      empty={<Empty title={w.noMessages} />}
    />
  );
}

function Attempts({ path }: { path: string }): JSX.Element {
  const { t, format } = useReader();
  const w = t.webhooks;
  const delivery = useResource<ShownDelivery>(path);
  return (
    <Loaded resource={delivery}>
      {({ event, log }) => (
        <Table
          caption={`${w.attempts}: ${w.eventNames[event] ?? event}`}
          head={[w.time, w.took, w.answer, w.failure]}
          rows={log.map((one) => [
            <Time at={one.at} />,
            `${format.number(one.duration_ms)} ms`,
            one.status ?? '–',
            one.failure ?? '–',
          ])}
          empty={<Empty title={w.noAttempts} />}
        />
      )}
    </Loaded>
  );
}
