/** Runs start-up and periodic maintenance. */
import { describeError } from '../../logging.ts';
import type { Service } from '../../service.ts';
import { keepStarter } from '../learn/models.ts';
import { deleteByAge } from '../privacy/retention.ts';
import { tellOverdue } from '../queue/overdue.ts';
import { forgetOldBands } from '../submit/upkeep.ts';
import { doJobs } from './job-kinds.ts';
import { trimTables } from './trim.ts';

/** Keeps the shipped filter explainable, and takes up the jobs that a stop left behind. */
export async function takeUpWork(service: Service): Promise<void> {
  await keepStarter(service);
  service.background(() => doJobs(service));
}

/** What is due because time has passed: asked for again and again while the service runs. */
export async function seeToTime(service: Service): Promise<void> {
  for (const work of [tellOverdue, trimTables, deleteByAge, forgetOldBands]) {
    try {
      await work(service);
    } catch (error) {
      // One that fails must not keep the others from being done.
      service.log.error('background-failed', describeError(error));
    }
  }
}
