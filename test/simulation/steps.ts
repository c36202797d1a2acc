/** The steps of the simulation, and what must hold after each of them. */

import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import type { Fault } from './faulty-dialect.ts';
import { type Known, Ledger, type StoredComment } from './ledger.ts';
import { listTables, type Outcome, World, type WorldOptions } from './world.ts';

const FAULTS: readonly Fault[] = ['fail', 'conflict', 'crash', 'crash-after'];
const FAULT_SHARE = 0.25;
/** A fault comes at one of so many statements: most steps have fewer than 20. */
const MOST_STATEMENTS = 24;
const EMAILS = ['ada', 'ben', 'cleo', 'dan', 'eve'].map((name) => `${name}@example.org`);
const CLAIM_SECONDS = 60;
const TEXTS = [
  'The bridge should be repaired before winter, says',
  'Buy cheap pills now, best price, asks',
  'I disagree with the council about the school, writes',
  'Check out my channel and subscribe please, begs',
];

type Step = (run: Run) => Promise<void>;
type WeightedStep = readonly [weight: number, name: string, step: Step];

export interface Run {
  readonly world: World;
  readonly ledger: Ledger;
  /** What was done, for whoever looks at a failure. */
  readonly story: string[];
  texts: number;
  model: string | null;
}

/** @throws with the seed and the story when something does not hold. */
export async function simulate(
  pglite: PGlite,
  seed: number,
  steps: number,
  options: WorldOptions,
): Promise<Run> {
  const world = await World.create(pglite, seed, options);
  const run: Run = { world, ledger: new Ledger(), story: [], texts: 0, model: null };
  try {
    for (let at = 0; at < steps; at++) {
      await takeStep(run);
      await checkRows(run);
    }
    await checkEverything(run);
    return run;
  } catch (error) {
    const told = run.story.slice(-12).join('\n  ');
    throw new Error(`seed ${seed}, step ${run.story.length}: ${String(error)}\n  ${told}`, { cause: error });
  }
}

async function takeStep(run: Run): Promise<void> {
  const { world } = run;
  world.pass(world.below(40));
  const [, name, step] = world.pick(WEIGHTED) ?? STEPS[0];
  const fault = world.random() < FAULT_SHARE ? world.pick(FAULTS) : undefined;
  const statement = 1 + world.below(MOST_STATEMENTS);
  run.story.push(`${name}${fault === undefined ? '' : `, ${fault} at statement ${statement}`}`);
  if (fault === undefined) await step(run);
  else await withFault(run, fault, statement, step);
}

/** The step may leave questions (what became of it?): they are asked when the fault is over. */
async function withFault(run: Run, fault: Fault, statement: number, step: Step): Promise<void> {
  const questions: (() => Promise<void>)[] = [];
  asked = questions;
  try {
    await run.world.withFault(fault, statement, () => step(run));
  } finally {
    asked = null;
  }
  for (const question of questions) await question();
}

let asked: (() => Promise<void>)[] | null = null;

/** What is to be found out once the fault is over; at once where there is none. */
async function later(question: () => Promise<void>): Promise<void> {
  if (asked === null) await question();
  else asked.push(question);
}

const who = ({ world }: Run) => world.pick(['ada', 'ben']) ?? 'ada';

const submit: Step = async (run) => {
  const { world, ledger } = run;
  run.texts += 1;
  const word = `zq${run.texts.toString(36)}x${world.below(46_656).toString(36)}qz`;
  const email = world.pick(EMAILS) ?? '';
  const content = `${world.pick(TEXTS)} ${word} of article ${run.texts}.`;
  const body = { post: `article-${world.below(3)}`, author_name: 'Reader', author_email: email, content };
  const key = `key-${run.texts}`;
  const send = () =>
    world.call<{ id: string; status: string }>('ada', 'POST', '/v1/comments', body, {
      'idempotency-key': key,
    });
  const note = (answer: Outcome<{ id: string; status: string }>) => {
    if (answer.kind !== 'done') throw new Error(`a comment was not taken: ${JSON.stringify(answer)}`);
    ledger.add({ id: answer.body.id, email, content, word, status: answer.body.status });
  };
  const answer = await send();
  if (answer.kind === 'done') {
    note(answer);
    const again = await send();
    const same = again.kind !== 'done' || again.body.id === answer.body.id;
    if (!same) throw new Error('a repeated request was stored twice');
    return;
  }
  await later(async () => note(await send()));
};

const edit: Step = async (run) => {
  const { world, ledger } = run;
  const known = world.pick([...ledger.comments.values()]);
  if (!known) return;
  const content = `${world.pick(TEXTS)} ${known.word}, corrected ${run.story.length}.`;
  const answer = await world.call(who(run), 'PATCH', `/v1/comments/${known.id}`, { content });
  await later(async () => {
    const row = await readRow(world, known.id);
    const isNew = row?.content === content;
    if (answer.kind === 'done' && !isNew) throw new Error('an edit was acknowledged and is not there');
    if (!isNew || !row) return;
    const moreVisible = row.status === 'approved' && known.status !== 'approved';
    if (moreVisible) throw new Error('an edit made a comment more visible');
    Object.assign(known, { content, status: row.status, label: null, edited: true });
    known.decisions.length = 0;
  });
};

