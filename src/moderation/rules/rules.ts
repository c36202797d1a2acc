/** Rules of a site: shown, tried on what is there, saved, removed. */
import type { Disposition } from '../../core/comment.ts';
import { createId, isId } from '../../core/id.ts';
import type { RuleDefinition, RuleKind, RuleOptions } from '../../core/rules/rule.ts';
import { RuleError } from '../../core/rules/rule-error.ts';
import { compileRule, MAX_STEPS_OF_SITE } from '../../core/rules/rules.ts';
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import { findComment } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import {
  deleteRule,
  findRule,
  insertRule,
  listRules,
  type RuleRow,
  updateRule,
} from '../../storage/rules.ts';
import { updateSite } from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { canonicaliseEmail, pseudonymiseEmail } from '../privacy/pseudonymise.ts';
import { RefusedError } from '../refused-error.ts';
import { forgetSite } from '../site/site-context.ts';
import { compileSiteRules, ruleKindSchema, ruleOptionsSchema } from '../site/site-rules.ts';

/** More would be evaluated for every comment; entries of a `words` rule do not count, they cost nothing each. */
const MOST_RULES = 500;
const SHOWN_PATTERN = 2_000;

export interface NewRule {
  readonly kind: RuleKind;
  readonly pattern: string;
  readonly options: RuleOptions;
  readonly disposition: Disposition;
  readonly note: string | null;
  readonly expiresAt: Date | null;
}

export interface RuleView {
  readonly id: string;
  readonly kind: string;
  /** Cut at 2,000 characters; empty for `author`, whose pseudonyms are not shown. */
  readonly pattern: string;
  /** How many lines the pattern has. */
  readonly entries: number;
  readonly options: Record<string, unknown>;
  readonly disposition: Disposition;
  readonly note: string | null;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
}

export async function showRules(service: Service, siteId: string): Promise<RuleView[]> {
  return (await listRules(service.db, siteId)).map((row) => viewRule(row));
}

/** A rule with its whole pattern. @throws {RefusedError} `not_found`. */
export async function showRule(service: Service, siteId: string, id: string): Promise<RuleView> {
  const row = await findRule(service.db, siteId, id);
  if (!row) throw missing();
  return viewRule(row, Number.POSITIVE_INFINITY);
}

/** @throws {RefusedError} `invalid_value` for a rule that cannot be used, `conflict` for one too many. */
export async function createRule(
  service: Service,
  siteId: string,
  actor: Actor,
  wanted: NewRule,
): Promise<RuleView> {
  const definition = await prepareRule(service, siteId, wanted);
  const now = service.now();
  const row = await inTransaction(service.db, async (trx) => {
    // The site's row is what makes two at once wait for each other.
    await updateSite(trx, siteId, {});
    const others = await listRules(trx, siteId);
    if (others.length >= MOST_RULES) {
      throw new RefusedError('conflict', `A site has ${MOST_RULES} rules at most: put words into one list.`);
    }
    requireSteps(service, others, definition);
    const rule = await insertRule(trx, {
      id: createId(now.getTime(), service.random(10)),
      site_id: siteId,
      kind: definition.kind,
      pattern: definition.pattern,
      options: JSON.stringify(definition.options),
      disposition: definition.disposition,
      note: definition.note,
      created_by: actorReference(actor),
      created_at: now,
      expires_at: wanted.expiresAt,
    });
    await audit(trx, siteId, actor, { action: 'rule.create', rule, at: now });
    return rule;
  });
  forgetSite(service, siteId);
  return viewRule(row);
}

/** @throws {RefusedError} `conflict` when all patterns of the site together would cost too much. */
function requireSteps(service: Service, others: readonly RuleRow[], wanted: RuleDefinition): void {
  if (wanted.kind !== 'pattern') return;
  // One that is switched off counts, too: it can be switched on at any time.
  const patterns = others
    .filter(({ kind }) => kind === 'pattern')
    .map((rule) => ({ ...rule, enabled: true }));
  const before = compileSiteRules(service, patterns, []).reduce((sum, { steps }) => sum + steps, 0);
  const more = compileRule(wanted).steps;
  if (before + more <= MAX_STEPS_OF_SITE) return;
  throw new RefusedError(
    'conflict',
    `The patterns of a site have ${MAX_STEPS_OF_SITE} steps at most: these have ${before}, and this one ${more}. Use a list of words instead, or delete patterns.`,
  );
}

export interface RuleChange {
  readonly pattern?: string | undefined;
  readonly options?: RuleOptions | undefined;
  readonly enabled?: boolean | undefined;
  readonly disposition?: Disposition | undefined;
  readonly note?: string | null | undefined;
  readonly expiresAt?: Date | null | undefined;
}

/**
 * Changes a rule; what is left out stays as it is. The kind stays.
 *
 * @throws {RefusedError} `not_found`; `invalid_value` for a pattern that cannot be used, `conflict` for one that costs
 *   too much together with the others.
 */
