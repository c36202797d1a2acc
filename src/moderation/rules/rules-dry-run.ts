/** What a rule would hit among the newest comments, before anyone saves it. */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Label } from '../../core/comment.ts';
import type { RuleDefinition, RuleFacts } from '../../core/rules/rule.ts';
import { compileRule } from '../../core/rules/rules.ts';
import { compileWordEntries } from '../../core/rules/rules-text.ts';
import type { Service } from '../../service.ts';
import { type RuleSubject, readNewestComments } from '../../storage/rules.ts';
import { scorable } from '../queue/explain.ts';
import { MOST_EXCEPTIONS, toFacts } from '../site/site-rules.ts';
import { type NewRule, prepareRule } from './rules.ts';
import { type Hindsight, lookBack } from './stored-circumstances.ts';

const NEWEST = 10_000;
const MOST_EXAMPLES = 20;
const EXAMPLE_CHARACTERS = 300;

/** Ham and spam by human label, else by where the comment stands; `undecided` waits or was trashed. */
export interface TruthCounts {
  ham: number;
  spam: number;
  undecided: number;
}

/** A comment that the rule would hit. */
interface Example {
  readonly id: string;
  readonly truth: keyof TruthCounts;
  readonly detail: string;
  readonly author_name: string;
  /** Cut at 300 characters. */
  readonly content: string;
}

export interface DryRun {
  /** The newest comments that were looked at, 10,000 at most. */
  readonly looked_at: TruthCounts;
  readonly hits: TruthCounts;
  /** Newest first. */
  readonly examples: readonly Example[];
  /**
   * `words`: entries that stand in good comments, the worst first, as many as `except` takes: leave them out or say why
   * not.
   */
  readonly entries_hitting_ham: readonly { entry: string; ham: number; spam: number }[];
  /** Whether the rule needs what no stored comment tells, so that no hits say nothing. */
  readonly unseen: boolean;
  /** How much of the rule could be tried, and what not and why; null when all was. */
  readonly seen: Hindsight['seen'];
  readonly unseen_because: string | null;
}

/** @throws {RefusedError} `invalid_value` for a rule that cannot be used. */
export async function dryRunRule(service: Service, siteId: string, wanted: NewRule): Promise<DryRun> {
  const definition = await prepareRule(service, siteId, wanted);
  const { match } = compileRule({ ...definition, expiresAt: null });
  const hindsight = await lookBack(service, siteId, definition);
  const entries = createEntryCounter(definition);
  const lookedAt: TruthCounts = { ham: 0, spam: 0, undecided: 0 };
  const hits: TruthCounts = { ham: 0, spam: 0, undecided: 0 };
  const examples: Example[] = [];
  for await (const page of readNewestComments(service.db, siteId, NEWEST)) {
    for (const row of page) {
      const truth = truthOf(row);
      const facts = { ...factsOf(row), ...hindsight.recall(row) };
      lookedAt[truth]++;
      const detail = hindsight.match ? hindsight.match(row) : match(facts);
      if (detail === null) continue;
      hits[truth]++;
      entries.count(facts, truth);
      if (examples.length < MOST_EXAMPLES) {
        const content = row.content.slice(0, EXAMPLE_CHARACTERS);
        examples.push({ id: row.id, truth, detail, author_name: row.author_name, content });
      }
    }
    await breathe();
  }
  return {
    looked_at: lookedAt,
    hits,
    examples,
    entries_hitting_ham: entries.hittingHam(),
    unseen: hindsight.seen === 'none',
    seen: hindsight.seen,
    unseen_because: hindsight.why,
  };
}

function truthOf({ label, status }: RuleSubject): Label | 'undecided' {
  if (label !== null) return label;
  return status === 'approved' ? 'ham' : status === 'spam' ? 'spam' : 'undecided';
}

function factsOf(row: RuleSubject): RuleFacts {
  return toFacts(scorable(row), {
    authorKeys: row.author_email_loose === null ? [] : [row.author_email_loose],
    threadAgeDays: (row.created_at.getTime() - row.post_created_at.getTime()) / 86_400_000,
  });
}

function createEntryCounter({ kind, pattern, options }: RuleDefinition) {
  const words = kind === 'words' ? compileWordEntries(pattern, options) : null;
  const counts = new Map<number, { ham: number; spam: number }>();
  return {
    count: (facts: RuleFacts, truth: keyof TruthCounts) => {
      if (words === null || truth === 'undecided') return;
      for (const entry of words.findEvery(facts)) {
        const count = counts.get(entry) ?? { ham: 0, spam: 0 };
        count[truth]++;
        counts.set(entry, count);
      }
    },
    hittingHam: () =>
      [...counts]
        .filter(([, { ham }]) => ham > 0)
        .sort(([a, x], [b, y]) => y.ham - x.ham || x.spam - y.spam || a - b)
        .slice(0, MOST_EXCEPTIONS)
        .map(([entry, count]) => ({ entry: words?.entries[entry] ?? '', ...count })),
  };
}