const claim: Step = async ({ world, ledger, ...run }) => {
  const by = who({ world, ledger, ...run });
  const body = { limit: 2, seconds: CLAIM_SECONDS };
  const answer = await world.call<{ items: { comment: { id: string } }[] }>(
    by,
    'POST',
    '/v1/queue/claims',
    body,
  );
  if (answer.kind !== 'done') return;
  const ids = answer.body.items.map(({ comment }) => comment.id);
  ledger.claim(ids, by, world.now(), CLAIM_SECONDS);
};

const decide: Step = async (run) => {
  const { world, ledger } = run;
  const known = world.pick([...ledger.comments.values()]);
  if (!known) return;
  const decision = world.pick(['approve', 'spam', 'reject']) ?? 'approve';
  const body = { decision, ...(decision === 'reject' && { reason: 'insult' }) };
  const stood = known.decisions.length > 0;
  const path = `/v1/comments/${known.id}/decisions`;
  const answers = [await world.call<Decided>('ada', 'POST', path, body)];
  // Of two decisions one wins.
  const other = await world.call<Decided>('ben', 'POST', path, { decision: 'spam' });
  answers.push(other);
  await later(() => settleDecision(run, known, stood, [decision, 'spam'], answers));
};

interface Decided {
  readonly decision_id?: string;
}

async function settleDecision(
  { world, ledger }: Run,
  known: Known,
  stood: boolean,
  decisions: readonly string[],
  answers: readonly Outcome<Decided>[],
): Promise<void> {
  const before = new Set(known.decisions.map(({ id }) => id));
  const { rows } = await sql<{ id: string; decision: string }>`select id, decision from decision d
    where comment_id = ${known.id} and decision <> 'undo'
    and not exists (select from decision u where u.undoes = d.id) order by created_at, id`.execute(world.db);
  const fresh = rows.filter(({ id }) => !before.has(id)).at(-1);
  const won = answers.flatMap((answer) => (answer.kind === 'done' ? [answer.body.decision_id ?? ''] : []));
  if (known.edited) {
    const row = await readRow(world, known.id);
    Object.assign(known, { status: row?.status, label: row?.label });
    return;
  }
  if (stood && fresh) throw new Error('a decision was replaced without its version');
  if (!stood && won.length > 1) {
    if (new Set(won).size > 1) throw new Error('two decisions won');
  }
  for (const id of won) {
    if (!before.has(id) && id !== fresh?.id) throw new Error('an acknowledged decision is not there');
  }
  if (fresh) ledger.decide(known.id, fresh.decision, fresh.id);
  else if (won.length > 0 && !stood) throw new Error(`a decision was lost: ${decisions.join()}`);
}

const undo: Step = async (run) => {
  const { world, ledger } = run;
  const known = world.pick([...ledger.comments.values()].filter(({ decisions }) => decisions.length > 0));
  const last = known?.decisions.at(-1);
  if (!known || !last) return;
  const answer = await world.call('ada', 'POST', `/v1/decisions/${last.id}/undo`);
  await later(async () => {
    const { rows } = await sql`select 1 from decision where undoes = ${last.id}`.execute(world.db);
    if (rows.length > 1) throw new Error('a decision was undone twice');
    if (answer.kind === 'done' && rows.length === 0)
      throw new Error('an undo was acknowledged and is not there');
    if (answer.kind === 'refused') throw new Error(`an undo was refused: ${answer.status}`);
    if (rows.length === 1) ledger.undo(known.id);
  });
};

const remove: Step = async (run) => {
  const { world, ledger } = run;
  const known = world.pick([...ledger.comments.values()]);
  if (!known) return;
  const answer = await world.call(who(run), 'DELETE', `/v1/comments/${known.id}`);
  await later(async () => {
    const gone = (await readRow(world, known.id)) === null;
    if (answer.kind === 'done' && !gone) throw new Error('a deletion was acknowledged and is not done');
    if (gone) ledger.remove(known.id);
    await checkErased(run);
  });
};

const erase: Step = async (run) => {
  const { world, ledger } = run;
  const email = world.pick(EMAILS) ?? '';
  const theirs = [...ledger.comments.values()].filter((known) => known.email === email);
  const answer = await world.call<{ comments: number }>('ada', 'POST', '/v1/privacy/erasures', { email });
  await later(async () => {
    const left = [];
    for (const { id } of theirs) if (await readRow(world, id)) left.push(id);
    if (left.length > 0 && left.length < theirs.length) throw new Error('an erasure was done by half');
    if (answer.kind === 'done') {
      if (left.length > 0) throw new Error('an erasure was acknowledged and is not done');
      if (answer.body.comments !== theirs.length)
        throw new Error(`${answer.body.comments} of ${theirs.length} erased`);
    }
    if (left.length === 0) ledger.erase(email);
    await checkErased(run);
  });
};

