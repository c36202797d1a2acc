/** A person asks what is kept under an address, or wants it gone. The address is compared by its pseudonyms. */
import type { Service } from '../../service.ts';
import { appendAudit } from '../../storage/audit.ts';
import type { CommentRow } from '../../storage/comments.ts';
import { inTransaction } from '../../storage/connection/transaction.ts';
import { appendEvents } from '../../storage/events.ts';
import {
  addErasures,
  deleteAnswersAbout,
  deleteComments,
  deleteSamples,
  listCommentsHolding,
  listCommentsOfPerson,
  type PersonKeys,
  replaceContent,
} from '../../storage/privacy/personal-data.ts';
import { cutFromEveryColumn } from '../../storage/privacy/text-columns.ts';
import { insertTombstones } from '../../storage/privacy/tombstones.ts';
import type { Transaction } from '../../storage/schema/database.ts';
import { updateSite } from '../../storage/sites.ts';
import { type Actor, actorReference } from '../actor.ts';
import { RefusedError } from '../refused-error.ts';
import { hashContent } from '../site/content-hash.ts';
import { forgetSite } from '../site/site-context.ts';
import { canonicaliseEmail, pseudonymiseEmail } from './pseudonymise.ts';

/** One comment as its author may have it: what they wrote and what became of it, never a pseudonym. */
export interface ExportedComment {
  readonly id: string;
  readonly post: string;
  readonly parent: string | null;
  readonly author_name: string;
  readonly author_url: string | null;
  readonly author_user_agent: string | null;
  readonly referrer: string | null;
  readonly content: string;
  readonly date_gmt: string;
  readonly received_at: string;
  readonly status: string;
  readonly verdict: string;
  readonly spam_probability: number | null;
  readonly label: string | null;
}

export interface Erasure {
  readonly comments: number;
  readonly samples: number;
  /** Comments of others in whose text the address stood; it is cut out. */
  readonly mentions: number;
}

const PAGE = 500;
const CUT = '[…]';

/**
 * Everything kept under the address on the site: its strict and its loose form, under every live key. Audited.
 *
 * @throws {RefusedError} `invalid_value` for what is no address.
 */
export async function exportPerson(
  service: Service,
  siteId: string,
  actor: Actor,
  email: string,
): Promise<ExportedComment[]> {
  const { keys } = keysOf(service, siteId, email);
  return await inTransaction(service.db, async (trx) => {
    const comments: ExportedComment[] = [];
    for await (const rows of pagesOf(trx, siteId, keys)) comments.push(...rows.map(viewExported));
    await audit(service, trx, siteId, actor, {
      action: 'privacy.export',
      detail: { comments: comments.length },
    });
    return comments;
  });
}

/**
 * Deletes the person's comments with their decisions and labels, the samples that say the same, and the address where
 * others wrote it. The next training no longer knows the texts; a filter that learned them before stays as it is
 * until then. In one transaction, audited without the address. The ids of what went stay as tombstones, so that a restore
 * of an older export does not bring it back.
 *
 * @throws {RefusedError} `invalid_value` for what is no address.
 */
export async function erasePerson(
  service: Service,
  siteId: string,
  actor: Actor,
  email: string,
): Promise<Erasure> {
  const { keys, address } = keysOf(service, siteId, email);
  forgetSite(service, siteId);
  return await inTransaction(service.db, async (trx) => {
    const ids: string[] = [];
    const hashes: string[] = [];
    for await (const rows of pagesOf(trx, siteId, keys)) {
      ids.push(...rows.map(({ id }) => id));
      hashes.push(...rows.map(({ content_hash }) => content_hash));
    }
    await deleteAnswersAbout(trx, ids);
    const comments = await deleteComments(trx, ids);
    const samples = await deleteSamples(trx, siteId, hashes, expressionOf(address));
    const mentions = await cutMentions(service, trx, siteId, address);
    await cutFromEveryColumn(trx, siteId, expressionOf(email), CUT);
    // Rules and settings may have held it, and are cached by the site's revision.
    await updateSite(trx, siteId, {});
    const erased = { comments, samples: samples.length, mentions: mentions.length };
    const at = service.now();
    await addErasures(trx, siteId, [...new Set([...keys.strict, ...keys.loose])], at);
    await insertTombstones(trx, siteId, 'comment', ids, at);
    await insertTombstones(trx, siteId, 'sample', samples, at);
    await insertTombstones(trx, siteId, 'mention', mentions, at);
    await appendEvents(
      trx,
      ids.map((id) => ({
        siteId,
        kind: 'comment.deleted',
        subject: id,
        data: { actor: actorReference(actor) },
        at,
      })),
    );
    await audit(service, trx, siteId, actor, { action: 'privacy.erase', detail: { ...erased } });
    return erased;
  });
}

