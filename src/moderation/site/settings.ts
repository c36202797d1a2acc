/** What a site may set, with defaults; stored as given, read with the defaults filled in. */
import { z } from 'zod';
import { storable } from './storable-text.ts';

const share = z.number().min(0).max(1);

/** Every setting is optional on the way in; an unknown one is refused by name. */
export const settingsSchema = z.strictObject({
  require_name: z.boolean().default(true).describe('Whether a comment needs a name.'),
  require_email: z.boolean().default(true).describe('Whether a comment needs an e-mail address.'),
  premoderate: z.boolean().default(false).describe('Hold every comment until a human has read it.'),
  hold_first_time_authors: z
    .boolean()
    .default(false)
    .describe(
      'Hold comments of authors without an approved one. Needs e-mail addresses to tell authors apart.',
    ),
  max_links: z.int().min(0).max(1000).default(2).describe('A comment with more links is held.'),
  flood_seconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(15)
    .describe('Shortest time between two comments of one author or address; 0 switches the limit off.'),
  minimum_seconds: z
    .number()
    .min(0)
    .max(600)
    .default(2)
    .describe('A form sent faster than this (by `elapsed_ms`) is held.'),
  recent_rejections: z
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe("Hold when this many of the author's last ten decided comments were turned down; 0: never."),
  max_ham_blocked: share
    .min(0.0001)
    .max(0.2)
    .default(0.01)
    .describe('The promised bound: at most this share of good comments is marked spam without a human.'),
  confidence: share.min(0.5).max(0.999).default(0.95).describe('How surely the bound holds.'),
  discard_from: share
    .default(0.999)
    .describe('From this spam probability on, a filter with a proven bound trashes instead of marking spam.'),
  audit_share: share
    .max(0.5)
    .default(0.02)
    .describe('Random share of what was published or marked spam unseen that a human reads all the same.'),
  second_look_share: share
    .max(0.2)
    .default(0.03)
    .describe('Random share of decisions that a second moderator makes again, blind; 0.02 to 0.05 is usual.'),
  votes_per_day: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(5000)
    .describe('At most this many decisions of one moderator or key a day teach the filter; uploads all do.'),
  close_after_days: days()
    .default(null)
    .describe('Days after which a post takes no more comments; null: never.'),
  reject_reasons: z
    .array(storable(z.string().min(1).max(100)))
    .min(1)
    .max(9)
    .default([
      'off_topic',
      'insult',
      'threat',
      'hate',
      'falsehood',
      'private_data',
      'advertising',
      'unreadable',
      'other',
    ])
    .describe("The rules of the house that a rejection may name: a moderator's keys 1 to 9, in this order."),
  proof_of_work: z
    .enum(['never', 'attack', 'always'])
    .default('never')
    .describe(
      'When the form in a page has to bring a proof of work (about a second of computing): never, while the site is under attack, always.',
    ),
  delete_spam_after_days: days()
    .default(15)
    .describe(
      'Days after which a comment that went to spam or trash without a human is deleted; what somebody decided stays; null: never.',
    ),
  forget_visitors_after_days: days()
    .default(7)
    .describe("Days after which a comment's IP pseudonym, user agent and referrer are deleted; null: never."),
  overdue_minutes: z
    .int()
    .min(1)
    .max(43_200)
    .nullable()
    .default(null)
    .describe('A comment that waits longer for a human is told to webhooks as `queue.overdue`; null: never.'),
  akismet_unsure: z
    .enum(['spam', 'ham', 'recheck'])
    .default('spam')
    .describe(
      'What an Akismet client is told of a comment that is held here: spam, ham, or ham with the wish to ask again.',
    ),
  akismet_recheck_seconds: z
    .int()
    .min(60)
    .max(86_400)
    .default(1800)
    .describe('After how long a client asks again, under `akismet_unsure: recheck`.'),
  akismet_allow_empty_ip: z
    .boolean()
    .default(false)
    .describe('Whether an Akismet client may leave `user_ip` empty, as Coral does without IP addresses.'),
  banned_words: wordList().describe('Words and phrases that send a comment to the trash.'),
  suspect_words: wordList().describe('Words and phrases that hold a comment.'),
});

function days() {
  return z.int().min(1).max(36_500).nullable();
}

function wordList() {
  return z
    .array(storable(z.string().min(1).max(200)))
    .max(10_000)
    .default([]);
}

export type Settings = z.infer<typeof settingsSchema>;

/** The stored settings with every default filled in. A stored setting that no longer exists is left out. */
export function readSettings(stored: Readonly<Record<string, unknown>>): Settings {
  const known = Object.fromEntries(Object.entries(stored).filter(([name]) => name in settingsSchema.shape));
  return settingsSchema.parse(known);
}