const retrain: Step = async (run) => {
  const { world } = run;
  const labelled = [...run.ledger.comments.values()].filter(({ label }) => label !== null).length;
  const samples = Array.from({ length: 60 }, (_, at) => ({
    content: `${TEXTS[at % 4]} somebody ${at} of ${run.texts % 7}`,
    label: at % 2 === 0 ? 'ham' : 'spam',
  }));
  await world.call('ada', 'POST', '/v1/samples', samples.map((line) => JSON.stringify(line)).join('\n'));
  const asked = await world.call<{ job: string }>('ada', 'POST', '/v1/models', {});
  await world.work();
  if (asked.kind !== 'done') return;
  await later(async () => {
    await world.work();
    const job = await world.call<{ state: string; result: { model_version: string } | null }>(
      'ada',
      'GET',
      `/v1/jobs/${asked.body.job}`,
    );
    if (job.kind !== 'done') throw new Error('a job is lost');
    run.story.push(`  trained on ${labelled} decisions: ${job.body.state}`);
    run.model = job.body.result?.model_version ?? run.model;
  });
};

const activate: Step = async ({ world, model }) => {
  if (model === null) return;
  const answer = await world.call('ada', 'POST', `/v1/models/${model}/activate`, { force: true });
  await later(async () => {
    const { rows } = await sql<{ active: string | null; states: number }>`select active_model as active,
      (select count(*)::int from model m where m.site_id = s.id and m.state = 'active') as states
      from site s where id = ${world.siteId}`.execute(world.db);
    const [row] = rows;
    if (answer.kind === 'done' && row?.active !== model) throw new Error('an activation is not there');
    if ((row?.active === null ? 0 : 1) !== row?.states) throw new Error('the active model is not one');
  });
};

const STEPS: readonly [WeightedStep, ...WeightedStep[]] = [
  [30, 'submit', submit],
  [8, 'edit', edit],
  [10, 'claim', claim],
  [22, 'decide', decide],
  [10, 'undo', undo],
  [3, 'delete', remove],
  [4, 'erase', erase],
  [1, 'retrain', retrain],
  [3, 'activate', activate],
  [2, 'rotate keys', ({ world }) => world.rotateKeys()],
  [3, 'reopen', ({ world }) => world.reopen()],
  [8, 'work', ({ world }) => world.work()],
];

/** Each step as often as it weighs. */
const WEIGHTED = STEPS.flatMap((step) => Array.from({ length: step[0] }, () => step));

async function readRow(world: World, id: string): Promise<StoredComment | null> {
  return (await readRows(world)).find((row) => row.id === id) ?? null;
}

async function readRows({ db, siteId }: World): Promise<StoredComment[]> {
  const { rows } = await sql<StoredComment>`select id, content, status, label,
    exists (select from queue_item q where q.comment_id = c.id) as queued,
    (select count(*)::int from decision d where d.comment_id = c.id and decision <> 'undo'
      and not exists (select from decision u where u.undoes = d.id)) as standing
    from comment c where site_id = ${siteId}`.execute(db);
  return rows;
}

/** Nothing acknowledged is lost, nothing else is there, and counts are rows. */
async function checkRows({ world, ledger }: Run): Promise<void> {
  const differences = ledger.differences(await readRows(world));
  if (differences.length > 0) throw new Error(differences.join('; '));
  const stats = await world.call<{ comments: Record<string, number> }>('ada', 'GET', '/v1/stats');
  if (stats.kind !== 'done') throw new Error('the counts were not answered');
  const counts = ledger.counts();
  for (const status of ['approved', 'hold', 'spam', 'trash']) {
    if ((stats.body.comments[status] ?? 0) !== (counts[status] ?? 0))
      throw new Error(`counts of ${status} are wrong`);
  }
}

/** No column of any table has a word of what was erased. */
async function checkErased({ world, ledger }: Run): Promise<void> {
  if (ledger.erased.length === 0) return;
  const words = sql`array[${sql.join(ledger.erased.map((word) => `%${word}%`))}]::text[]`;
  const tables = await listTables(world.db);
  const looks = tables.map(
    (name) => sql`select ${name}::text as name from ${sql.table(name)} t where t::text like any(${words})`,
  );
  const { rows } = await sql<{ name: string }>`${sql.join(looks, sql` union all `)}`.execute(world.db);
  if (rows.length > 0) throw new Error(`erased text is still in ${rows.map(({ name }) => name).join()}`);
}

async function checkEverything(run: Run): Promise<void> {
  const { world } = run;
  await world.reopen();
  await checkRows(run);
  await checkErased(run);
  const chain = await verifyAuditChain(world.db);
  if (chain.broken) throw new Error(`the audit log is broken at ${chain.broken.seq}: ${chain.broken.why}`);
  const { rows } = await sql<{
    id: string;
  }>`select id from webhook_delivery where state = 'delivered'`.execute(world.db);
  const untold = rows.filter(({ id }) => !world.received.has(id));
  if (untold.length > 0)
    throw new Error(`${untold.length} messages count as delivered and were never received`);
}
