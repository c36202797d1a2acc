/** Declares an item of the queue and what is known around it, as the API answers them. */
import { z } from '@hono/zod-openapi';

const reason = z.object({ rule: z.string(), disposition: z.string(), detail: z.string() });

export const sign = z
  .object({
    code: z.string(),
    toward: z.enum(['spam', 'ham']),
    count: z.int().nullable(),
    words: z.string().nullable().openapi({ description: 'Words of the comment, or a host.' }),
    text: z.string(),
  })
  .openapi('Sign');

const queuedComment = z
  .object({
    id: z.string(),
    post: z.string(),
    post_url: z.string().nullable(),
    post_title: z.string().nullable(),
    parent: z.object({ id: z.string(), author_name: z.string(), content: z.string() }).nullable(),
    author_name: z.string(),
    author_url: z.string().nullable(),
    content: z.string(),
    links: z.array(z.object({ text: z.string(), url: z.string(), host: z.string() })),
    date_gmt: z.string(),
    received_at: z.string(),
    status: z.string(),
  })
  .openapi('QueuedComment');

export const note = z
  .object({ id: z.string(), by: z.string(), at: z.string(), text: z.string() })
  .openapi('Note');

export const queueItem = z
  .object({
    id: z.string().openapi({ description: "The comment's id." }),
    version: z.int(),
    comment: queuedComment,
    author_history: z.object({
      approved: z.int(),
      rejected: z.int(),
      spam: z.int(),
      held: z.int(),
      first_seen: z.string().nullable(),
    }),
    verdict: z.string(),
    spam_probability: z.number().nullable(),
    log_odds: z.number().nullable(),
    thresholds: z.object({ ham: z.number(), spam: z.number() }),
    model_version: z.string(),
    reasons: z.array(reason),
    evidence: z
      .array(z.object({ feature: z.string(), group: z.string(), log_odds: z.number() }))
      .openapi({ description: 'The 40 strongest, strongest first; all of it stands in the explanation.' }),
    highlights: z
      .array(z.object({ start: z.int(), end: z.int(), log_odds: z.number(), feature: z.string() }))
      .openapi({
        description:
          'The few whole words to mark, at most five and 15 % of the characters: UTF-16 offsets in `content`, half-open.',
      }),
    summary: z
      .array(sign)
      .openapi({ description: 'What moved the score most, in words; `text` is English.' }),
    near_duplicates: z.object({ campaign: z.string().nullable(), count: z.int() }),
    escalated: z.boolean(),
    audit: z.boolean(),
    claimed_until: z.string().nullable(),
    claim: z
      .object({ by: z.string(), mine: z.boolean(), until: z.string() })
      .nullable()
      .openapi({ description: 'Who holds it now.' }),
    decided: z
      .object({
        decision_id: z.string(),
        decision: z.string(),
        reason: z.string().nullable(),
        note: z.string().nullable(),
        by: z.string(),
        at: z.string(),
      })
      .nullable()
      .openapi({ description: 'The decision that stands.' }),
    notes: z.array(note),
  })
  .openapi('QueueItem');

const nearby = z
  .object({
    id: z.string(),
    post: z.string(),
    author_name: z.string(),
    content: z.string().openapi({ description: 'The first 600 characters.' }),
    status: z.string(),
    at: z.string(),
  })
  .openapi('NearbyComment');

export const queueContext = z
  .object({
    id: z.string(),
    thread: z.object({
      ancestors: z.array(nearby).openapi({ description: 'What it answers, the topmost first.' }),
      siblings: z.array(nearby).openapi({ description: 'Other answers to the same comment.' }),
      replies: z.array(nearby),
    }),
    article: z.object({
      post: z.string(),
      title: z.string().nullable(),
      url: z.string().nullable(),
      closed: z.boolean(),
      premoderated: z.boolean(),
      approved_today: z.int().openapi({ description: 'In the last 24 hours, counted up to 1,000.' }),
      waiting: z.int().openapi({ description: 'Counted up to 1,000.' }),
    }),
    author: z.object({
      newest: z.array(nearby).openapi({ description: 'Their newest other comments, in every status.' }),
      standing: z
        .object({ disposition: z.string(), until: z.string().nullable(), reason: z.string().nullable() })
        .nullable()
        .openapi({ description: 'What a rule makes of their next comments.' }),
    }),
    similar: z.object({
      campaign: z.string().nullable(),
      comments: z.int().openapi({ description: 'Near-copies in every status, counted up to 1,000.' }),
      authors: z.int().openapi({ description: 'How many different people sent them.' }),
      samples: z.array(nearby),
      hosts: z.array(z.string()).openapi({ description: 'Where its links and those of the samples lead.' }),
    }),
    timeline: z.array(
      z.object({
        at: z.string(),
        kind: z.string(),
        by: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .openapi('QueueContext');
