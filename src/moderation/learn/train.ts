/** Learning: the site's samples over the starter filter become a candidate. */
import type { ModelFacts } from '../../core/filter/model.ts';
import type { TrainingOptions, TrainingRefusal } from '../../core/filter/training.ts';
import type { Service, TrainingThread } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import type { JobRow } from '../../storage/jobs.ts';
import { insertReport } from '../../storage/learn/model-reports.ts';
import { findModel } from '../../storage/learn/models.ts';
import { countSamples, readSamples } from '../../storage/learn/samples.ts';
import { CODE_VERSION } from '../../version.ts';
import type { JobHandler } from '../jobs.ts';
import { RefusedError } from '../refused-error.ts';
import { readModelFile } from '../site/load-model.ts';
import { promiseOf } from '../site/promise.ts';
import { readSiteContext, type SiteContext } from '../site/site-context.ts';
import { storeModel } from '../site/store-model.ts';
import type { Flip } from './changed-verdicts.ts';
import { createDrawing, type Drawing } from './draw-samples.ts';
import { createLabelsRecord } from './labels-record.ts';
import { learnSamples } from './learn-samples.ts';
import { ACTIVE, CANDIDATE, type CandidateReport, REPORT_STEPS, reportOnCandidate } from './report.ts';
import { measureBeside, scoreBeside } from './score-all.ts';
import { createVoteCap } from './vote-cap.ts';

/** Trains a candidate from every sample of the site, and reports on it before anybody can activate it. */
export const trainModel: JobHandler = async (service, job, progress) => {
  const site = await readSiteContext(service, job.site_id);
  if (!site) throw new RefusedError('not_found', 'The site is gone.');
  const counted = await countSamples(service.db, site.id);
  const version = versionOf(site.slug, job);
  // An attempt before this one got as far as storing it.
  const stored = await findModel(service.db, site.id, version);
  if (stored) {
    const { metrics, report } = stored;
    return { model_version: version, samples: counted, metrics, gate: report.gate };
  }
  const options = optionsFor(service, site, version, {
    samples: counted,
    trained_at: job.created_at.toISOString(),
  });
  if (service.trainInThread === null) throw new Error('there are no threads to train in');
  const thread = service.trainInThread(options);
  try {
    const total = counted.ham + counted.spam;
    const found = await trainAndReport(service, site, thread, createDrawing(total), {
      reading: (done) => progress(done, total, 'reading'),
      // Nobody can tell how far a fit is.
      fitting: () => progress(0, null, 'fitting'),
      reporting: (step) => progress(step, REPORT_STEPS, 'reporting'),
    });
    await progress(total, total, 'storing');
    await storeCandidate(service, job, site.id, found);
    const { metrics } = found.facts;
    const { gate, flips } = found.report;
    return { model_version: version, samples: counted, metrics: { ...metrics }, gate, flips };
  } finally {
    await thread.close();
  }
};

interface Phases {
  readonly reading: (done: number) => Promise<void>;
  readonly fitting: () => Promise<void>;
  readonly reporting: (step: number) => Promise<void>;
}

/** All its trainings run in one thread, one after the other. @throws {RefusedError} `gate_unmet`. */
async function trainAndReport(
  service: Service,
  site: SiteContext,
  thread: TrainingThread,
  drawing: Drawing,
  { reading, fitting, reporting }: Phases,
): Promise<Candidate> {
  const cap = createVoteCap(site.settings.votes_per_day);
  const labels = createLabelsRecord();
  const { bytes, facts, report } = await learnSamples(thread, readSamples(service.db, site.id), {
    wanted: (sample) => {
      drawing.offer(sample);
      const admitted = cap.admit(sample);
      if (admitted) labels.note(sample);
      return admitted;
    },
    reading,
    fitting,
    provenance: () => ({ labels: labels.read() }),
  });
  if (report.refusal) throw refuseTraining(report.refusal);
  await thread.hold(ACTIVE, await readModelFile(service, site.id, site.model.version));
  await thread.hold(CANDIDATE, bytes);
  let step = 0;
  let rehearsals = 0;
  const found = await reportOnCandidate(service, site, facts, drawing.drawn(), {
    reached: (at) => {
      step = at;
      return reporting(step);
    },
    train: async (samples) => {
      await thread.begin(report.starterWeight);
      const { admit } = createVoteCap(site.settings.votes_per_day);
      const rehearsed = await learnSamples(thread, [samples], {
        wanted: admit,
        fitting: () => reporting(step),
      });
      if (rehearsed.report.refusal) return null;
      rehearsals += 1;
      const name = `rehearsal ${rehearsals}`;
      await thread.hold(name, rehearsed.bytes);
      return name;
    },
    scoreBy: (...names) => scoreBeside(thread, names),
    measure: (names, samples) => measureBeside(thread, names, samples),
    compare: thread.compare,
  });
  const training = { ...report, votesLeftOut: cap.leftOut(), gate: found.report.gate };
  return { facts, bytes, training, ...found };
}

function refuseTraining({ code, detail }: TrainingRefusal): RefusedError {
  const remedy = REMEDIES[code];
  return new RefusedError('gate_unmet', `${detail}. ${remedy}`, { refusal: code, remedy });
}

/** What has to change before the samples make a filter. */
const REMEDIES: Readonly<Record<TrainingRefusal['code'], string>> = {
  one_class: 'Label comments of the other class, too, or upload samples of it, and train again.',
  too_few: 'Label or upload more comments of the rarer class that differ from each other, and train again.',
  out_of_balance: 'Label or upload more comments of the rarer class, and train again.',
};

function optionsFor(
  service: Service,
  { slug, settings }: SiteContext,
  version: string,
  provenance: Readonly<Record<string, unknown>>,
): TrainingOptions {
  const { votes_per_day, max_ham_blocked, confidence } = settings;
  return {
    version,
    starter: service.starter,
    promisedBound: promiseOf(settings),
    provenance: {
      site: slug,
      starter: service.starter.version,
      code: CODE_VERSION,
      settings: { votes_per_day, max_ham_blocked, confidence },
      ...provenance,
    },
  };
}

interface Candidate {
  readonly facts: ModelFacts;
  readonly bytes: Uint8Array;
  /** What the training found, with the gate's word. */
  readonly training: Readonly<Record<string, unknown>>;
  readonly report: CandidateReport;
  readonly flips: readonly Flip[];
}

/** Model, report and flips in one transaction: a process that is lost leaves all or nothing. */
async function storeCandidate(
  service: Service,
  job: JobRow,
  siteId: string,
  { facts, bytes, training, report, flips }: Candidate,
): Promise<void> {
  const at = service.now();
  const state = report.gate.passed ? 'candidate' : 'refused';
  await inTransaction(service.db, async (trx) => {
    await storeModel(trx, facts, { siteId, state, report: training, createdBy: job.created_by, at }, bytes);
    await insertReport(trx, { siteId, version: facts.version, report, at }, flips);
  });
}

/** A version sorts by the time of its training and is the same for a job that is tried again. */
function versionOf(slug: string, job: JobRow): string {
  const time = job.created_at.toISOString().replace(/\D/g, '').slice(0, 14);
  return `${slug}-${time}-${job.id.slice(-4)}`;
}