function keysOf(service: Service, siteId: string, email: string): { keys: PersonKeys; address: string } {
  const canonical = canonicaliseEmail(email);
  if (canonical === null)
    throw new RefusedError('invalid_value', 'Send a valid e-mail address, such as name@example.org.');
  const { allStrict, allLoose } = pseudonymiseEmail(service.config.pseudonymKeys, siteId, canonical);
  return { keys: { strict: allStrict, loose: allLoose }, address: email.trim() };
}

/**
 * The address as people write it, as a regular expression that JavaScript and PostgreSQL read alike: with any plus-tag, and
 * for Gmail with dots anywhere and under both of its domains. What it is only a part of is another address.
 */
function expressionOf(email: string): string {
  const [strict = '', loose = ''] = Object.values(canonicaliseEmail(email) ?? {}).map(String);
  const literally = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const at = loose.lastIndexOf('@');
  const domain = loose.slice(at + 1);
  const isGmail = domain === 'gmail.com';
  const local = isGmail ? [...loose.slice(0, at)].map(literally).join('\\.?') : literally(loose.slice(0, at));
  const domains = isGmail
    ? '(?:gmail|googlemail)\\.com'
    : literally(strict.slice(strict.lastIndexOf('@') + 1));
  return `(?<![a-z0-9._+-])${local}(?:\\+[^\\s@"]*)?@${domains}(?![a-z0-9-])`;
}

async function* pagesOf(trx: Transaction, siteId: string, keys: PersonKeys): AsyncGenerator<CommentRow[]> {
  let after: string | null = null;
  for (;;) {
    const rows = await listCommentsOfPerson(trx, siteId, keys, after, PAGE);
    if (rows.length > 0) yield rows;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < PAGE || after === null) return;
  }
}

async function cutMentions(
  service: Service,
  trx: Transaction,
  siteId: string,
  address: string,
): Promise<string[]> {
  const rows = await listCommentsHolding(trx, siteId, expressionOf(address));
  const pattern = new RegExp(expressionOf(address), 'giu');
  for (const { id, content } of rows) {
    const cut = content.replaceAll(pattern, CUT);
    await replaceContent(trx, id, cut, hashContent(cut), service.now());
  }
  return rows.map(({ id }) => id);
}

async function audit(
  service: Service,
  trx: Transaction,
  siteId: string,
  actor: Actor,
  what: { readonly action: string; readonly detail: Record<string, unknown> },
): Promise<void> {
  const at = service.now();
  await appendAudit(trx, { siteId, actor: actorReference(actor), subject: null, ...what, at });
}

function viewExported(row: CommentRow): ExportedComment {
  return {
    id: row.id,
    post: row.post_id,
    parent: row.parent_id,
    author_name: row.author_name,
    author_url: row.author_url,
    author_user_agent: row.author_user_agent,
    referrer: row.referrer,
    content: row.content,
    date_gmt: row.date_gmt.toISOString(),
    received_at: row.created_at.toISOString(),
    status: row.status,
    verdict: row.verdict,
    spam_probability: row.spam_probability,
    label: row.label,
  };
}
