/** Declares what a rule is, what it may look at and how it reports that it fires. */
import type { Disposition } from '../comment.ts';

export const RULE_KINDS = [
  'words',
  'pattern',
  'link_count',
  'link_host',
  'language',
  'author',
  'ip_network',
  'email_domain',
  'disposable_email',
  'honeypot',
  'minimum_time',
  'thread_age',
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** What the submission tells and a stored comment does not, or in part: see moderation/rules/stored-circumstances.ts. */
export const UNSEEN_KINDS: ReadonlySet<RuleKind> = new Set([
  'ip_network',
  'email_domain',
  'disposable_email',
  'honeypot',
  'minimum_time',
]);

export const RULE_FIELDS = ['content', 'author_name', 'author_url'] as const;
export type RuleField = (typeof RULE_FIELDS)[number];

export interface RuleOptions {
  /** `words`: at word boundaries (the default), or anywhere. */
  readonly match?: 'word' | 'substring' | undefined;
  /** `words`, `pattern`: where to look; default: everywhere. */
  readonly fields?: readonly RuleField[] | undefined;
  /** `pattern`: whether case counts; default: it does not. */
  readonly case_sensitive?: boolean | undefined;
  /** `words`: entries of the list that are left out. */
  readonly except?: readonly string[] | undefined;
}

export interface RuleDefinition {
  readonly id: string;
  readonly kind: RuleKind;
  /** What the kind needs: entries, hosts, networks one a line; a regular expression; a number; '' where nothing. */
  readonly pattern: string;
  readonly options: RuleOptions;
  readonly disposition: Disposition;
  readonly note: string | null;
  /** Milliseconds since 1970; null: for good. */
  readonly expiresAt: number | null;
}

/** What rules may look at. null: not known. */
export interface RuleFacts {
  readonly content: string;
  readonly authorName: string;
  readonly authorUrl: string;
  /** The author's pseudonyms under every live key. */
  readonly authorKeys: readonly string[];
  /** An address as sent, known only while a comment arrives. */
  readonly ip: string | null;
  /** Lower case, IDNA. */
  readonly emailDomain: string | null;
  readonly disposableEmail: boolean | null;
  readonly honeypotFilled: boolean | null;
  readonly elapsedSeconds: number | null;
  /** Days since the post was first seen. */
  readonly threadAgeDays: number | null;
}

/** Finds why a rule fires on a comment, in a few words; null: it does not. */
export type RuleMatcher = (facts: RuleFacts) => string | null;

export interface CompiledRule {
  readonly definition: RuleDefinition;
  readonly match: RuleMatcher;
  /** The most visits that a character of a text may cost it; 0 for what reads a text once, however long its list is. */
  readonly steps: number;
}
