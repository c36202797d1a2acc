/** Long work, newest first, as it goes on. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { isOver, type Job, JobProgress, POLL_MS } from './job.tsx';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

export function Jobs({ site }: PartProps): JSX.Element {
  const jobs = useResource<{ items: readonly Job[] }>(inSite(site, '/v1/jobs'));
  useEffect(() => {
    if (jobs.data === null || jobs.data.items.every(isOver)) return;
    const timer = setTimeout(jobs.reload, POLL_MS);
    return () => clearTimeout(timer);
  }, [jobs]);
  return (
    <>
      <button type="button" onClick={jobs.reload}>
        Look again
      </button>
      <Loaded resource={jobs}>
        {({ items }) => (
          <Table
            caption="Jobs, newest first"
            head={['begun', 'ended', 'what']}
            rows={items.map((job) => [
              <Time at={job.created_at} />,
              <Time at={job.finished_at} />,
              <JobProgress key={job.id} job={job} site={site} onCancelled={jobs.reload} />,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
