/** What stored comments still tell of the circumstances they came under, so that a rule over those can be tried. */
import type { RuleDefinition, RuleFacts } from '../../core/rules/rule.ts';
import type { Service } from '../../service.ts';
import type { RuleSubject } from '../../storage/rules.ts';
import { canonicaliseIp, pseudonymiseIp } from '../privacy/pseudonymise.ts';
import { readSiteContext } from '../site/site-context.ts';

/** How much of a rule a dry run can see. */
export interface Hindsight {
  readonly seen: 'all' | 'part' | 'none';
  /** What it cannot see and why, in a sentence; null when it sees all. */
  readonly why: string | null;
  /** What is still known of a comment beside its text, its author's pseudonym and its article. */
  readonly recall: (row: RuleSubject) => Partial<RuleFacts>;
  /** Matches in place of the rule's own matcher where the comment keeps a pseudonym alone. */
  readonly match?: (row: RuleSubject) => string | null;
}

const EVERYTHING: Hindsight = { seen: 'all', why: null, recall: () => ({}) };

export async function lookBack(
  service: Service,
  siteId: string,
  { kind, pattern }: RuleDefinition,
): Promise<Hindsight> {
  switch (kind) {
    case 'email_domain':
    case 'disposable_email':
      return nothing('Of e-mail addresses only pseudonyms are kept, which do not tell their domains.');
    case 'ip_network':
      return recallAddresses(service, siteId, pattern);
    case 'honeypot':
      return {
        ...EVERYTHING,
        recall: ({ reasons }) => ({ honeypotFilled: reasons.some(({ rule }) => rule === 'honeypot') }),
      };
    case 'minimum_time': {
      const minimum = (await readSiteContext(service, siteId))?.settings.minimum_seconds ?? 0;
      return recallTimes(Number(pattern), minimum);
    }
    default:
      return EVERYTHING;
  }
}

function nothing(why: string): Hindsight {
  return { seen: 'none', why, recall: () => ({}) };
}

/** A comment keeps the pseudonym of an IPv4 address, and of the /64 that an IPv6 address lies in. */
function recallAddresses(service: Service, siteId: string, pattern: string): Hindsight {
  const lines = pattern.split(/\r?\n/).filter((line) => line.trim() !== '');
  const kept = lines.flatMap((line) => canonicalOf(line) ?? []);
  const pseudonyms = new Set(kept.flatMap((ip) => pseudonymiseIp(service.config.pseudonymKeys, siteId, ip)));
  const hidden = lines.length - kept.length;
  const seen = hidden === 0 ? 'all' : kept.length === 0 ? 'none' : 'part';
  return {
    seen,
    why:
      hidden === 0
        ? null
        : `Of IP addresses only pseudonyms are kept: single IPv4 addresses and IPv6 /64 can be looked for, not the ${hidden} other lines.`,
    recall: () => ({}),
    match: ({ author_ip: ip }) =>
      ip !== null && pseudonyms.has(ip) ? 'an address of a listed network' : null,
  };
}

/** The line in the form that a comment keeps the pseudonym of, or null for one that it does not. */
function canonicalOf(line: string): string | null {
  const [address = '', bits] = line.trim().split('/');
  const canonical = canonicaliseIp(address);
  if (canonical === null) return null;
  const whole = canonical.endsWith('/64')
    ? bits === '64'
    : bits === undefined || bits === (address.includes(':') ? '128' : '32');
  return whole ? canonical : null;
}

const SENT_AFTER = /^sent (\d+\.\d) s after the form was shown/;

/** The time that a form took stands in the reasons of a comment that was held for it, and nowhere else. */
function recallTimes(seconds: number, minimumSeconds: number): Hindsight {
  const all = seconds <= minimumSeconds;
  return {
    seen: all ? 'all' : 'part',
    why: all
      ? null
      : `How long a form took is kept only of comments that were held for it: below ${minimumSeconds} s (setting minimum_seconds), or under a rule of this kind.`,
    recall: ({ reasons }) => {
      const told = reasons.flatMap(({ detail }) => SENT_AFTER.exec(detail)?.[1] ?? []);
      return { elapsedSeconds: told.length === 0 ? null : Number(told[0]) };
    },
  };
}