export async function changeRule(
  service: Service,
  siteId: string,
  actor: Actor,
  id: string,
  change: RuleChange,
): Promise<RuleView> {
  const row = await inTransaction(service.db, async (trx) => {
    await updateSite(trx, siteId, {});
    const before = await findRule(trx, siteId, id);
    if (!before) throw missing();
    // Within the transaction: PGlite has one connection, and another query would wait for it for ever.
    const pattern = await changedPattern({ ...service, db: trx }, siteId, before, change);
    const rule = await updateRule(trx, siteId, id, {
      ...pattern,
      enabled: change.enabled ?? before.enabled,
      disposition: change.disposition ?? before.disposition,
      note: change.note === undefined ? before.note : change.note,
      expires_at: change.expiresAt === undefined ? before.expires_at : change.expiresAt,
    });
    if (!rule) throw missing();
    await audit(trx, siteId, actor, { action: 'rule.change', rule, at: service.now() });
    return rule;
  });
  forgetSite(service, siteId);
  return viewRule(row);
}

/** The new pattern and options, tried by compiling them; nothing when neither changes. */
async function changedPattern(
  service: Service,
  siteId: string,
  before: RuleRow,
  { pattern, options }: RuleChange,
): Promise<{ pattern?: string; options?: string }> {
  if (pattern === undefined && options === undefined) return {};
  const kind = ruleKindSchema.parse(before.kind);
  const wanted = {
    kind,
    pattern: pattern ?? before.pattern,
    options: options ?? ruleOptionsSchema.parse(before.options),
    disposition: before.disposition,
    note: before.note,
    expiresAt: before.expires_at,
  };
  const prepared =
    pattern === undefined ? compileDefinition(wanted) : await prepareRule(service, siteId, wanted);
  const others = (await listRules(service.db, siteId)).filter(({ id }) => id !== before.id);
  requireSteps(service, others, prepared);
  return { pattern: prepared.pattern, options: JSON.stringify(prepared.options) };
}

export async function removeRule(service: Service, siteId: string, actor: Actor, id: string): Promise<void> {
  await inTransaction(service.db, async (trx) => {
    await updateSite(trx, siteId, {});
    const rule = await findRule(trx, siteId, id);
    if (!rule || !(await deleteRule(trx, siteId, id))) throw missing();
    await audit(trx, siteId, actor, { action: 'rule.delete', rule, at: service.now() });
  });
  forgetSite(service, siteId);
}

/** The rule as it would be stored, tried by compiling it. @throws {RefusedError} `invalid_value`. */
export async function prepareRule(
  service: Service,
  siteId: string,
  wanted: NewRule,
): Promise<RuleDefinition> {
  const pattern =
    wanted.kind === 'author' ? await pseudonymiseAuthors(service, siteId, wanted.pattern) : wanted.pattern;
  return compileDefinition({ ...wanted, pattern });
}

/** The rule as it would be stored, of a pattern as it is stored. */
function compileDefinition({ pattern, ...wanted }: NewRule): RuleDefinition {
  const definition: RuleDefinition = {
    id: 'new',
    kind: wanted.kind,
    pattern,
    options: wanted.options,
    disposition: wanted.disposition,
    note: wanted.note,
    expiresAt: wanted.expiresAt?.getTime() ?? null,
  };
  try {
    compileRule(definition);
  } catch (error) {
    if (error instanceof RuleError) throw new RefusedError('invalid_value', `The rule: ${error.message}.`);
    throw error;
  }
  return definition;
}

/** Each line, an e-mail address or the id of a comment of the author, as the author's pseudonym. */
async function pseudonymiseAuthors(service: Service, siteId: string, pattern: string): Promise<string> {
  const lines = pattern.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pseudonyms: string[] = [];
  for (const [at, line] of lines.entries()) {
    const found = await pseudonymOf(service, siteId, line.trim());
    if (found === null) {
      const what = 'neither an e-mail address nor the id of a comment that has one';
      throw new RefusedError('invalid_value', `The rule: line ${at + 1} is ${what}.`);
    }
    pseudonyms.push(found);
  }
  return pseudonyms.join('\n');
}

async function pseudonymOf(service: Service, siteId: string, line: string): Promise<string | null> {
  if (isId(line)) return (await findComment(service.db, siteId, line))?.author_email_loose ?? null;
  const canonical = canonicaliseEmail(line);
  return canonical && pseudonymiseEmail(service.config.pseudonymKeys, siteId, canonical).loose;
}

function viewRule(row: RuleRow, mostCharacters = SHOWN_PATTERN): RuleView {
  return {
    id: row.id,
    kind: row.kind,
    pattern: row.kind === 'author' ? '' : row.pattern.slice(0, mostCharacters),
    entries: row.pattern.split('\n').filter((line) => line.trim() !== '').length,
    options: row.options,
    disposition: row.disposition,
    note: row.note,
    enabled: row.enabled,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
  };
}

async function audit(
  trx: Parameters<typeof appendAudit>[0],
  siteId: string,
  actor: Actor,
  { action, rule, at }: { readonly action: string; readonly rule: RuleRow; readonly at: Date },
): Promise<void> {
  await appendAudit(trx, {
    siteId,
    actor: actorReference(actor),
    action,
    subject: rule.id,
    detail: { kind: rule.kind, disposition: rule.disposition, enabled: rule.enabled },
    at,
  });
}

function missing(): RefusedError {
  return new RefusedError('not_found', 'There is no such rule.');
}
