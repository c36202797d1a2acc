/** Imported records into the database: pseudonymised, labelled by their status, in batches. */
import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import { DISPOSITION_OF, type Label, type Status, thresholdsFor, type Verdict } from '../../core/comment.ts';
import { createId } from '../../core/id.ts';
import { nearDuplicateSignature } from '../../core/near-duplicates/near-duplicate.ts';
import type { Service } from '../../service.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  type BatchCounts,
  closePosts,
  type ImportRunRow,
  insertComments,
  insertPlaces,
  insertPosts,
  listComments,
  noteBatch,
  prepareBatch,
  setParents,
} from '../../storage/imports.ts';
import { insertSamples } from '../../storage/learn/samples.ts';
import { insertPostNames } from '../../storage/posts.ts';
import { insertQueueItems } from '../../storage/queue/queue.ts';
import type { CommentTable } from '../../storage/schema/comments.ts';
import type { IsErased } from '../privacy/erasures.ts';
import { pseudonymsOf } from '../privacy/pseudonymise.ts';
import { hashContent } from '../site/content-hash.ts';
import { toQueueItem } from '../site/enqueue.ts';
import { tryScore } from '../site/score.ts';
import { CAMPAIGN_MS, signatureColumns } from '../site/scored-columns.ts';
import type { SiteContext } from '../site/site-context.ts';
import { type Campaigns, createCampaigns } from './import-campaigns.ts';
import { createPlaces } from './import-places.ts';
import {
  type DeletedPlace,
  type ImportedComment,
  type ImportedRecord,
  type ImportedSample,
  ImportFormatError,
  refused,
} from './import-record.ts';
import { createReplies } from './import-replies.ts';
import { createThreads, type LearntThreads, type Threads } from './import-threads.ts';

/** The newest refused records are counted, not listed, beyond this. */
const MOST_REFUSALS = 10_000;
/** Of one file: some 200 bytes of memory each, for replies to them. */
const MAX_COMMENTS = 2_000_000;
/** In one statement. */
const MOST_TIED = 5_000;

export interface ImportStore {
  /** The next record of the file; one that an earlier attempt stored is only remembered as a parent. */
  readonly take: (record: ImportedRecord, done: boolean) => void;
  /** How many records wait to be stored. */
  readonly waiting: () => number;
  /**
   * Begins to store what waits, and resolves when the batch before is stored: while PostgreSQL writes one, the next
   * is read (the two take about the same time).
   */
  readonly flush: () => Promise<void>;
  /** Stores what waits still, and ties replies to what came after them in the file. */
  readonly finish: () => Promise<void>;
  /** Resolves when everything is stored that {@link flush} began; throws what went wrong. */
  readonly settled: () => Promise<void>;
}

