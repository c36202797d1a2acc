/** Runs a version next to the active one without effect, and shows where the two differ. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Empty } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, useAction, useResource } from '../resource.tsx';
import { useVerdict } from './verdict.ts';

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
  ['false', 'undecided'],
  ['', 'all'],
  ['true', 'decided'],
] as const;

export function Shadow({ site, version }: { site: string; version: string }): JSX.Element {
  const { t } = useReader();
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
  const turn = (data: ShadowView): void => (data.running ? send('DELETE', path) : send('POST', path, {}));
  return (
    <Loaded resource={shadow}>
      {(data) => (
        <>
          <p>
            <Button busy={action.busy} onClick={() => turn(data)}>
              {data.running ? t.shadow.stop : t.shadow.start}
            </Button>{' '}
            <Button onClick={shadow.reload}>{t.refresh}</Button>
          </p>
          <Failure of={action} />
          <Score shadow={data} />
          <ShowChoice
            chosen={labelled}
            onChoose={(wanted) => {
              setCursor('');
              setLabelled(wanted);
            }}
          />
          <Disagreements
            items={data.items}
            busy={action.busy}
            onDecide={({ id, version: seen }, decision) =>
              send('POST', `/v1/comments/${id}/decisions`, { decision, version: seen })
            }
          />
          {cursor !== '' && <Button onClick={() => setCursor('')}>{t.shadow.newest}</Button>}{' '}
          {data.next_cursor !== null && (
            <Button onClick={() => setCursor(data.next_cursor ?? '')}>{t.shadow.older}</Button>
          )}
        </>
      )}
    </Loaded>
  );
}

function ShowChoice({
  chosen,
  onChoose,
}: {
  chosen: string;
  onChoose: (wanted: string) => void;
}): JSX.Element {
  const { t } = useReader();
  return (
    <label>
      {t.shadow.show}{' '}
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {SHOW.map(([value, text]) => (
          <option key={value} value={value}>
            {t.shadow[text]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Score({ shadow: { running, compared, differing, labelled } }: { shadow: ShadowView }): JSX.Element {
  const { t, format } = useReader();
  const values = {
    compared: format.number(compared),
    differing: format.number(differing),
    count: format.number(labelled.count),
    active: format.number(labelled.active_right),
    shadow: format.number(labelled.shadow_right),
  };
  return (
    <p role="status">
      {running ? t.shadow.running : t.shadow.notRunning} {fill(t.shadow.score, values)}
    </p>
  );
}

function Disagreements(props: {
  items: readonly Disagreement[];
  busy: boolean;
  onDecide: (item: Disagreement, decision: 'approve' | 'spam') => void;
}): JSX.Element {
  const { items, busy, onDecide } = props;
  const { t } = useReader();
  const show = useVerdict();
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
      caption={t.shadow.caption}
      head={[t.author, t.comment, t.shadow.active, t.shadow.thisOne, t.shadow.moderator, t.action]}
      keys={items.map(({ id }) => id)}
      rows={items.map((item) => [
        <bdi>{item.author_name}</bdi>,
        <bdi>{excerpt(item)}</bdi>,
        show(item.active),
        show(item.shadow),
        item.label === null ? '–' : (t.labelNames[item.label] ?? item.label),
        <>
          {item.label !== 'ham' && button(item, 'approve', t.approve)}{' '}
          {item.label !== 'spam' && button(item, 'spam', t.markSpam)}
        </>,
      ])}
      empty={<Empty title={t.shadow.none} />}
    />
  );
}
