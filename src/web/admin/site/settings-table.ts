/** Declares how each setting is edited: its group, its kind of field, its bounds and its default. */

export type Value = boolean | number | string | null | readonly string[];

export const GROUPS = ['form', 'holding', 'filter', 'privacy', 'notifications', 'akismet'] as const;
export type Group = (typeof GROUPS)[number];

type Unit = 'seconds' | 'minutes' | 'days' | 'links' | 'comments' | 'decisions';

export type Kind =
  | { readonly is: 'switch' }
  /** A number; `mayBeEmpty`: an empty field means never. */
  | {
      readonly is: 'number';
      readonly unit: Unit;
      readonly min: number;
      readonly max: number;
      readonly mayBeEmpty?: true;
    }
  /** A share of 1, edited as a percentage. */
  | { readonly is: 'share'; readonly min: number; readonly max: number }
  | { readonly is: 'choice'; readonly choices: readonly string[] }
  | { readonly is: 'lines'; readonly most: number }
  /** A list of words: shown, and changed as a rule that is tried before. */
  | { readonly is: 'words' };

export interface Setting {
  readonly group: Group;
  readonly kind: Kind;
  readonly fallback: Value;
}

const whole = (unit: Unit, min: number, max: number): Kind => ({ is: 'number', unit, min, max });
const days: Kind = { is: 'number', unit: 'days', min: 1, max: 36_500, mayBeEmpty: true };
const share = (min: number, max: number): Kind => ({ is: 'share', min, max });
const set = (group: Group, kind: Kind, fallback: Value): Setting => ({ group, kind, fallback });
const toggle: Kind = { is: 'switch' };

/** In the order of the page. test/web/admin/texts.test.ts holds it against the settings of the service. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  require_name: set('form', toggle, true),
  require_email: set('form', toggle, true),
  flood_seconds: set('form', whole('seconds', 0, 86_400), 15),
  close_after_days: set('form', days, null),
  proof_of_work: set('form', { is: 'choice', choices: ['never', 'attack', 'always'] }, 'never'),
  feed: set('form', toggle, false),
  premoderate: set('holding', toggle, false),
  hold_first_time_authors: set('holding', toggle, false),
  hold_trackbacks: set('holding', toggle, true),
  hold_advertising_names: set('holding', toggle, true),
  max_links: set('holding', whole('links', 0, 1000), 2),
  minimum_seconds: set('holding', whole('seconds', 0, 600), 2),
  recent_rejections: set('holding', whole('comments', 0, 10), 3),
  suspect_words: set('holding', { is: 'words' }, []),
  banned_words: set('holding', { is: 'words' }, []),
  reject_reasons: set('holding', { is: 'lines', most: 9 }, [
    'off_topic',
    'insult',
    'threat',
    'hate',
    'falsehood',
    'private_data',
    'advertising',
    'unreadable',
    'other',
  ]),
  max_ham_blocked: set('filter', share(0.0001, 0.2), 0.01),
  confidence: set('filter', share(0.5, 0.999), 0.95),
  discard_from: set('filter', share(0, 1), 0.999),
  audit_share: set('filter', share(0, 0.5), 0.02),
  second_look_share: set('filter', share(0, 0.2), 0.03),
  votes_per_day: set('filter', whole('decisions', 1, 1_000_000), 5000),
  delete_spam_after_days: set('privacy', days, 15),
  forget_visitors_after_days: set('privacy', days, 7),
  overdue_minutes: set(
    'notifications',
    { is: 'number', unit: 'minutes', min: 1, max: 43_200, mayBeEmpty: true },
    null,
  ),
  akismet_unsure: set('akismet', { is: 'choice', choices: ['spam', 'ham', 'recheck'] }, 'spam'),
  akismet_recheck_seconds: set('akismet', whole('seconds', 60, 86_400), 1800),
  akismet_allow_empty_ip: set('akismet', toggle, false),
};

/** What is wrong with a number in a field: `empty`, `number`, `range`; null when it is good. */
export function faultOf(kind: Kind, value: Value): 'empty' | 'number' | 'range' | null {
  if (kind.is !== 'number' && kind.is !== 'share') return null;
  if (value === null) return kind.is === 'number' && kind.mayBeEmpty === true ? null : 'empty';
  if (typeof value !== 'number' || Number.isNaN(value)) return 'number';
  return value < kind.min || value > kind.max ? 'range' : null;
}

export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
