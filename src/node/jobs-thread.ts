/** What runs in the thread of the jobs: it does those that wait each time it is asked, until it is told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { createLog } from '../logging.ts';
import { jobHandlersOf } from '../moderation/background/job-kinds.ts';
import { runJobs } from '../moderation/jobs.ts';
import type { JobsAnswer, JobsRequest } from './jobs-messages.ts';
import { openBeside } from './open-service.ts';
import { yieldToRequests } from './training/lower-thread-priority.ts';

/** For several jobs at once, each with a heart that beats. */
const CONNECTIONS = 4;
const GRACE_SECONDS = 2;

/** Whoever asks for work hears why the service could not be opened. */
const ignore = () => undefined;

if (parentPort !== null) serve(parentPort, workerData as Config);

function serve(port: NonNullable<typeof parentPort>, config: Config): void {
  yieldToRequests();
  const answer = (message: JobsAnswer) => port.postMessage(message);
  const log = createLog(config.logLevel, ({ event, ...fields }, level) =>
    answer({ kind: 'log', level, event: String(event), fields }),
  );
  const opened = openBeside({ ...config, databaseConnections: CONNECTIONS }, log);
  opened.catch(ignore);
  const work = async (id: number) => {
    try {
      const { service } = await opened;
      await runJobs(service, jobHandlersOf(service));
      answer({ kind: 'worked', id });
    } catch (error) {
      answer({ kind: 'failed', id, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  port.on('message', async (request: JobsRequest) => {
    if (request.kind === 'work') await work(request.id);
    else if (request.kind === 'stop') await opened.then(({ beginStop }) => beginStop()).catch(ignore);
    else {
      await opened.then(({ close }) => close(GRACE_SECONDS)).catch(ignore);
      port.close();
    }
  });
}
