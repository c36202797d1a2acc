/** What a service sees to before it listens. */
import type { Service } from '../service.ts';
import { forgetOldFailures } from './failure-subject.ts';
import { forgetOldAnswers } from './idempotency.ts';
import { doJobs } from './job-kinds.ts';
import { keepStarter } from './models.ts';
import { tellOverdue } from './overdue.ts';
import { forgetSpentChallenges } from './proof-of-work.ts';
import { deleteByAge } from './retention.ts';
import { forgetOldDeliveries } from './webhook-delivery.ts';

/** Keeps the shipped filter explainable, and takes up the jobs that a stop left behind. */
export async function takeUpWork(service: Service): Promise<void> {
  await keepStarter(service);
  service.background(async () => {
    await forgetOldAnswers(service);
    await doJobs(service);
  });
}

/** What is due because time has passed: asked for again and again while the service runs. */
export async function seeToTime(service: Service): Promise<void> {
  await tellOverdue(service);
  await forgetOldAnswers(service);
  await forgetOldFailures(service);
  await forgetOldDeliveries(service);
  await forgetSpentChallenges(service);
  await deleteByAge(service);
}
