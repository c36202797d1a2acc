/** What a service sees to before it listens. */
import type { Service } from '../../service.ts';
import { forgetOldFailures } from '../access/failure-subject.ts';
import { keepStarter } from '../learn/models.ts';
import { forgetOldDeliveries } from '../outgoing/webhook-delivery.ts';
import { deleteByAge } from '../privacy/retention.ts';
import { tellOverdue } from '../queue/overdue.ts';
import { forgetOldAnswers } from '../submit/idempotency.ts';
import { forgetSpentChallenges } from '../submit/proof-of-work.ts';
import { forgetOldBands } from '../submit/upkeep.ts';
import { doJobs } from './job-kinds.ts';

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
  await forgetOldBands(service);
}
