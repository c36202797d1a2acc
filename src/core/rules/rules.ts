/**
 * A site's own rules: what each kind looks at and when it fires. Compiled once for a site's revision, pure after that.
 *
 * A rule that needs what is not known (the address behind a stored comment, the time a form took) does not fire.
 */
import type { Finding } from '../policy.ts';
import { findLinks } from '../text/links.ts';
import type { CompiledRule, RuleDefinition, RuleFacts, RuleKind, RuleMatcher, RuleOptions } from './rule.ts';
import { RuleError } from './rule-error.ts';
import { compileAuthors, compileEmailDomains, compileHosts, compileNetworks } from './rules-circumstances.ts';
import { compileLanguages, compilePattern, compileWordEntries } from './rules-text.ts';

/**
 * Compiles a rule.
 *
 * @throws {RuleError} a bad expression, host, network, number or language.
 */
export function compileRule(definition: RuleDefinition): CompiledRule {
  const { kind, pattern, options } = definition;
  if (kind === 'pattern') return { definition, ...compilePattern(pattern, options) };
  return { definition, match: compileMatcher(kind, pattern, options), steps: 0 };
}

function compileMatcher(
  kind: Exclude<RuleKind, 'pattern'>,
  pattern: string,
  options: RuleOptions,
): RuleMatcher {
  switch (kind) {
    case 'words':
      return compileWordEntries(pattern, options).match;
    case 'link_count':
      return compileLinkCount(readNumber(pattern, 'links', 0, 1000));
    case 'link_host':
      return compileHosts(pattern);
    case 'language':
      return compileLanguages(pattern);
    case 'author':
      return compileAuthors(pattern);
    case 'ip_network':
      return compileNetworks(pattern);
    case 'email_domain':
      return compileEmailDomains(pattern);
    case 'disposable_email':
      return ({ disposableEmail }) => (disposableEmail === true ? 'a disposable e-mail address' : null);
    case 'honeypot':
      return ({ honeypotFilled }) =>
        honeypotFilled === true ? 'a field that people cannot see was filled' : null;
    case 'minimum_time':
      return compileMinimumTime(readNumber(pattern, 'seconds', 0, 3600));
    case 'thread_age':
      return compileThreadAge(readNumber(pattern, 'days', 0, 36_500));
  }
}

function readNumber(pattern: string, what: string, least: number, most: number): number {
  const number = /^\d{1,6}(\.\d{1,3})?$/.test(pattern.trim()) ? Number(pattern) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new RuleError(`a number of ${what} from ${least} to ${most} is needed`);
}

function compileLinkCount(most: number): RuleMatcher {
  return ({ content }) => {
    const count = findLinks(content).length;
    return count > most ? `${count} links, ${most} allowed` : null;
  };
}

function compileMinimumTime(seconds: number): RuleMatcher {
  return ({ elapsedSeconds }) =>
    elapsedSeconds !== null && elapsedSeconds < seconds
      ? `sent ${elapsedSeconds.toFixed(1)} s after the form was shown`
      : null;
}

function compileThreadAge(days: number): RuleMatcher {
  return ({ threadAgeDays }) =>
    threadAgeDays !== null && threadAgeDays >= days
      ? `the post is ${Math.floor(threadAgeDays)} days old`
      : null;
}

/**
 * Visits of all patterns of a site together on one comment: about 0.1 s. Eight patterns and one comment of 64 KiB held the
 * process for 34 s, for all tenants.
 */
const MAX_VISITS = 15_000_000;
/** Steps of all patterns of a site together: with these, a comment of up to 7,500 characters is always matched. */
export const MAX_STEPS_OF_SITE = 2_000;
const TOO_LONG: Finding = {
  rule: 'rules_failed',
  disposition: 'hold',
  detail: "the text is too long for all of the site's patterns",
};

function countVisits(rules: readonly CompiledRule[], facts: RuleFacts): number {
  const characters = facts.content.length + facts.authorName.length + facts.authorUrl.length;
  return rules.reduce((sum, { steps }) => sum + steps, 0) * characters;
}

/**
 * What the rules find, in their order. A comment that is too long for all patterns together is held, and they are passed
 * over. The finding is named `rule:ID`, so that a moderator can clear one rule's
 * false positives; rules that have expired by `nowMs` are passed over.
 */
export function evaluateRules(rules: readonly CompiledRule[], facts: RuleFacts, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  const live = rules.filter(({ definition: { expiresAt } }) => expiresAt === null || expiresAt > nowMs);
  const tooLong = countVisits(live, facts) > MAX_VISITS;
  if (tooLong) findings.push(TOO_LONG);
  for (const { definition, match, steps } of live) {
    if (tooLong && steps > 0) continue;
    const why = match(facts);
    if (why === null) continue;
    const { id, disposition, note } = definition;
    findings.push({ rule: `rule:${id}`, disposition, detail: note === null ? why : `${why} (${note})` });
  }
  return findings;
}
