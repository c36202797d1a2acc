/** A model beside the active one, without effect; where both differ a human decides. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { percent, Table } from './table.tsx';

interface Judged {
  readonly verdict: string;
  readonly spam_probability: number | null;
}
interface Disagreement {
  readonly id: string;
  readonly version: number;
  readonly author_name: string;
  readonly content: string;
  readonly status: string;
  readonly label: string | null;
  readonly active: Judged;
  readonly shadow: Judged;
}
interface ShadowView {
  readonly running: boolean;
  readonly compared: number;
  readonly differing: number;
  readonly labelled: { readonly count: number; readonly active_right: number; readonly shadow_right: number };
  readonly items: readonly Disagreement[];
  readonly next_cursor: string | null;
}

const SHOWN = 20;
const EXCERPT = 200;
/** What the service calls `labelled`. */
const SHOW = [
  ['false', 'those that no human has decided'],
  ['', 'all'],
  ['true', 'those that a human has decided'],
] as const;

export function Shadow({ site, version }: { site: string; version: string }): JSX.Element {
  const [labelled, setLabelled] = useState('false');
  const [cursor, setCursor] = useState('');
  const query = `limit=${SHOWN}${labelled && `&labelled=${labelled}`}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
  const shadow = useResource<ShadowView>(inSite(site, `/v1/models/${version}/shadow?${query}`));
  const action = useAction();
  const send = (method: 'POST' | 'DELETE', path: string, body?: object): void =>
    action.run(async () => {
      await call(method, inSite(site, path), body);
      shadow.reload();
    });
  const path = `/v1/models/${version}/shadow`;
  return (
    <Loaded resource={shadow}>
      {(data) => (
        <>
          <p>
            <button
              type="button"
              aria-disabled={action.busy}
              onClick={() => (data.running ? send('DELETE', path) : send('POST', path, {}))}
            >
              {data.running ? 'Take it out of the shadow' : 'Put it into the shadow'}
            </button>{' '}
            <button type="button" onClick={shadow.reload}>
              Look again
            </button>
          </p>
          {action.problem !== '' && <p role="alert">{action.problem}</p>}
          <Score shadow={data} />
          <label>
            Show{' '}
            <select
              value={labelled}
              onChange={(event) => {
                setCursor('');
                setLabelled(event.currentTarget.value);
              }}
            >
              {SHOW.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <Disagreements
            items={data.items}
            busy={action.busy}
            onDecide={({ id, version: seen }, decision) =>
              send('POST', `/v1/comments/${id}/decisions`, { decision, version: seen })
            }
          />
          {cursor !== '' && (
            <button type="button" onClick={() => setCursor('')}>
              The newest
            </button>
          )}{' '}
          {data.next_cursor !== null && (
            <button type="button" onClick={() => setCursor(data.next_cursor ?? '')}>
              Older ones
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

function Score({ shadow: { running, compared, differing, labelled } }: { shadow: ShadowView }): JSX.Element {
  return (
    <p role="status">
      {running ? 'In the shadow' : 'Not in the shadow'}: {compared} comments compared, {differing} judged
      otherwise; of {labelled.count} that a human has labelled since the active filter was right on{' '}
      {labelled.active_right}, this one on {labelled.shadow_right}.
    </p>
  );
}

function Disagreements(props: {
  items: readonly Disagreement[];
  busy: boolean;
  onDecide: (item: Disagreement, decision: 'approve' | 'spam') => void;
}): JSX.Element {
  const { items, busy, onDecide } = props;
  const excerpt = (item: Disagreement): string => item.content.slice(0, EXCERPT);
  const button = (item: Disagreement, decision: 'approve' | 'spam', text: string): JSX.Element => (
    <button
      type="button"
      aria-disabled={busy}
      aria-label={`${text}: ${excerpt(item).slice(0, 40)}`}
      onClick={() => onDecide(item, decision)}
    >
      {text}
    </button>
  );
  return (
    <Table
      caption="Where the two differ, newest first"
      head={['author', 'comment', 'active', 'this one', 'a human', 'decide']}
      rows={items.map((item) => [
        <bdi>{item.author_name}</bdi>,
        <bdi>{excerpt(item)}</bdi>,
        show(item.active),
        show(item.shadow),
        item.label ?? '–',
        <>
          {item.label !== 'ham' && button(item, 'approve', 'Approve')}{' '}
          {item.label !== 'spam' && button(item, 'spam', 'Spam')}
        </>,
      ])}
    />
  );
}

function show({ verdict, spam_probability: probability }: Judged): string {
  return `${verdict} (${percent(probability)})`;
}
