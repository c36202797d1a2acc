/** Labels that all the others speak against: to look at before the next training. */
import type { JSX } from 'preact';
import { call } from '../service.ts';
import type { PartProps } from './page.tsx';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';

interface Suspicious {
  readonly samples: number;
  readonly disagreeing: number;
  readonly items: readonly {
    readonly id: string;
    readonly source: string;
    readonly content: string;
    readonly author_name: string | null;
    readonly label: 'ham' | 'spam';
    readonly labelled_by: string;
    readonly evidence: readonly { readonly feature: string }[];
  }[];
}

export function Labels({ site }: PartProps): JSX.Element {
  const labels = useResource<Suspicious>(inSite(site, '/v1/samples/suspicious?limit=50'));
  const action = useAction();
  const turn = (id: string, decision: string): void =>
    action.run(async () => {
      await call('POST', inSite(site, '/v1/decisions'), { decision, ids: [id] });
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
                {item.source === 'decision' && (
                  <button
                    type="button"
                    onClick={() => turn(item.id, item.label === 'ham' ? 'spam' : 'approve')}
                  >
                    Decide {item.label === 'ham' ? 'spam' : 'approve'} instead
                  </button>
                )}
              </li>
            ))}
          </ol>
        </>
      )}
    </Loaded>
  );
}