/** @param isErased what nobody may bring back. */
export function createImportStore(
  service: Service,
  site: SiteContext,
  run: ImportRunRow,
  isErased: IsErased,
): ImportStore {
  const ids = new Map<string, string>();
  const replies = createReplies();
  const places = createPlaces();
  const campaigns = createCampaigns();
  const threads = createThreads(service, site);
  const shown: string[] = [];
  const context: PlanContext = { service, site, run, campaigns, threads };
  let batch: Waiting[] = [];
  let storing: Promise<void> = Promise.resolve();
  let position = run.records;
  let refusals = run.refused;
  const flush = async () => {
    const before = storing;
    if (batch.length > 0 || threads.waiting() > 0) {
      const learnt = await threads.learn();
      const plan = planBatch(context, batch, position, Math.max(0, MOST_REFUSALS - refusals));
      position += batch.length;
      refusals += plan.counts.refused;
      batch = [];
      storing = before.then(() => storeBatch(service, run, learnt, plan));
      // It is awaited with the next batch: until then a failure must not count as unhandled.
      storing.catch(() => undefined);
    }
    await before;
  };
  return {
    take: (taken, done) => {
      if (taken.kind === 'thread') {
        for (const externalId of taken.shown ?? []) shown.push(ids.get(externalId) ?? '');
        return threads.note(taken.thread, service.now());
      }
      if (taken.kind === 'comment') threads.note(taken.thread, taken.date);
      const record = taken.kind === 'comment' && isErased(taken) ? refuseErased(taken) : taken;
      const placed = record.kind === 'comment' ? record : 'place' in record ? record.place : undefined;
      const id = placed === undefined ? '' : idOf(run, placed);
      const parentId = placed === undefined ? null : (ids.get(placed.parent ?? '') ?? null);
      if (ids.size >= MAX_COMMENTS) {
        throw new ImportFormatError(`it has more than ${MAX_COMMENTS} comments: split it`);
      }
      if (placed !== undefined) {
        ids.set(placed.externalId, id);
        replies.note(id, placed.parent, parentId);
        places.noteAnswer(placed.parent);
        if (record.kind !== 'comment') places.note(id, placed);
      }
      if (!done) batch.push({ record, id, parentId });
    },
    waiting: () => Math.max(batch.length, threads.waiting()),
    flush,
    finish: async () => {
      await flush();
      await storing;
      const answered = places.answered().map(({ id, parent, thread, date }) => ({
        ...{ id, parent_id: ids.get(parent ?? '') ?? null, post_id: threads.placeOf(thread) },
        date_gmt: date > service.now() ? service.now() : date,
      }));
      for (let at = 0; at < answered.length; at += MOST_TIED) {
        await insertPlaces(service.db, site.id, answered.slice(at, at + MOST_TIED));
      }
      await tieReplies(service, site.id, replies.late(ids));
      const closed = threads.closed();
      for (let at = 0; at < closed.length; at += MOST_TIED) {
        await closePosts(service.db, site.id, closed.slice(at, at + MOST_TIED), service.now());
      }
      for (let at = 0; at < shown.length; at += MOST_TIED) {
        await listComments(
          service.db,
          site.id,
          shown.slice(at, at + MOST_TIED).filter((id) => id !== ''),
        );
      }
    },
    settled: () => storing,
  };
}

async function tieReplies(
  service: Service,
  siteId: string,
  late: readonly { id: string; parentId: string }[],
): Promise<void> {
  for (let at = 0; at < late.length; at += MOST_TIED) {
    await setParents(service.db, siteId, late.slice(at, at + MOST_TIED));
  }
}

function refuseErased({ line }: ImportedComment): ImportedRecord {
  return refused(line, 'erased', 'The author of this comment had it erased.');
}

interface Waiting {
  readonly record: ImportedRecord;
  readonly id: string;
  readonly parentId: string | null;
}

interface BatchPlan {
  readonly comments: readonly Insertable<CommentTable>[];
  readonly samples: Parameters<typeof insertSamples>[1];
  readonly refusals: Parameters<typeof noteBatch>[3];
  readonly counts: Pick<BatchCounts, 'records' | 'refused' | 'passedOver'>;
}

interface PlanContext {
  readonly service: Service;
  readonly site: SiteContext;
  readonly run: ImportRunRow;
  readonly campaigns: Campaigns;
  readonly threads: Threads;
}

function planBatch(
  context: PlanContext,
  batch: readonly Waiting[],
  first: number,
  mostRefusals: number,
): BatchPlan {
  const refusals = batch.flatMap(({ record }, at) =>
    record.kind === 'refused'
      ? [{ record: first + at, line: record.line, code: record.code, detail: record.detail }]
      : [],
  );
  const records = batch.map(({ record }) => record);
  return {
    comments: batch.flatMap(({ record, id, parentId }) =>
      record.kind === 'comment' ? [toRow(context, record, id, parentId)] : [],
    ),
    samples: toSampleRows(
      context.service,
      context.run,
      records.filter((record) => record.kind === 'sample'),
    ),
    refusals: refusals.slice(0, mostRefusals),
    counts: {
      records: batch.length,
      refused: refusals.length,
      passedOver: records.filter(({ kind }) => kind === 'passed_over').length,
    },
  };
}

