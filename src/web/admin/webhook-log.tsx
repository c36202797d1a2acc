/** What became of the messages to a webhook: by state, page by page, with every attempt, and sent again. */
import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { type Action, describe, inSite, Loaded, useAction, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

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
        <label>
          State{' '}
          <select value={state} onChange={(event) => setState(event.currentTarget.value)}>
            <option value="">all</option>
            {STATES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>{' '}
        <button type="button" onClick={pages.reload}>
          Look again
        </button>{' '}
        <button type="button" aria-disabled={action.busy} onClick={() => replay('')}>
          Send all dead messages again
        </button>
      </p>
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      {pages.problem !== '' && <p role="alert">{pages.problem}</p>}
      {pages.loading && <p role="status">Loading …</p>}
      <Deliveries items={pages.items} action={action} onReplay={replay} onOpen={setOpened} />
      {pages.next_cursor !== null && (
        <button type="button" disabled={pages.loading} onClick={pages.more}>
          More
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

function Deliveries(props: {
  items: readonly Delivery[];
  action: Action;
  onReplay: (which: string) => void;
  onOpen: (id: string) => void;
}): JSX.Element {
  const { items, action, onReplay, onOpen } = props;
  return (
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
        <>
          <button type="button" onClick={() => onOpen(one.id)}>
            Attempts
          </button>{' '}
          {one.state === 'dead' && (
            <button
              type="button"
              aria-disabled={action.busy}
              onClick={() => onReplay(`/deliveries/${one.id}`)}
            >
              Send again
            </button>
          )}
        </>,
      ])}
    />
  );
}

function Attempts({ path }: { path: string }): JSX.Element {
  const delivery = useResource<ShownDelivery>(path);
  return (
    <Loaded resource={delivery}>
      {({ event, log }) => (
        <Table
          caption={`Attempts of ${event}, oldest first`}
          head={['at', 'took', 'answer', 'failure']}
          rows={log.map((one) => [
            <Time at={one.at} />,
            `${one.duration_ms} ms`,
            one.status ?? '–',
            one.failure ?? '–',
          ])}
        />
      )}
    </Loaded>
  );
}
