/** Declares the settings of a site with their defaults; they are stored as given and read with the defaults filled in. */
import { z } from 'zod';
import { storable } from './storable-text.ts';

const share = z.number().min(0).max(1);

/** Every setting is optional on the way in; an unknown one is refused by name. */
export const settingsSchema = z.strictObject({
  require_name: z.boolean().default(true).describe('Require a name.'),
  require_email: z.boolean().default(true).describe('Require an e-mail address.'),
  premoderate: z.boolean().default(false).describe('Hold every comment until a moderator decides.'),
  hold_first_time_authors: z
    .boolean()
    .default(false)
    .describe(
      'Hold comments of authors who have no approved comment yet. Authors are recognised by e-mail address.',
    ),
  hold_trackbacks: z
    .boolean()
    .default(true)
    .describe('Hold trackbacks and pingbacks of other sites, which programs send for the sake of a link.'),
  hold_advertising_names: z
    .boolean()
    .default(true)
    .describe("Hold comments whose author's name is an address, a phone number or a trade."),
  max_links: z.int().min(0).max(1000).default(2).describe('Hold comments with more links than this.'),
  flood_seconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(15)
    .describe(
      'Shortest time in seconds between two comments of one author or IP address; 0 switches the limit off.',
    ),
  minimum_seconds: z
    .number()
    .min(0)
    .max(600)
    .default(2)
    .describe(
      'Hold comments whose form was filled in fewer seconds (see `elapsed_ms`); 0 switches this off.',
    ),
  recent_rejections: z
    .int()
    .min(0)
    .max(10)
    .default(3)
    .describe(
      "Hold when this many of the author's last ten decided comments were rejected or spam; 0 switches this off.",
    ),
  max_ham_blocked: share
    .min(0.0001)
    .max(0.2)
    .default(0.01)
    .describe(
      'The promised bound: at most this share of good comments is marked as spam without a moderator.',
    ),
  confidence: share
    .min(0.5)
    .max(0.999)
    .default(0.95)
    .describe('The confidence with which the bound `max_ham_blocked` must hold.'),
  discard_from: share
    .default(0.999)
    .describe(
      'Move comments with this spam probability or more to the trash instead of the spam folder, once the bound is proven.',
    ),
  audit_share: share
    .max(0.5)
    .default(0.02)
    .describe(
      'Random share of comments published or marked as spam without a moderator that is drawn for a spot check.',
    ),
  second_look_share: share
    .max(0.2)
    .default(0.03)
    .describe(
      'Random share of decisions that get a second review without showing the first one; 0.02 to 0.05 is usual.',
    ),
  votes_per_day: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(5000)
    .describe(
      'At most this many decisions per moderator or key and day become samples; uploaded samples always count.',
    ),
  close_after_days: days()
    .default(null)
    .describe('Days after which a post no longer accepts comments; null: never.'),
  feed: z
    .boolean()
    .default(false)
    .describe('Offer the newest approved comments as an Atom feed that needs no key.'),
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
    .describe('Reasons that a rejection can name, in the order of the keys 1 to 9.'),
  proof_of_work: z
    .enum(['never', 'attack', 'always'])
    .default('never')
    .describe(
      'When the embedded form must send a proof of work (about a second of computing): never, during an attack, or always.',
    ),
  delete_spam_after_days: days()
    .default(15)
    .describe(
      'Days after which comments are deleted that went to spam or trash without a moderator; decided comments are kept; null: never.',
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
    .describe('Minutes in the queue after which webhooks receive `queue.overdue`; null: never.'),
  akismet_unsure: z
    .enum(['spam', 'ham', 'recheck'])
    .default('spam')
    .describe(
      'Answer to Akismet clients for a held comment: spam, ham, or ham with a request to check again.',
    ),
  akismet_recheck_seconds: z
    .int()
    .min(60)
    .max(86_400)
    .default(1800)
    .describe('Seconds after which an Akismet client checks again, if `akismet_unsure` is `recheck`.'),
  akismet_allow_empty_ip: z
    .boolean()
    .default(false)
    .describe(
      'Accept an empty `user_ip` from Akismet clients, as Coral sends it if it stores no IP addresses.',
    ),
  banned_words: wordList().describe('Words and phrases that move a comment to the trash.'),
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
