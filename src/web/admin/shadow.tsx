/** A candidate beside the active filter on live traffic, without effect: what it would have said otherwise. */
import type { JSX } from 'preact';
import { call } from '../service.ts';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { percent, Table } from './table.tsx';

interface Judged {
  readonly verdict: string;
  readonly spam_probability: number | null;
}
interface ShadowView {
  readonly running: boolean;
  readonly compared: number;
  readonly differing: number;
  readonly labelled: { readonly count: number; readonly active_right: number; readonly shadow_right: number };
  readonly items: readonly {
    readonly id: string;
    readonly author_name: string;
    readonly content: string;
    readonly label: string | null;
    readonly active: Judged;
    readonly shadow: Judged;
  }[];
}

const SHOWN = 20;
const EXCERPT = 200;

export function Shadow({ site, version }: { site: string; version: string }): JSX.Element {
  const path = inSite(site, `/v1/models/${version}/shadow?limit=${SHOWN}`);
  const shadow = useResource<ShadowView>(path);
  const action = useAction();
  const send = (method: 'POST' | 'DELETE'): void =>
    action.run(async () => {
      await call(method, inSite(site, `/v1/models/${version}/shadow`), method === 'POST' ? {} : undefined);
      shadow.reload();
    });
  return (
    <Loaded resource={shadow}>
      {({ running, compared, differing, labelled, items }) => (
        <>
          <p>
            <button type="button" disabled={action.busy} onClick={() => send(running ? 'DELETE' : 'POST')}>
              {running ? 'Take it out of the shadow' : 'Put it into the shadow'}
            </button>{' '}
            <button type="button" onClick={shadow.reload}>
              Look again
            </button>
          </p>
          {action.problem !== '' && <p role="alert">{action.problem}</p>}
          <p role="status">
            {running ? 'In the shadow' : 'Not in the shadow'}: {compared} comments compared, {differing}{' '}
            judged otherwise; of {labelled.count} that a human has labelled since the active filter was right
            on {labelled.active_right}, this one on {labelled.shadow_right}.
          </p>
          <Table
            caption="Where the two differ, newest first"
            head={['author', 'comment', 'active', 'this one', 'a human']}
            rows={items.map((item) => [
              <bdi>{item.author_name}</bdi>,
              <bdi>{item.content.slice(0, EXCERPT)}</bdi>,
              show(item.active),
              show(item.shadow),
              item.label ?? '–',
            ])}
          />
        </>
      )}
    </Loaded>
  );
}

function show({ verdict, spam_probability: probability }: Judged): string {
  return `${verdict} (${percent(probability)})`;
}