async function storeBatch(
  service: Service,
  run: ImportRunRow,
  learnt: LearntThreads,
  plan: BatchPlan,
): Promise<void> {
  const { records, refused, passedOver } = plan.counts;
  await inTransaction(service.db, async (trx) => {
    await prepareBatch(trx);
    await insertPosts(trx, learnt.posts);
    await insertPostNames(trx, run.site_id, learnt.names);
    const stored = await insertComments(trx, plan.comments);
    const held = plan.comments.filter(({ id, status }) => status === 'hold' && stored.has(id));
    const now = service.now();
    await insertQueueItems(
      trx,
      // It waits here from now on, whatever its own date.
      held.map((row) => toQueueItem(row, { since: now, reasons: ['imported'] })),
    );
    const added = stored.size + (await insertSamples(trx, plan.samples));
    const known = records - added - refused - passedOver;
    await noteBatch(
      trx,
      run.id,
      { records, added, known, refused, passedOver, merged: learnt.merged },
      plan.refusals,
    );
  });
}

/** The same comment of the same system gets the same id again, so that a repeated import adds nothing. */
function idOf(run: ImportRunRow, { externalId, thread, date }: DeletedPlace): string {
  const digest = createHash('sha256')
    .update(`${run.site_id}|${run.format}|${thread.key}|${externalId}`)
    .digest();
  return createId(date.getTime(), new Uint8Array(digest.subarray(0, 10)));
}

const VERDICTS: Readonly<Record<Status, Verdict>> = {
  approved: 'ham',
  hold: 'unsure',
  spam: 'spam',
  trash: 'unsure',
};
const LABELS: Readonly<Partial<Record<Status, Label>>> = { approved: 'ham', spam: 'spam' };

function labelColumns(
  run: ImportRunRow,
  { status, label: told = LABELS[status] ?? null }: ImportedComment,
  at: Date,
) {
  const label = run.options.labels === false ? null : told;
  return label === null
    ? { label, label_by: null, labelled_at: null }
    : { label, label_by: `import:${run.id}`, labelled_at: at };
}

function toRow(
  { service, site, run, campaigns, threads }: PlanContext,
  comment: ImportedComment,
  id: string,
  parentId: string | null,
): Insertable<CommentTable> {
  const { status, content } = comment;
  const now = service.now();
  // A comment of the future would stay on top of every list.
  const date = comment.date > now ? now : comment.date;
  const signature = nearDuplicateSignature(content);
  // Only what waits for a human needs a score: scoring all would take longer than all the rest.
  const scorable = { content, authorName: comment.authorName, authorUrl: comment.authorUrl ?? undefined };
  const score = status === 'hold' ? tryScore(service, site, scorable) : null;
  const pseudonyms = pseudonymsOf(service.config.pseudonymKeys.slice(0, 1), site.id, comment);
  const thresholds = thresholdsFor(site.model.thresholds, score?.hasPayload ?? true);
  return {
    id,
    site_id: site.id,
    post_id: threads.placeOf(comment.thread),
    parent_id: parentId,
    author_name: comment.authorName,
    author_url: comment.authorUrl,
    author_user_agent: null,
    referrer: null,
    author_email: pseudonyms.email,
    author_email_loose: pseudonyms.emailLoose,
    author_ip: pseudonyms.ip,
    content,
    content_hash: hashContent(content),
    date_gmt: date,
    created_at: date,
    updated_at: now,
    status,
    verdict: VERDICTS[status],
    disposition: DISPOSITION_OF[status],
    log_odds: score?.logOdds ?? null,
    spam_probability: score?.spamProbability ?? null,
    threshold_ham: thresholds.ham,
    threshold_spam: thresholds.spam,
    model_version: score === null ? `import:${run.format}` : site.model.version,
    reasons: JSON.stringify([
      { rule: 'imported', disposition: DISPOSITION_OF[status], detail: `imported (${run.format})` },
    ]),
    ...labelColumns(run, comment, date),
    listed: !comment.thread.isHidden,
    ...signatureColumns(signature, now.getTime() - date.getTime() > CAMPAIGN_MS),
    campaign_id: campaigns.find(signature.bands, id),
  };
}

function toSampleRows(service: Service, run: ImportRunRow, samples: readonly ImportedSample[]) {
  const now = service.now();
  return samples.map((sample) => ({
    id: createId(now.getTime(), service.random(10)),
    site_id: run.site_id,
    content: sample.content,
    author_name: sample.authorName,
    author_url: sample.authorUrl,
    label: sample.label,
    source: `import:${run.format}`,
    actor: run.created_by,
    content_hash: hashContent(sample.content),
    created_at: now,
  }));
}
