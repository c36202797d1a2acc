/** Tries changed settings on the comments of the last seven days, and says what would have been different. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Button } from '../../page/button.tsx';
import { call } from '../../page/service.ts';
import { isOver, type Job, POLL_MS } from '../job.tsx';
import { useReader } from '../reader.tsx';
import { Failure, inSite, useAction } from '../resource.tsx';
import type { Value } from './settings-table.ts';

const WEEK_MS = 7 * 86_400_000;

interface Change {
  readonly did: string;
  readonly would: string;
  readonly count: number;
}

export function SettingsEffect(props: {
  site: string;
  changes: Readonly<Record<string, Value>>;
}): JSX.Element {
  const { site, changes } = props;
  const { t } = useReader();
  const [found, setFound] = useState<string | null>(null);
  const tell = useTellChanges();
  const action = useAction();
  const look = (): void =>
    action.run(async () => {
      const from = new Date(Date.now() - WEEK_MS).toISOString();
      const body = { from, settings: changes, examples: 0 };
      const { job } = await call<{ job: string }>('POST', inSite(site, '/v1/replays'), body);
      setFound(tell(await waitFor(site, job)));
    });
  return (
    <>
      <Button busy={action.busy} onClick={look}>
        {t.settings.tryIt}
      </Button>
      <p role="status">{action.busy ? t.settings.trying : found}</p>
      <Failure of={action} />
    </>
  );
}

async function waitFor(site: string, id: string): Promise<Job> {
  for (;;) {
    const job = await call<Job>('GET', inSite(site, `/v1/jobs/${id}`));
    if (job.state === 'succeeded') return job;
    if (isOver(job)) throw new Error(job.error ?? job.state);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** How many more or fewer comments would have gone each way. */
export function countChanges(changes: readonly Change[]): ReadonlyMap<string, number> {
  const more = new Map<string, number>();
  for (const { did, would, count } of changes) {
    if (did === would) continue;
    more.set(did, (more.get(did) ?? 0) - count);
    more.set(would, (more.get(would) ?? 0) + count);
  }
  return more;
}

function useTellChanges(): (job: Job) => string {
  const { t, format } = useReader();
  const s = t.settings;
  return ({ result }) => {
    const comments = Number(result?.comments ?? 0);
    const changes = (result?.dispositions ?? []) as readonly Change[];
    if (comments === 0) return s.noComments;
    const parts = [...countChanges(changes)]
      .filter(([, count]) => count !== 0)
      .map(([disposition, count]) =>
        fill(count > 0 ? s.more : s.fewer, {
          count: format.number(Math.abs(count)),
          what: s.outcomes[disposition] ?? disposition,
        }),
      );
    const values = { comments: format.number(comments), changes: parts.join(', ') };
    return fill(parts.length === 0 ? s.noChange : s.effect, values);
  };
}
