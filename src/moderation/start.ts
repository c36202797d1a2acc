/** What a service sees to before it listens. */
import type { Service } from '../service.ts';
import { forgetOldAnswers } from './idempotency.ts';
import { runJobs } from './jobs.ts';
import { keepStarter } from './models.ts';
import { tellOverdue } from './overdue.ts';
import { jobHandlersOf } from './retrain.ts';
import { forgetOldDeliveries } from './webhook-delivery.ts';

/** Keeps the shipped filter explainable, and takes up the jobs that a stop left behind. */
export async function takeUpWork(service: Service): Promise<void> {
  await keepStarter(service);
  service.background(async () => {
    await forgetOldAnswers(service);
    await runJobs(service, jobHandlersOf(service));
  });
}

/** What is due because time has passed: asked for again and again while the service runs. */
export async function seeToTime(service: Service): Promise<void> {
  await tellOverdue(service);
  await forgetOldAnswers(service);
  await forgetOldDeliveries(service);
}
