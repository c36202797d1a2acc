/** Lists the reasons that a comment can have, each with its meaning and what a site can do about it. */

/** A reason that the code knows; rules of a site have `rule:` and the rule's id. */
export type ReasonCode =
  | 'honeypot'
  | 'too_fast'
  | 'banned_word'
  | 'suspect_word'
  | 'links'
  | 'trackback'
  | 'author_name'
  | 'first_time_author'
  | 'recent_rejections'
  | 'not_scored'
  | 'unsure'
  | 'spam'
  | 'premoderation'
  | 'rules_failed'
  | 'audit'
  | 'imported';

export interface Reason {
  readonly meaning: string;
  readonly remedy: string;
}

/** In the order of docs/reasons.md, which is generated from here. */
export const REASONS: Readonly<Record<ReasonCode, Reason>> = {
  honeypot: {
    meaning: 'A field that people cannot see was filled.',
    remedy:
      'Nothing. Some password managers fill hidden fields, so this reason by itself only holds a comment.',
  },
  too_fast: {
    meaning: 'The form was sent sooner after it was shown than `minimum_seconds`.',
    remedy: 'Lower `minimum_seconds`, or check that your form sends `elapsed_ms` correctly.',
  },
  banned_word: {
    meaning: 'The text, name or address contains an entry of `banned_words`. The comment goes to the trash.',
    remedy: 'Remove the entry, or move it to `suspect_words` to hold the comment instead.',
  },
  suspect_word: {
    meaning: 'The text, name or address contains an entry of `suspect_words`.',
    remedy: 'Remove the entry.',
  },
  links: {
    meaning: 'The comment has more links than `max_links`.',
    remedy: 'Raise `max_links`.',
  },
  trackback: {
    meaning: 'A program of another site sent it (a trackback or pingback) and `hold_trackbacks` is on.',
    remedy: 'Approve good ones, or switch the setting off so that only the filter decides.',
  },
  author_name: {
    meaning: 'The author’s name is an address or advertises a trade, and `hold_advertising_names` is on.',
    remedy: 'Trust the author with a rule, or switch the setting off.',
  },
  first_time_author: {
    meaning: 'The author has no approved comment yet and `hold_first_time_authors` is on.',
    remedy: 'Approve one comment of the author, or switch the setting off.',
  },
  recent_rejections: {
    meaning: 'At least `recent_rejections` of the author’s last ten decided comments were rejected or spam.',
    remedy: 'Raise the setting, or set it to 0 to switch it off.',
  },
  not_scored: {
    meaning: 'The filter failed on this comment, so it is held.',
    remedy: 'Look for errors in the log and at `model` in `/readyz`.',
  },
  unsure: {
    meaning: 'The spam probability is between the two thresholds of the model.',
    remedy: 'Train a model on your own decisions, or change the thresholds of the model.',
  },
  spam: {
    meaning:
      'The spam probability is at or above the threshold for spam. Until the bound `max_ham_blocked` is proven on your own samples, the comment is only held.',
    remedy: 'Approve good comments and train: the model learns from the correction.',
  },
  premoderation: {
    meaning: 'The setting `premoderate` holds every comment.',
    remedy: 'Switch `premoderate` off.',
  },
  rules_failed: {
    meaning: 'The site’s own rules could not be evaluated on this comment, so it is held.',
    remedy: 'Look for errors in the log, and try the rules with a dry run.',
  },
  audit: {
    meaning:
      'The comment was drawn at random for a spot check. It keeps its status until a moderator decides.',
    remedy: 'Change `audit_share` to draw fewer or more.',
  },
  imported: {
    meaning: 'The comment was imported and waits for a decision, as it did in the other system.',
    remedy: 'Decide on it.',
  },
};
