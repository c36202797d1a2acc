/** The query of WordPress's comment list. */
import { z } from 'zod';
import type { Status } from '../../core/comment.ts';
import { findTextFault } from '../../moderation/site/storable-text.ts';
import type { NumberedOrder } from '../../storage/clients/wordpress.ts';
import { postId } from '../api/fields.ts';
import { invalidParams, WordPressError } from './error.ts';
import { completeDate } from './read-body.ts';

const MOST_IN_LIST = 100;
/** Beyond it a page costs more than a reader is worth. */
const MOST_PUBLIC_OFFSET = 10_000;

const numbers = z
  .string()
  .regex(/^\s*\d{1,15}(\s*,\s*\d{1,15})*\s*$/, 'is not a list of whole numbers.')
  .transform((text) => text.split(',').map(Number))
  .pipe(z.array(z.number()).max(MOST_IN_LIST, `may name ${MOST_IN_LIST} at most.`));

const texts = z
  .string()
  .max(20_000)
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(postId()).max(MOST_IN_LIST));

const date = z.string().transform((text, context) => {
  const given = completeDate(text);
  const parsed = new Date(given);
  const year = parsed.getUTCFullYear();
  // What has no such year the database does not know, and NaN is none.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(given) && year >= 1 && year <= 9999) return parsed;
  context.addIssue({ code: 'custom', message: 'Invalid date.' });
  return z.NEVER;
});

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, 'is not of type integer.')
    .transform(Number)
    .pipe(
      z
        .number()
        .min(least, `must be between ${least} (inclusive) and ${most} (inclusive)`)
        .max(most, `must be between ${least} (inclusive) and ${most} (inclusive)`),
    );

const querySchema = z.object({
  context: z.enum(['view', 'embed', 'edit']).default('view'),
  page: whole(1, 1_000_000).default(1),
  per_page: whole(1, 100).default(10),
  offset: whole(0, 9_999_999).optional(),
  search: z.string().max(200).optional(),
  after: date.optional(),
  before: date.optional(),
  author: numbers.optional(),
  author_exclude: numbers.optional(),
  author_email: z.string().max(100).optional(),
  include: numbers.default([]),
  exclude: numbers.default([]),
  order: z.enum(['asc', 'desc']).default('desc'),
  orderby: z.enum(['date', 'date_gmt', 'id', 'include', 'post', 'parent', 'type']).default('date_gmt'),
  parent: numbers.default([]),
  parent_exclude: numbers.default([]),
  post: texts.default([]),
  status: z.string().default('approve'),
  type: z.string().default('comment'),
  password: z.string().optional(),
});

export type ListQuery = z.infer<typeof querySchema> & {
  readonly statuses: readonly Status[];
  readonly sorted: NumberedOrder;
  readonly skipped: number;
};

const statusesOf: ReadonlyMap<string, readonly Status[]> = new Map(
  Object.entries({
    approve: ['approved'],
    approved: ['approved'],
    hold: ['hold'],
    spam: ['spam'],
    trash: ['trash'],
    all: ['approved', 'hold'],
    any: ['approved', 'hold', 'spam', 'trash'],
  }),
);

/** @throws {WordPressError} `rest_invalid_param`; `rest_forbidden_context`, `rest_forbidden_param` for who may not. */
export function readListQuery(query: URLSearchParams, moderates: boolean): ListQuery {
  const parsed = querySchema.safeParse(flatten(query));
  if (!parsed.success) throw invalidParams(toParams(parsed.error));
  const data = parsed.data;
  const statuses = statusesOf.get(data.status);
  if (!statuses) throw invalidParams({ status: 'is not one of approve, hold, spam, trash, all, any.' });
  const skipped = data.offset ?? (data.page - 1) * data.per_page;
  if (!moderates) requirePublic(data, skipped);
  // Without a list there are no places in it; and there is one type.
  const include = data.include.length > 0 ? 'include' : 'id';
  const sorted = { date: 'date_gmt', include, type: 'id' } as const;
  return {
    ...data,
    statuses,
    skipped,
    sorted: sorted[data.orderby as keyof typeof sorted] ?? (data.orderby as NumberedOrder),
  };
}

/** @throws {WordPressError} `rest_invalid_param`, naming what the database would not take. */
export function requireStorableQuery(query: URLSearchParams): void {
  const faulty = [...query].filter(([, value]) => findTextFault(value) !== null);
  if (faulty.length === 0) return;
  throw invalidParams(
    Object.fromEntries(faulty.map(([name]) => [name, 'holds a NUL character: remove it.'])),
  );
}

function requirePublic(data: z.infer<typeof querySchema>, skipped: number): void {
  if (data.context === 'edit') {
    throw new WordPressError('rest_forbidden_context', 403, 'Sorry, you are not allowed to edit comments.');
  }
  const forbidden = [
    ...(['author', 'author_exclude', 'author_email'] as const).filter((name) => data[name] !== undefined),
    ...(data.status !== 'approve' && data.status !== 'approved' ? ['status'] : []),
    ...(data.type !== 'comment' ? ['type'] : []),
    // A search over a whole site reads every comment of it.
    ...(data.search !== undefined && data.post.length === 0 ? ['search without post'] : []),
  ];
  if (forbidden.length > 0) {
    const names = forbidden.join(', ');
    throw new WordPressError('rest_forbidden_param', 403, `Query parameter not permitted: ${names}`);
  }
  if (skipped > MOST_PUBLIC_OFFSET) {
    throw invalidParams({ page: `reaches beyond the first ${MOST_PUBLIC_OFFSET} comments.` });
  }
}

/** `post[]=1&post[]=2` and `post=1,2` say the same. An empty parameter is none. */
function flatten(query: URLSearchParams): Record<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of query) {
    const bare = name.replace(/\[\d*\]$/, '');
    const before = flat.get(bare);
    if (value !== '') flat.set(bare, name !== bare && before !== undefined ? `${before},${value}` : value);
  }
  return Object.fromEntries(flat);
}

export function toParams(error: z.ZodError): Record<string, string> {
  const params: Record<string, string> = {};
  for (const issue of error.issues) {
    const name = String(issue.path[0] ?? 'body');
    params[name] ??= `${name} ${issue.message}`;
  }
  return params;
}
