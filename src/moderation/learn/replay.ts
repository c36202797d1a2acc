/**
 * Replay: the comments of a span of time through a model and a rule set, dry. What no stored comment tells (the
 * honeypot, the time the form took, an author's history on that day, an address) stays as it was found then.
 */
import { z } from 'zod';
import type { Disposition, Verdict } from '../../core/comment.ts';
import { firstIdOf } from '../../core/id.ts';
import type { Finding } from '../../core/policy.ts';
import { type RuleDefinition, UNSEEN_KINDS } from '../../core/rules/rule.ts';
import { compileRule } from '../../core/rules/rules.ts';
import { compileWords } from '../../core/text/words.ts';
import type { Service } from '../../service.ts';
import { countSpan, type IdSpan, type ReplaySubject, readSpan } from '../../storage/learn/replay.ts';
import type { Actor } from '../actor.ts';
import { type JobHandler, type JobView, queueJob } from '../jobs.ts';
import { scorable } from '../queue/explain.ts';
import { RefusedError } from '../refused-error.ts';
import { type NewRule, prepareRule } from '../rules/rules.ts';
import { loadModel } from '../site/load-model.ts';
import { isProven, promiseOf } from '../site/promise.ts';
import { type Assessment, assessComment, NOTHING_TO_REFUSE } from '../site/score.ts';
import { readSettings } from '../site/settings.ts';
import { readSiteContext, type SiteContext } from '../site/site-context.ts';
import { ruleKindSchema, ruleOptionsSchema } from '../site/site-rules.ts';
import { mapInTurns } from '../yield-between.ts';

export interface ReplayRequest {
  /** Comments received from here on … */
  readonly from: Date;
  /** … and before. */
  readonly to: Date;
  /** undefined: the active model. */
  readonly version: string | undefined;
  readonly rules: 'current' | 'none' | readonly NewRule[];
  /** Settings to try; those left out stay as they are. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How many changed comments are named, the newest first. */
  readonly examples: number;
}

const storedRule = z.object({
  id: z.string(),
  kind: ruleKindSchema,
  pattern: z.string(),
  options: ruleOptionsSchema,
  disposition: z.enum(['publish', 'hold', 'spam', 'discard']),
  note: z.string().nullable(),
});
const inputShape = z.object({
  from: z.string(),
  to: z.string(),
  version: z.string(),
  rules: z.union([z.enum(['current', 'none']), z.array(storedRule)]),
  settings: z.record(z.string(), z.unknown()),
  examples: z.number(),
});
type Input = z.infer<typeof inputShape>;

/** Queues a replay. @throws {RefusedError} `not_found`, `model_not_usable`, `invalid_value` for a rule or the span. */
export async function queueReplay(
  service: Service,
  site: SiteContext,
  actor: Actor,
  request: ReplayRequest,
): Promise<JobView> {
  if (request.from >= request.to) {
    throw new RefusedError('invalid_value', 'The span is empty: “from” must be before “to”.');
  }
  const version = request.version ?? site.model.version;
  await loadModel(service, site.id, version);
  const input: Input = {
    from: request.from.toISOString(),
    to: request.to.toISOString(),
    version,
    rules: typeof request.rules === 'string' ? request.rules : await prepare(service, site, request.rules),
    settings: request.settings,
    examples: request.examples,
  };
  return await queueJob(service, site.id, actor, 'replay', input);
}

async function prepare(service: Service, site: SiteContext, rules: readonly NewRule[]) {
  const prepared: z.infer<typeof storedRule>[] = [];
  for (const [at, rule] of rules.entries()) {
    const definition = await prepareRule(service, site.id, rule);
    prepared.push(storedRule.parse({ ...definition, id: `given-${at + 1}` }));
  }
  return prepared;
}

/** How many comments went one way and would go another (or the same). */
interface Change {
  readonly did: string;
  readonly would: string;
  readonly count: number;
}

interface Example {
  readonly id: string;
  readonly did: Outcome;
  readonly would: Outcome;
}

interface Outcome {
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  readonly spam_probability: number | null;
  readonly reasons: readonly string[];
}

/** Runs a replay; comments that came or went meanwhile are looked at or not as they are met. */
export const replayComments: JobHandler = async (service, job, progress) => {
  const input = inputShape.parse(job.input);
  const now = await readSiteContext(service, job.site_id);
  if (!now) throw new RefusedError('not_found', 'The site is gone.');
  const site = await setScene(service, now, input);
  const span = idSpan(input);
  const total = await countSpan(service.db, site.id, span);
  const tally = createTally(input.examples);
  let done = 0;
  for await (const page of readSpan(service.db, site.id, span)) {
    await mapInTurns(page, (subject) => tally.add(subject, replayOne(service, site, subject)));
    done += page.length;
    await progress(done, Math.max(done, total));
  }
  const { from, to, version } = input;
  return { model_version: version, from, to, ...tally.result() };
};

