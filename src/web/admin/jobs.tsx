/** Long work, newest first. */
import type { JSX } from 'preact';
import { type Job, JobProgress } from './job.tsx';
import type { PartProps } from './page.tsx';
import { inSite, Loaded, useResource } from './resource.tsx';
import { Table, Time } from './table.tsx';

export function Jobs({ site }: PartProps): JSX.Element {
  const jobs = useResource<{ items: readonly Job[] }>(inSite(site, '/v1/jobs'));
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
              <JobProgress job={job} site={site} />,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}
