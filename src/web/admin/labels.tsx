/** Labels that all the others speak against: to look at before the next training. */
import type { JSX } from 'preact';
import { call } from '../page/service.ts';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';

interface Item {
  readonly id: string;
  readonly source: string;
  readonly content: string;
  readonly author_name: string | null;
  readonly label: 'ham' | 'spam';
  readonly labelled_by: string;
  readonly evidence: readonly { readonly feature: string }[];
}
interface Suspicious {
  readonly samples: number;
  readonly disagreeing: number;
  readonly items: readonly Item[];
}

export function Labels({ site }: PartProps): JSX.Element {
  const labels = useResource<Suspicious>(inSite(site, '/v1/samples/suspicious?limit=50'));
  const action = useAction();
  const send = (method: string, path: string, body?: object): void =>
    action.run(async () => {
      await call(method, inSite(site, path), body);
      labels.reload();
    });
  return (
    <Loaded resource={labels}>
      {({ samples, disagreeing, items }) => (
        <>
          <p>
            Of {samples} labels the others speak against {disagreeing}. The most suspicious first.
          </p>
          {action.problem !== '' && <p role="alert">{action.problem}</p>}
          <ol class="flips">
            {items.map((item) => (
              <li key={item.id}>
                <p>
                  <b>{item.label}</b> by {item.labelled_by} ({item.source}); against it:{' '}
                  {item.evidence.map(({ feature }) => feature).join(', ')}
                </p>
                <blockquote>
                  <bdi dir="auto">{item.content.slice(0, 500)}</bdi>
                </blockquote>
                <Correct item={item} busy={action.busy} send={send} />
              </li>
            ))}
          </ol>
        </>
      )}
    </Loaded>
  );
}

/** A comment is decided anew, an uploaded sample relabelled or deleted. */
function Correct(props: {
  item: Item;
  busy: boolean;
  send: (method: string, path: string, body?: object) => void;
}): JSX.Element {
  const { item, busy, send } = props;
  const other = item.label === 'ham' ? 'spam' : 'ham';
  const button = (text: string, run: () => void): JSX.Element => (
    <button
      type="button"
      aria-disabled={busy}
      aria-label={`${text}: ${item.content.slice(0, 40)}`}
      onClick={run}
    >
      {text}
    </button>
  );
  if (item.source === 'decision') {
    const decision = other === 'spam' ? 'spam' : 'approve';
    return button(`Decide ${decision} instead`, () =>
      send('POST', '/v1/decisions', { decision, ids: [item.id] }),
    );
  }
  return (
    <>
      {button(`Label it ${other}`, () => send('PATCH', `/v1/samples/${item.id}`, { label: other }))}{' '}
      {button('Delete it', () => send('DELETE', `/v1/samples/${item.id}`))}
    </>
  );
}
