/** The versions of the filter: train, look, activate, roll back. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { useJob } from './job.tsx';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, useAction, useResource } from './resource.tsx';
import { figure, percent, Table, Time } from './table.tsx';

export interface ModelView {
  readonly version: string;
  readonly state: string;
  readonly created_at: string | null;
  readonly activated_at: string | null;
  readonly metrics: {
    readonly samples?: number;
    readonly mcc?: number | null;
    readonly auc?: number | null;
    readonly ece?: number | null;
    readonly hamBlocked?: number | null;
  };
  readonly promise: {
    readonly message: string;
    readonly proven: boolean;
    readonly max_ham_blocked: number;
    readonly confidence: number;
  };
  readonly report: {
    readonly gate?: { readonly passed: boolean; readonly findings: readonly { readonly detail: string }[] };
  };
}

interface QueuedWork {
  readonly job: string;
  /** What has to be done elsewhere, where this process cannot train. */
  readonly waits_for: string | null;
}

export function Models({ site }: PartProps): JSX.Element {
  const models = useResource<{ items: readonly ModelView[] }>(inSite(site, '/v1/models'));
  const action = useAction();
  const [waitsFor, setWaitsFor] = useState<string | null>(null);
  const job = useJob(site, 'train', () => {
    setWaitsFor(null);
    models.reload();
  });
  const train = (): void => {
    if (job.running) return;
    action.run(async () => {
      const queued = await call<QueuedWork>('POST', inSite(site, '/v1/models'), {});
      setWaitsFor(queued.waits_for);
      job.follow(queued.job);
    });
  };
  return (
    <>
      <p>
        <button type="button" onClick={train} aria-disabled={action.busy || job.running}>
          Train a candidate
        </button>{' '}
        <a href="#imports">Import labelled comments</a>
      </p>
      {waitsFor !== null && <p role="status">{waitsFor}</p>}
      {job.view}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={models}>
        {({ items }) => (
          <>
            <Table
              caption="Versions, newest first"
              head={['version', 'state', 'trained', 'labels', 'MCC', 'AUC', 'ECE', 'good blocked', 'action']}
              rows={items.map((model) => [
                model.created_at === null ? (
                  model.version
                ) : (
                  <a href={`#models/${model.version}`}>{model.version}</a>
                ),
                model.state,
                <Time at={model.created_at} />,
                model.metrics.samples ?? '–',
                figure(model.metrics.mcc),
                figure(model.metrics.auc),
                figure(model.metrics.ece),
                percent(model.metrics.hamBlocked, 2),
                model.state === 'active' ? (
                  'serves now'
                ) : (
                  <Activate site={site} model={model} onDone={models.reload} />
                ),
              ])}
            />
            <p>{items.find(({ state }) => state === 'active')?.promise.message}</p>
          </>
        )}
      </Loaded>
    </>
  );
}

/** One click for a candidate that passed the gate; a refused one says why and asks to be forced. */
export function Activate(props: { site: string; model: ModelView; onDone: () => void }): JSX.Element {
  const { site, model, onDone } = props;
  const action = useAction();
  const refused = model.state === 'refused';
  const activate = (): void =>
    action.run(async () => {
      await call('POST', inSite(site, `/v1/models/${model.version}/activate`), { force: refused });
      onDone();
    });
  const name = refused
    ? 'Activate all the same'
    : model.activated_at === null
      ? 'Activate'
      : 'Roll back to it';
  return (
    <>
      <button
        type="button"
        aria-disabled={action.busy}
        aria-label={`${name}: ${model.version}`}
        title={model.report.gate?.findings.map(({ detail }) => detail).join(' ')}
        onClick={activate}
      >
        {name}
      </button>
      {action.problem !== '' && <span role="alert">{action.problem}</span>}
    </>
  );
}
