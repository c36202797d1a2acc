/** Puts a version of the filter into use, or goes back to an older one, after saying what that changes. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { useQuestion } from '../../page/question.tsx';
import { call } from '../../page/service.ts';
import { useToast } from '../../page/toast.tsx';
import { useReader } from '../reader.tsx';
import { Failure, inSite, useAction } from '../resource.tsx';
import type { Stats } from '../stats-view.ts';
import type { ModelView } from './model-view.ts';

/** A version that was in use before, and the starter filter, which always was, are gone back to. */
function actOf({ state, activated_at, created_at }: ModelView): 'activate' | 'force' | 'starter' | 'back' {
  if (created_at === null) return 'starter';
  if (activated_at !== null) return 'back';
  return state === 'refused' ? 'force' : 'activate';
}

export function Activate(props: { site: string; model: ModelView; onDone: () => void }): JSX.Element {
  const { site, model, onDone } = props;
  const { t, format } = useReader();
  const a = t.activate;
  const action = useAction();
  const ask = useQuestion();
  const tell = useToast();
  const act = actOf(model);
  const activate = async (version: string, force: boolean): Promise<void> => {
    await call('POST', inSite(site, `/v1/models/${version}/activate`), { force });
    onDone();
  };
  const run = (): void =>
    action.run(async () => {
      const { queue, filter } = await call<Stats>('GET', inSite(site, '/v1/stats'));
      const before = filter.model_version;
      const yes = await ask({
        title: fill(a.titles[act], { version: model.version }),
        consequence: (
          <>
            <p>{fill(a.replaces, { before, version: model.version })}</p>
            <p>{queue.waiting === 0 ? a.nothingWaits : format.count(a.waiting, queue.waiting)}</p>
            {act === 'force' && <p>{fill(a.refused, { why: findingsOf(model) })}</p>}
          </>
        ),
        confirm: a.names[act],
        tone: act === 'activate' ? 'primary' : 'danger',
      });
      if (!yes) return;
      await activate(model.version, act === 'force');
      tell({ text: fill(a.done, { version: model.version }), undo: () => activate(before, true) });
    });
  return (
    <>
      <Button busy={action.busy} label={`${a.names[act]}: ${model.version}`} onClick={run}>
        {a.names[act]} …
      </Button>
      <Failure of={action} />
    </>
  );
}

function findingsOf({ report }: ModelView): string {
  return report.gate?.findings.map(({ detail }) => detail).join(' ') ?? '';
}
