/** Shows a job under way: how far it is, and the way to stop it. */

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../../strings/index.ts';
import { BASE } from '../page/base.ts';
import { Button } from '../page/button.tsx';
import { call } from '../page/service.ts';
import { useReader } from './reader.tsx';
import { describe, inSite, useAction } from './resource.tsx';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number | null;
  /** What it is at, where the job tells. */
  readonly phase?: string | null;
  readonly error: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

export const POLL_MS = 1000;
export const isOver = ({ state }: Job): boolean => state !== 'queued' && state !== 'running';

interface Followed {
  readonly running: boolean;
  readonly follow: (id: string) => void;
  readonly view: JSX.Element | null;
}

/**
 * Follows a job by its events, and by asking once a second in case they do not come.
 *
 * @param kind the newest of this kind that waits or runs is followed from the start, as somebody may have come back to the
 *   page; null: only what `follow` is told.
 */
export function useJob(site: string, kind: string | null, onEnd: (job: Job) => void): Followed {
  const [id, follow] = useState<string | null>(null);
  const [job, setJob] = useState<Job | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (kind === null) return;
    call<{ items: readonly Job[] }>('GET', inSite(site, '/v1/jobs')).then(
      ({ items }) => {
        const open = items.find((one) => one.kind === kind && !isOver(one));
        if (open) follow((followed) => followed ?? open.id);
      },
      // Without an answer nothing is followed; what else the page asks for says why.
      () => undefined,
    );
  }, [site, kind]);
  useEffect(() => {
    if (id === null) return;
    let over = false;
    const ask = (): void => {
      call<Job>('GET', inSite(site, `/v1/jobs/${id}`)).then(
        (found) => {
          if (over) return;
          setJob(found);
          if (!isOver(found)) return;
          stop();
          onEnd(found);
        },
        (error: unknown) => setProblem(describe(error)),
      );
    };
    const source = new EventSource(`${BASE}${inSite(site, '/v1/events')}`);
    source.addEventListener('job.progress', (event) => {
      if (JSON.parse(event.data).id === id) ask();
    });
    const poll = setInterval(ask, POLL_MS);
    const stop = (): void => {
      over = true;
      source.close();
      clearInterval(poll);
    };
    ask();
    return stop;
  }, [id, site]);
  const running = id !== null && (job === null || job.id !== id || !isOver(job));
  const view = job === null ? null : <JobProgress job={job} site={site} problem={problem} />;
  return { running, follow, view };
}

/** What it does a second in its phase, as far as this page has watched it; 0 while that tells nothing. */
function useRate({ id, phase, done }: Job): number {
  const since = useRef({ id, phase, done, at: Date.now() });
  const { current } = since;
  if (current.id !== id || current.phase !== phase || done < current.done) {
    since.current = { id, phase, done, at: Date.now() };
    return 0;
  }
  const seconds = (Date.now() - current.at) / 1000;
  return seconds < 1 ? 0 : (done - current.done) / seconds;
}

export function JobProgress(props: {
  job: Job;
  site: string;
  problem?: string;
  onCancelled?: () => void;
}): JSX.Element {
  const { job, site, problem = '', onCancelled } = props;
  const action = useAction();
  const cancel = (): void =>
    action.run(async () => {
      await call('DELETE', inSite(site, `/v1/jobs/${job.id}`));
      onCancelled?.();
    });
  const { t } = useReader();
  const kind = t.jobs.kinds[job.kind] ?? job.kind;
  const failed = job.state === 'failed';
  return (
    <div class={failed ? 'job failed' : 'job'} role="status">
      {!failed && (
        <progress aria-label={kind} max={job.total ?? 1} value={isOver(job) ? (job.total ?? 1) : job.done} />
      )}{' '}
      {kind}: {t.jobs.states[job.state]}
      <HowFar job={job} />
      {job.error !== null && <span role="alert"> {job.error}</span>}
      {problem !== '' && <span role="alert"> {problem}</span>}{' '}
      {!isOver(job) && (
        <Button busy={action.busy} onClick={cancel}>
          {t.cancel}
        </Button>
      )}
      {action.problem !== '' && <span role="alert"> {action.problem}</span>}
    </div>
  );
}

/** Progress of imports is in bytes, of everything else in steps or comments. */
function HowFar({ job }: { job: Job }): JSX.Element | null {
  const { t, format } = useReader();
  const rate = useRate(job);
  if (isOver(job)) return null;
  const isBytes = job.kind === 'import' || job.kind === 'restore';
  const amount = (count: number): string =>
    isBytes ? `${format.number(count / 1_000_000, 1)} MB` : format.number(count);
  const phase = job.phase ? ` (${t.jobs.phases[job.phase] ?? job.phase})` : '';
  if (job.total === null) return <>{phase}</>;
  const left = rate === 0 ? null : Math.ceil((job.total - job.done) / rate);
  return (
    <>
      {phase}: {fill(t.jobs.doneOf, { done: amount(job.done), total: amount(job.total) })}
      {left !== null && `, ${fill(t.jobs.timeLeft, { time: format.span(left) })}`}
    </>
  );
}
