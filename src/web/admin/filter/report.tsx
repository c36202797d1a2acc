/** Reports what a new version would change: a recommendation first, figures, plots and comments below. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { Lead } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Tabs } from '../../page/tabs.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, type Resource, useAction, useResource } from '../resource.tsx';
import { Activate } from './activate.tsx';
import { Flips } from './changed-verdicts.tsx';
import type { ModelView } from './model-view.ts';
import { recommend } from './recommendation.ts';
import { Compared, Promised } from './report-figures.tsx';
import { ReportPlots } from './report-plots.tsx';
import type { ReportView } from './report-view.ts';
import { Shadow } from './shadow.tsx';

export function Report({ site, subject: version }: PartProps): JSX.Element {
  const { t } = useReader();
  const model = useResource<ModelView>(inSite(site, `/v1/models/${version}`));
  const report = useResource<ReportView>(inSite(site, `/v1/models/${version}/report`));
  const models = useResource<{ items: readonly ModelView[] }>(inSite(site, '/v1/models'));
  const active = models.data?.items.find(({ state }) => state === 'active')?.version;
  const onActivated = (): void => {
    model.reload();
    models.reload();
  };
  return (
    <>
      <p>
        <a href="#models">{t.report.allVersions}</a>
      </p>
      <h3>{version}</h3>
      <Loaded resource={model}>
        {(data) => <Recommendation site={site} model={data} report={report} onActivated={onActivated} />}
      </Loaded>
      <Loaded resource={report}>
        {(data) => (
          <>
            {active !== undefined && ![version, data.active].includes(active) && (
              <CompareAgain
                site={site}
                version={version}
                active={active}
                onDone={() => {
                  report.reload();
                  model.reload();
                }}
              />
            )}
            <Gate report={data} />
            <ReportTabs site={site} version={version} model={model.data} report={data} />
          </>
        )}
      </Loaded>
    </>
  );
}

/** What the version would do in one sentence, and whether to use it. */
function Recommendation(props: {
  site: string;
  model: ModelView;
  report: Resource<ReportView>;
  onActivated: () => void;
}): JSX.Element {
  const { site, model, report, onActivated } = props;
  const { t, format } = useReader();
  if (model.state === 'active') {
    return (
      <Lead tone="good">
        <p>
          <b>{t.report.inUse}</b>
        </p>
      </Lead>
    );
  }
  const said = report.data === null ? null : recommend(report.data, model.promise, t, format);
  return (
    <Lead
      tone={said?.recommended === true ? 'good' : 'warn'}
      actions={<Activate site={site} model={model} onDone={onActivated} />}
    >
      {said && (
        <>
          <p>
            <b>{said.sentence}</b>
          </p>
          <p>{said.advice}</p>
        </>
      )}
    </Lead>
  );
}

function ReportTabs(props: {
  site: string;
  version: string;
  model: ModelView | null;
  report: ReportView;
}): JSX.Element {
  const { site, version, model, report } = props;
  const { t, format } = useReader();
  const r = t.report;
  const { decided, waiting } = report.flips;
  return (
    <Tabs
      label={r.details}
      tabs={[
        {
          name: 'changes',
          title: r.changes,
          panel: () => (
            <>
              <h4>{format.count(r.flipsDecided, decided)}</h4>
              <Flips key={`decided ${report.active}`} site={site} version={version} of="decided" />
              <h4>{format.count(r.flipsWaiting, waiting)}</h4>
              <Flips key={`waiting ${report.active}`} site={site} version={version} of="waiting" />
            </>
          ),
        },
        {
          name: 'figures',
          title: r.figures,
          panel: () => (
            <>
              <Compared title={r.byCampaign} found={report.by_campaign} />
              <Compared title={r.byTime} found={report.by_time} />
              {model && <Promised report={report} promise={model.promise} />}
            </>
          ),
        },
        {
          name: 'plots',
          title: r.thresholds,
          panel: () => <ReportPlots site={site} version={version} report={report} />,
        },
        { name: 'shadow', title: r.shadow, panel: () => <Shadow site={site} version={version} /> },
      ]}
    />
  );
}

/** Where another version has been put into use since: a candidate is compared with it before it is activated. */
function CompareAgain(props: {
  site: string;
  version: string;
  active: string;
  onDone: () => void;
}): JSX.Element {
  const { site, version, active, onDone } = props;
  const { t } = useReader();
  const action = useAction();
  const compare = (): void =>
    action.run(async () => {
      await call('POST', inSite(site, `/v1/models/${version}/report`));
      onDone();
    });
  return (
    <div>
      <Button busy={action.busy} onClick={compare}>
        {fill(t.report.compareAgain, { version: active })}
      </Button>
      <Failure of={action} />
    </div>
  );
}

function Gate({ report: { gate, active } }: { report: ReportView }): JSX.Element {
  const { t } = useReader();
  const findings = [...gate.findings, ...(gate.warnings ?? [])];
  return (
    <>
      {gate.passed && <p class="passed">{fill(t.report.passed, { version: active })}</p>}
      {findings.length > 0 && (
        <ul class="findings">
          {findings.map(({ code, detail, remedy }) => (
            <li key={code}>
              {detail} {remedy}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
