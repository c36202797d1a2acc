/**
 * A site's own rules: what each kind looks at and when it fires. Compiled once for a site's revision, pure after that.
 *
 * A rule that needs what is not known (the address behind a stored comment, the time a form took) does not fire.
 */
import type { Finding } from '../policy.ts';
import { findLinks } from '../text/links.ts';
import type { CompiledRule, RuleDefinition, RuleFacts, RuleMatcher } from './rule.ts';
import { RuleError } from './rule-error.ts';
import { compileAuthors, compileEmailDomains, compileHosts, compileNetworks } from './rules-circumstances.ts';
import { compileLanguages, compilePattern, compileWordEntries } from './rules-text.ts';

/**
 * Compiles a rule.
 *
 * @throws {RuleError} a bad expression, host, network, number or language.
 */
export function compileRule(definition: RuleDefinition): CompiledRule {
  return { definition, match: compileMatcher(definition) };
}

function compileMatcher({ kind, pattern, options }: RuleDefinition): RuleMatcher {
  switch (kind) {
    case 'words':
      return compileWordEntries(pattern, options).match;
    case 'pattern':
      return compilePattern(pattern, options);
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
 * What the rules find, in their order. The finding is named `rule:ID`, so that a moderator can clear one rule's
 * false positives; rules that have expired by `nowMs` are passed over.
 */
export function evaluateRules(rules: readonly CompiledRule[], facts: RuleFacts, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  for (const { definition, match } of rules) {
    if (definition.expiresAt !== null && definition.expiresAt <= nowMs) continue;
    const why = match(facts);
    if (why === null) continue;
    const { id, disposition, note } = definition;
    findings.push({ rule: `rule:${id}`, disposition, detail: note === null ? why : `${why} (${note})` });
  }
  return findings;
}
