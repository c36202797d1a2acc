/** Lists the samples whose label looks wrong, to be checked before the next training. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Empty, Lead } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { useToast } from '../../page/toast.tsx';
import { useNames } from '../names.ts';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, useAction, useResource } from '../resource.tsx';
import { type Evidence, Why } from './evidence.tsx';

interface Item {
  readonly id: string;
  readonly source: string;
  readonly content: string;
  readonly author_name: string | null;
  readonly label: 'ham' | 'spam';
  readonly labelled_by: string;
  readonly evidence: readonly Evidence[];
}
interface Suspicious {
  readonly samples: number;
  readonly disagreeing: number;
  readonly items: readonly Item[];
}

export function Labels({ site }: PartProps): JSX.Element {
  const { t, format } = useReader();
  const labels = useResource<Suspicious>(inSite(site, '/v1/samples/suspicious?limit=50'));
  const [hidden, hide] = useState<readonly string[]>([]);
  const names = useNames();
  const acts = useLabelActs(site, labels.reload, hide);
  return (
    <Loaded resource={labels}>
      {({ samples, disagreeing, items }) => (
        <>
          <Lead tone={disagreeing === 0 ? 'good' : 'plain'}>
            <p>
              <b>{format.count(t.labels.summary, disagreeing, { samples: format.number(samples) })}</b>
            </p>
            {disagreeing > 0 && <p>{t.labels.about}</p>}
          </Lead>
          <Failure of={acts.action} />
          <ol class="flips">
            {items
              .filter(({ id }) => !hidden.includes(id))
              .map((item) => (
                <li key={item.id}>
                  <p>
                    <b>{t.labelNames[item.label]}</b>{' '}
                    {fill(t.labels.by, {
                      name: names.actor(item.labelled_by),
                      source: t.labels.sources[item.source] ?? item.source,
                    })}
                  </p>
                  <blockquote>
                    <bdi dir="auto">{item.content.slice(0, 500)}</bdi>
                  </blockquote>
                  <Why title={t.labels.against} evidence={item.evidence} />
                  <Correct item={item} acts={acts} />
                </li>
              ))}
          </ol>
          {items.length === 0 && <Empty title={t.labels.none} />}
        </>
      )}
    </Loaded>
  );
}

interface LabelActs {
  readonly action: ReturnType<typeof useAction>;
  readonly decide: (item: Item, decision: 'approve' | 'spam') => void;
  readonly relabel: (item: Item, label: Item['label']) => void;
  readonly remove: (item: Item) => void;
}

/** Every act can be undone for ten seconds; a deletion is carried out when they are over. */
function useLabelActs(
  site: string,
  reload: () => void,
  hide: (change: (hidden: readonly string[]) => readonly string[]) => void,
): LabelActs {
  const { t } = useReader();
  const tell = useToast();
  const action = useAction();
  const send = async <T,>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await call<T>(method, inSite(site, path), body, { keepalive: true });
    reload();
    return answer;
  };
  return {
    action,
    decide: (item, decision) =>
      action.run(async () => {
        const body = { decision, ids: [item.id] };
        const { results } = await send<{ results: readonly { decision_id?: string }[] }>(
          'POST',
          '/v1/decisions',
          body,
        );
        const made = results[0]?.decision_id;
        tell({
          text: t.labels.decided,
          ...(made !== undefined && { undo: () => send<void>('POST', `/v1/decisions/${made}/undo`) }),
        });
      }),
    relabel: (item, label) =>
      action.run(async () => {
        const put = (to: Item['label']) => send<void>('PATCH', `/v1/samples/${item.id}`, { label: to });
        await put(label);
        tell({ text: t.labels.relabelled, undo: () => put(item.label) });
      }),
    remove: (item) => {
      hide((hidden) => [...hidden, item.id]);
      const show = (): void => hide((hidden) => hidden.filter((id) => id !== item.id));
      tell({
        text: t.labels.deleted,
        undo: () => Promise.resolve(show()),
        commit: () => send<void>('DELETE', `/v1/samples/${item.id}`),
      });
    },
  };
}

/** A comment is decided again, an uploaded sample relabelled or deleted. */
function Correct({ item, acts }: { item: Item; acts: LabelActs }): JSX.Element {
  const { t } = useReader();
  const other = item.label === 'ham' ? 'spam' : 'ham';
  const button = (text: string, run: () => void): JSX.Element => (
    <Button busy={acts.action.busy} label={`${text}: ${item.content.slice(0, 40)}`} onClick={run}>
      {text}
    </Button>
  );
  if (item.source === 'decision') {
    return button(other === 'spam' ? t.labels.toSpam : t.labels.toApproved, () =>
      acts.decide(item, other === 'spam' ? 'spam' : 'approve'),
    );
  }
  return (
    <div class="row">
      {button(other === 'spam' ? t.labels.relabelSpam : t.labels.relabelHam, () => acts.relabel(item, other))}
      {button(t.labels.delete, () => acts.remove(item))}
    </div>
  );
}
