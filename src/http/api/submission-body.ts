/** The fields of a submission: what a site's server, a page's form and a batch send alike. */
import { z } from '@hono/zod-openapi';
import type { Settings } from '../../moderation/site/settings.ts';
import { MAX_CONTENT_BYTES, MAX_NAME_CHARACTERS } from '../../moderation/site/storable-text.ts';
import { PROOF_CHARACTERS } from '../../moderation/submit/proof-of-work.ts';
import type { Submission } from '../../moderation/submit/submission.ts';
import { dateTime, email, id, ipAddress, parseDateTime, postId, text, website } from './fields.ts';
import { adjustMetadata } from './metadata.ts';

function submissionSchema({ requireName, requireEmail }: { requireName: boolean; requireEmail: boolean }) {
  const name = text({ characters: MAX_NAME_CHARACTERS });
  return z.strictObject({
    post: postId(),
    author_name: requireName ? name : name.default(''),
    author_email: requireEmail ? email() : email().default(''),
    content: text({ bytes: MAX_CONTENT_BYTES }),
    parent: id().optional(),
    author_url: website().optional(),
    author_ip: ipAddress().optional(),
    author_user_agent: text({ characters: 1000 }).optional(),
    referrer: text({ characters: 2000 }).optional(),
    post_url: text({ characters: 2000 }).optional().openapi({
      format: 'uri',
      description:
        'The address of the article. Anything but an http(s) address of at most 2,000 characters is ignored. From a public key it is kept only on one of the key’s origins.',
    }),
    post_title: text({ characters: 500 }).optional(),
    date_gmt: dateTime().optional(),
    honeypot: text({ characters: 1000, mayBeEmpty: true }).optional(),
    elapsed_ms: z
      .number()
      .min(0)
      .max(1e12)
      .optional()
      .openapi({ description: 'Time the form was open, in ms.' }),
    altcha: text({ characters: PROOF_CHARACTERS }).optional().openapi({
      description: 'A proof of work: see `POST /v1/challenges`. Used only for public keys.',
    }),
  });
}

/** With name and e-mail required: what the API page shows. */
export const strictSchema = submissionSchema({ requireName: true, requireEmail: true }).openapi('Submission');
const FIELDS = strictSchema.shape;
const schemas = [false, true].map((requireName) =>
  [false, true].map((requireEmail) => submissionSchema({ requireName, requireEmail })),
);
export type SubmissionBody = z.infer<typeof strictSchema>;

/** The schema under a site's settings. */
export function schemaFor({ require_name, require_email }: Settings): z.ZodType<SubmissionBody> {
  return schemas[Number(require_name)]?.[Number(require_email)] ?? strictSchema;
}

/** The fields without what is empty, and with what came along as it can be kept; with the names of what had to change. */
export function prepareFields(
  data: unknown,
  isForm: boolean,
  now: Date,
): { readonly fields: unknown; readonly adjusted: readonly string[] } {
  const kept = dropEmpty(data, isForm);
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return { fields: kept, adjusted: [] };
  return adjustMetadata({ ...kept }, now);
}

/** Forms send every field, and clients send null: what is empty is absent. What is unknown stays, to be named. */
function dropEmpty(data: unknown, isForm: boolean): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const kept = Object.fromEntries(
    Object.entries(data).filter(
      ([name, value]) => !Object.hasOwn(FIELDS, name) || (value !== '' && value !== null),
    ),
  );
  if (isForm && typeof kept.elapsed_ms === 'string' && /^\d{1,13}$/.test(kept.elapsed_ms)) {
    kept.elapsed_ms = Number(kept.elapsed_ms);
  }
  return kept;
}

export function toSubmission(body: SubmissionBody): Submission {
  return {
    post: body.post,
    content: body.content,
    authorName: body.author_name.trim(),
    authorEmail: body.author_email === '' ? null : body.author_email,
    authorUrl: body.author_url ?? null,
    authorIp: body.author_ip ?? null,
    authorUserAgent: body.author_user_agent ?? null,
    referrer: body.referrer ?? null,
    parent: body.parent ?? null,
    postUrl: body.post_url ?? null,
    postTitle: body.post_title ?? null,
    dateGmt: body.date_gmt === undefined ? null : parseDateTime(body.date_gmt),
    honeypot: body.honeypot ?? null,
    elapsedMs: body.elapsed_ms ?? null,
  };
}
