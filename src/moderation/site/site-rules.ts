/** A site's own rules as a process uses them: compiled once, evaluated for each comment. */

import { z } from 'zod';
import type { ScorableComment } from '../../core/comment.ts';
import type { Finding } from '../../core/policy.ts';
import {
  type CompiledRule,
  RULE_FIELDS,
  RULE_KINDS,
  type RuleDefinition,
  type RuleFacts,
} from '../../core/rules/rule.ts';
import { compileRule, evaluateRules } from '../../core/rules/rules.ts';
import { describeError } from '../../logging.ts';
import type { Service } from '../../service.ts';
import type { RuleRow } from '../../storage/rules.ts';
import { storable } from './storable-text.ts';

/** A rule leaves out so many entries of its list at most. */
export const MOST_EXCEPTIONS = 20_000;

/** What the API takes and the database keeps as a rule's options. */
export const ruleOptionsSchema = z.strictObject({
  match: z.enum(['word', 'substring']).optional().describe('words: at word boundaries (usual), or anywhere.'),
  fields: z.array(z.enum(RULE_FIELDS)).min(1).max(3).optional().describe('words, pattern: where to look.'),
  case_sensitive: z.boolean().optional().describe('pattern: whether case counts.'),
  except: z
    .array(storable(z.string().min(1).max(500)))
    .max(MOST_EXCEPTIONS)
    .optional()
    .describe('words: entries left out.'),
});
export const ruleKindSchema = z.enum(RULE_KINDS);

/** Beside the text; what is left out is not known. */
export type RuleCircumstances = Partial<Omit<RuleFacts, 'content' | 'authorName' | 'authorUrl'>>;

export function toDefinition(row: RuleRow): RuleDefinition {
  return {
    id: row.id,
    kind: ruleKindSchema.parse(row.kind),
    pattern: row.pattern,
    options: ruleOptionsSchema.parse(row.options),
    disposition: row.disposition,
    note: row.note,
    expiresAt: row.expires_at?.getTime() ?? null,
  };
}

/**
 * Compiles the rules that are switched on; what `before` has compiled of the same pattern and options is taken from
 * there. A rule that cannot be compiled is logged and left out: it must not stop the site's comments.
 */
export function compileSiteRules(
  service: Service,
  rows: readonly RuleRow[],
  before: readonly CompiledRule[],
): CompiledRule[] {
  const known = new Map(before.map((rule) => [rule.definition.id, rule]));
  return rows.flatMap((row) => {
    if (!row.enabled) return [];
    try {
      const definition = toDefinition(row);
      const compiled = known.get(row.id);
      if (compiled === undefined || !isSame(compiled.definition, definition))
        return [compileRule(definition)];
      return [{ ...compiled, definition }];
    } catch (error) {
      service.log.error('rule-not-usable', { siteId: row.site_id, kind: row.kind, ...describeError(error) });
      return [];
    }
  });
}

/** Whether both look at the same: their matchers are then the same, too. */
function isSame(one: RuleDefinition, other: RuleDefinition): boolean {
  return one.pattern === other.pattern && JSON.stringify(one.options) === JSON.stringify(other.options);
}

export function toFacts(comment: ScorableComment, circumstances: RuleCircumstances): RuleFacts {
  return {
    authorKeys: [],
    ip: null,
    emailDomain: null,
    disposableEmail: null,
    honeypotFilled: null,
    elapsedSeconds: null,
    threadAgeDays: null,
    ...circumstances,
    content: comment.content,
    authorName: comment.authorName ?? '',
    authorUrl: comment.authorUrl ?? '',
  };
}

/** What the site's rules find. Never throws: when they fail, the comment is held for that. */
export function applyRules(
  service: Service,
  site: { readonly id: string; readonly rules: readonly CompiledRule[] },
  comment: ScorableComment,
  circumstances: RuleCircumstances,
): Finding[] {
  if (site.rules.length === 0) return [];
  try {
    return evaluateRules(site.rules, toFacts(comment, circumstances), service.now().getTime());
  } catch (error) {
    service.log.error('rules-failed', { siteId: site.id, ...describeError(error) });
    return [{ rule: 'rules_failed', disposition: 'hold', detail: "the site's rules failed on this comment" }];
  }
}
