/** Lists the versions of the filter; a new one is trained here, an older one put back. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge, type Tone } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Empty, Fold, Lead } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useJob } from '../job.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, useAction, useResource } from '../resource.tsx';
import { Time } from '../time.tsx';
import { Activate } from './activate.tsx';
import type { ModelView } from './model-view.ts';
import { tellPromise } from './promise.ts';

interface QueuedWork {
  readonly job: string;
  /** What has to be done elsewhere, where this process cannot train. */
  readonly waits_for: string | null;
}

export function Models({ site }: PartProps): JSX.Element {
  const { t } = useReader();
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
  const trainButton = (
    <Button kind="primary" onClick={train} busy={action.busy || job.running}>
      {t.models.train}
    </Button>
  );
  return (
    <>
      <Loaded resource={models}>{({ items }) => <Standing items={items} actions={trainButton} />}</Loaded>
      {waitsFor !== null && <p role="status">{waitsFor}</p>}
      {job.view}
      <Failure of={action} />
      <Loaded resource={models}>
        {({ items }) => <Versions site={site} items={items} onChanged={models.reload} />}
      </Loaded>
    </>
  );
}

/** Which version is in use, and what to do next: review a candidate, or train one. */
function Standing({ items, actions }: { items: readonly ModelView[]; actions: JSX.Element }): JSX.Element {
  const { t, format } = useReader();
  const active = items.find(({ state }) => state === 'active');
  const [newest] = items;
  const candidate = newest?.state === 'candidate' ? newest : undefined;
  return (
    <Lead
      tone={active?.promise.proven === true ? 'good' : 'warn'}
      actions={
        <>
          {actions}
          <a href="#imports">{t.models.import}</a>
        </>
      }
    >
      <p>
        <b>{fill(t.models.inUseNow, { version: active?.version ?? '–' })}</b>
      </p>
      {active && <p>{tellPromise(active.promise, t, format)}</p>}
      {candidate && (
        <p>
          <a href={`#models/${candidate.version}`}>{t.models.reviewCandidate}</a>
        </p>
      )}
    </Lead>
  );
}

const TONES: ReadonlyMap<string, Tone> = new Map(
  Object.entries({ active: 'good', candidate: 'warn', refused: 'bad' }),
);

function Versions(props: { site: string; items: readonly ModelView[]; onChanged: () => void }): JSX.Element {
  const { site, items, onChanged } = props;
  const { t, format } = useReader();
  const m = t.models;
  const name = ({ version, created_at }: ModelView): JSX.Element | string =>
    created_at === null ? version : <a href={`#models/${version}`}>{version}</a>;
  const figure = (value: number | null | undefined): string =>
    value == null ? '–' : format.number(value, 3);
  return (
    <>
      <Table
        caption={m.caption}
        head={[m.version, m.state, m.trained, m.samples, m.blocked, t.action]}
        keys={items.map(({ version }) => version)}
        rows={items.map((model) => [
          name(model),
          <Badge tone={TONES.get(model.state) ?? 'plain'}>{m.states[model.state] ?? model.state}</Badge>,
          <Time at={model.created_at} />,
          model.metrics.samples === undefined ? '–' : format.number(model.metrics.samples),
          model.metrics.hamBlocked == null ? '–' : format.percent(model.metrics.hamBlocked, 2),
          model.state === 'active' ? m.inUse : <Activate site={site} model={model} onDone={onChanged} />,
        ])}
        empty={<Empty title={m.none} />}
      />
      <Fold title={m.figures}>
        <Table
          caption={m.figures}
          head={[m.version, 'MCC', 'AUC', 'ECE']}
          rows={items.map(({ version, metrics }) => [
            version,
            figure(metrics.mcc),
            figure(metrics.auc),
            figure(metrics.ece),
          ])}
          empty={<Empty title={m.none} />}
        />
      </Fold>
    </>
  );
}
