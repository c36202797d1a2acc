/** Rules over what was written: words, regular expressions, languages. */
import { RE2JS } from 're2js';
import { LANGUAGES, languageOf, SCRIPTS, scriptOf } from '../text/language.ts';
import { compileEntries, findWord, foldEntry, scanWords } from '../text/words.ts';
import type { RuleFacts, RuleMatcher, RuleOptions } from './rule.ts';
import { RuleError } from './rule-error.ts';

export interface WordEntries {
  /** Folded, in the order of the lines, without those that are left out. */
  readonly entries: readonly string[];
  readonly match: RuleMatcher;
  /** Every entry that stands in the comment, once each. */
  readonly findEvery: (facts: RuleFacts) => Set<number>;
}

/** Lines that are looked for; `#` begins no comment (such lists hold hash signs), empty lines are passed over. */
export function compileWordEntries(pattern: string, options: RuleOptions): WordEntries {
  const left = new Set((options.except ?? []).map(foldEntry));
  const entries = [...new Set(pattern.split(/\r?\n/).map(foldEntry))].filter(
    (entry) => entry !== '' && !left.has(entry),
  );
  if (entries.length === 0) throw new RuleError('at least one word or phrase is needed');
  const list = compileEntries(entries, options.match !== 'substring');
  const texts = textsOf(options);
  return {
    entries,
    match: (facts) => {
      for (const text of texts(facts)) {
        const word = findWord(list, text);
        if (word !== null) return `“${word}”`;
      }
      return null;
    },
    findEvery: (facts) => {
      const found = new Set<number>();
      for (const text of texts(facts)) {
        scanWords(list, text, (entry) => {
          found.add(entry);
          return false;
        });
      }
      return found;
    },
  };
}

function textsOf({ fields }: RuleOptions): (facts: RuleFacts) => string[] {
  const wants = (field: 'content' | 'author_name' | 'author_url') => fields?.includes(field) ?? true;
  const [content, name, url] = [wants('content'), wants('author_name'), wants('author_url')];
  return (facts) => [
    ...(content ? [facts.content] : []),
    ...(name ? [facts.authorName] : []),
    ...(url ? [facts.authorUrl] : []),
  ];
}

const LONGEST_EXPRESSION = 2_000;
/** Steps of a compiled expression; each may cost a visit for each character of a text. */
const MAX_PROGRAM = 1_000;

export interface CompiledPattern {
  readonly match: RuleMatcher;
  /** The most visits that a character of a text may cost. */
  readonly steps: number;
}

/** RE2's syntax: linear in the text whatever the expression, so without look-around and back references. */
export function compilePattern(pattern: string, options: RuleOptions): CompiledPattern {
  if (pattern.trim() === '') throw new RuleError('an expression is needed');
  if (pattern.length > LONGEST_EXPRESSION) {
    throw new RuleError(`the expression is longer than ${LONGEST_EXPRESSION} characters`);
  }
  const expression = compileExpression(pattern, options.case_sensitive === true);
  if (expression.matcher('').find()) throw new RuleError('the expression also matches an empty text');
  const texts = textsOf(options);
  const match: RuleMatcher = (facts) => {
    for (const text of texts(facts)) {
      const matcher = expression.matcher(text);
      if (matcher.find()) return `/${pattern}/ matches “${(matcher.group() ?? '').slice(0, 80)}”`;
    }
    return null;
  };
  return { match, steps: expression.programSize() };
}

function compileExpression(pattern: string, caseSensitive: boolean): RE2JS {
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RuleError(
      `${why}; look-around and back references are not to be had, for they can take forever`,
    );
  }
  const size = expression.programSize();
  if (size > MAX_PROGRAM) {
    throw new RuleError(
      `the expression compiles to ${size} steps, more than ${MAX_PROGRAM}: make repetitions shorter`,
    );
  }
  return expression;
}

/**
 * Codes of languages (`de`) or scripts (`Cyrl`), one or more; with `!` before them all: anything else. What cannot
 * be told fires neither.
 */
export function compileLanguages(pattern: string): RuleMatcher {
  const codes = pattern.trim().split(/[\s,]+/);
  const negated = codes.filter((code) => code.startsWith('!')).length;
  if (negated !== 0 && negated !== codes.length) throw new RuleError('put ! before all of the codes or none');
  const bare = codes.map((code) => code.replace(/^!/, ''));
  const languages = new Set(bare.filter((code) => code.length === 2));
  const scripts = new Set(bare.filter((code) => code.length !== 2));
  requireKnown(languages, LANGUAGES);
  requireKnown(scripts, SCRIPTS);
  if (scripts.size > 0 && languages.size > 0) throw new RuleError('give languages or scripts, not both');
  const tell = scripts.size > 0 ? scriptOf : languageOf;
  return ({ content }) => {
    const told = tell(content);
    if (told === null || (scripts.has(told) || languages.has(told)) === negated > 0) return null;
    return `written in ${told}`;
  };
}

function requireKnown(given: ReadonlySet<string>, known: readonly string[]): void {
  for (const code of given) {
    if (!known.includes(code)) throw new RuleError(`“${code}” is none of ${known.join(', ')}`);
  }
}