function idSpan({ from, to }: Input): IdSpan {
  const id = (time: string) => firstIdOf(new Date(time).getTime());
  return { from: id(from), to: id(to) };
}

/** The site as it would be: with the settings, the model and the rules that were asked for. */
async function setScene(service: Service, site: SiteContext, input: Input): Promise<SiteContext> {
  const model = await loadModel(service, site.id, input.version);
  const rules = typeof input.rules === 'string' ? [] : input.rules.map(toCompiled);
  const settings = readSettings({ ...site.settings, ...input.settings });
  return {
    ...site,
    settings,
    bannedWords: compileWords(settings.banned_words),
    suspectWords: compileWords(settings.suspect_words),
    model,
    bounded: model !== service.starter && isProven(model.bound, promiseOf(settings)),
    rules: input.rules === 'current' ? site.rules : rules,
  };
}

function toCompiled(rule: z.infer<typeof storedRule>) {
  const definition: RuleDefinition = { ...rule, expiresAt: null };
  return compileRule(definition);
}

function replayOne(service: Service, site: SiteContext, subject: ReplaySubject): Assessment {
  const filled = subject.reasons.some(({ rule }) => rule === 'honeypot');
  return assessComment(service, site, scorable(subject), {
    ...NOTHING_TO_REFUSE,
    honeypotFilled: filled,
    elapsedSeconds: null,
    author: { approved: 1, recentRejected: 0 },
    ruleCircumstances: {
      authorKeys: subject.author_email_loose === null ? [] : [subject.author_email_loose],
      threadAgeDays: Math.max(
        0,
        (subject.created_at.getTime() - subject.post_created_at.getTime()) / 86_400_000,
      ),
    },
    findingsThen: subject.reasons.filter(({ rule }) => standsAsFound(rule, site)),
  });
}

/** Whether a finding of then is taken over: nothing stored tells it anew, and the site still asks for it. */
function standsAsFound(rule: string, { settings, rules }: SiteContext): boolean {
  switch (rule) {
    case 'too_fast':
      return settings.minimum_seconds > 0;
    case 'trackback':
      return settings.hold_trackbacks;
    case 'first_time_author':
      return settings.hold_first_time_authors;
    case 'recent_rejections':
      return settings.recent_rejections > 0;
    default:
      return rules.some(
        ({ definition }) => rule === `rule:${definition.id}` && UNSEEN_KINDS.has(definition.kind),
      );
  }
}

function createTally(mostExamples: number) {
  const verdicts = new Map<string, number>();
  const dispositions = new Map<string, number>();
  const labelled = new Map<string, number>();
  const examples: Example[] = [];
  let comments = 0;
  let changed = 0;
  return {
    add: (subject: ReplaySubject, { score, policy }: Assessment) => {
      comments += 1;
      count(verdicts, subject.verdict, policy.verdict);
      count(dispositions, subject.disposition, policy.disposition);
      if (subject.label !== null) count(labelled, subject.label, subject.disposition, policy.disposition);
      if (subject.verdict === policy.verdict && subject.disposition === policy.disposition) return;
      changed += 1;
      if (examples.length < mostExamples) {
        const { id, verdict, disposition, spam_probability, reasons } = subject;
        examples.push({
          id,
          did: { verdict, disposition, spam_probability, reasons: namesOf(reasons) },
          would: {
            verdict: policy.verdict,
            disposition: policy.disposition,
            spam_probability: score?.spamProbability ?? null,
            reasons: namesOf(policy.reasons),
          },
        });
      }
    },
    result: () => ({
      comments,
      changed,
      verdicts: toChanges(verdicts),
      dispositions: toChanges(dispositions),
      labelled: [...labelled].sort().map(([key, count]) => {
        const [label = '', did = '', would = ''] = key.split(' ');
        return { label, did, would, count };
      }),
      examples,
    }),
  };
}

function count(counts: Map<string, number>, ...key: readonly string[]): void {
  const name = key.join(' ');
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function toChanges(counts: ReadonlyMap<string, number>): Change[] {
  return [...counts].sort().map(([key, count]) => {
    const [did = '', would = ''] = key.split(' ');
    return { did, would, count };
  });
}

function namesOf(findings: readonly Pick<Finding, 'rule'>[]): string[] {
  return findings.map(({ rule }) => rule);
}
