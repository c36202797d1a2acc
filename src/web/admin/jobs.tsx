/** Lists long work, newest first, as it goes on. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../page/button.tsx';
import { Empty } from '../page/lead.tsx';
import { Table } from '../page/table.tsx';
import { isOver, type Job, JobProgress, POLL_MS } from './job.tsx';
import type { PartProps } from './part-props.ts';
import { useReader } from './reader.tsx';
import { inSite, Loaded, useResource } from './resource.tsx';
import { Time } from './time.tsx';

export function Jobs({ site }: PartProps): JSX.Element {
  const { t } = useReader();
  const jobs = useResource<{ items: readonly Job[] }>(inSite(site, '/v1/jobs'));
  useEffect(() => {
    if (jobs.data === null || jobs.data.items.every(isOver)) return;
    const timer = setTimeout(jobs.reload, POLL_MS);
    return () => clearTimeout(timer);
  }, [jobs]);
  return (
    <>
      <p class="hint">{t.jobs.about}</p>
      <p>
        <Button onClick={jobs.reload}>{t.refresh}</Button>
      </p>
      <Loaded resource={jobs}>
        {({ items }) => (
          <Table
            caption={t.jobs.caption}
            head={[t.jobs.started, t.jobs.ended, t.jobs.work]}
            keys={items.map(({ id }) => id)}
            rows={items.map((job) => [
              <Time at={job.created_at} />,
              <Time at={job.finished_at} />,
              <JobProgress key={job.id} job={job} site={site} onCancelled={jobs.reload} />,
            ])}
            empty={<Empty title={t.jobs.none} />}
          />
        )}
      </Loaded>
    </>
  );
}
