/** WordPress's errors: `{code, message, data: {status}}`, with the codes its clients compare. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from '../routing/app-context.ts';
import { logFault } from '../routing/log-fault.ts';
import { headersOf, problemStatus, toProblem } from '../routing/problem.ts';

export class WordPressError extends Error {
  override readonly name = 'WordPressError';
  readonly code: string;
  readonly status: ContentfulStatusCode;
  /** The faulty parameters, each with what is wrong. */
  readonly params: Readonly<Record<string, string>> | undefined;

  constructor(
    code: string,
    status: ContentfulStatusCode,
    message: string,
    params?: Readonly<Record<string, string>>,
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.params = params;
  }
}

/** @throws never; `params` of {@link WordPressError} in WordPress's words. */
export function invalidParams(params: Readonly<Record<string, string>>): WordPressError {
  const names = Object.keys(params).join(', ');
  return new WordPressError('rest_invalid_param', 400, `Invalid parameter(s): ${names}`, params);
}

/** WordPress's answer to a path or a method that it does not know: one and the same. */
export function noRoute(): WordPressError {
  const message = 'No route was found matching the URL and request method.';
  return new WordPressError('rest_no_route', 404, message);
}

export const DUPLICATE = "Duplicate comment detected; it looks as though you've already said that!";
export const FLOOD = 'You are posting comments too quickly. Slow down.';

/** What our refusals are called there. */
const refusals: Readonly<
  Partial<Record<string, readonly [code: string, status: ContentfulStatusCode, message?: string]>>
> = {
  duplicate: ['comment_duplicate', 409, DUPLICATE],
  // WordPress's REST answers 400, its form 429.
  flood: ['comment_flood', 400, FLOOD],
  post_closed: ['rest_comment_closed', 403, 'Sorry, comments are closed for this item.'],
  parent_not_found: ['rest_comment_invalid_parent', 400],
  not_found: ['rest_comment_invalid_id', 404, 'Invalid comment ID.'],
  already_decided: ['rest_comment_failed_edit', 409],
  version_conflict: ['rest_comment_failed_edit', 409],
  not_undoable: ['rest_comment_failed_edit', 409],
  unauthenticated: ['rest_not_logged_in', 401, 'Send a key as “Authorization: Bearer KEY”.'],
  forbidden: ['rest_forbidden', 403],
  invalid: ['rest_invalid_param', 400],
  invalid_value: ['rest_invalid_param', 400],
  bad_json: ['rest_invalid_json', 400, 'Invalid JSON body passed.'],
  body_too_large: ['comment_content_column_length', 400],
};

/** Anything that was thrown, as WordPress would have it. */
export function toWordPressError(error: unknown): WordPressError {
  if (error instanceof WordPressError) return error;
  const problem = toProblem(error);
  const [code, status, message] = refusals[problem.code] ?? [
    `rest_${problem.code}`,
    problemStatus(problem.code),
  ];
  return new WordPressError(code, status, message ?? problem.message);
}

/** The answer to a failed call. */
export function answerWordPressError(c: AppContext, thrown: unknown): Response {
  const { code, status, message, params } = toWordPressError(thrown);
  if (!(thrown instanceof WordPressError)) logFault(c, thrown, code);
  const body = { code, message, data: { status, ...(params && { params }) } };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/json', ...headersOf(thrown) });
}
