/** Akismet's answers: always 200, exact bytes without a newline, explanations in headers. */

import type { AppContext } from '../routing/app-context.ts';
import type { ProblemError } from '../routing/problem.ts';

const SERVER = { 'content-type': 'text/plain; charset=utf-8', 'x-akismet-server': 'leave-a-reply' } as const;

/** A text answer. Its length is stated: WordPress's plugin speaks HTTP/1.0. */
export function answerText(
  c: AppContext,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const length = String(Buffer.byteLength(text));
  return c.body(text, 200, { ...SERVER, 'content-length': length, ...headers });
}

/** A JSON answer. */
export function answerJson(c: AppContext, data: unknown): Response {
  return answerText(c, JSON.stringify(data), { 'content-type': 'application/json' });
}

/**
 * A bad answer. Only these carry `X-akismet-debug-help`: @cedx/akismet and others throw wherever they see it.
 */
export function answerBad(c: AppContext, text: string, help: string): Response {
  return answerText(c, text, { 'x-akismet-debug-help': help });
}

/** Neither `true` nor `false`, and the header that WordPress and Discourse know: the client holds the comment. */
export function answerUnavailable(c: AppContext, retryAfterSeconds = 30): Response {
  return answerText(c, 'verdict not available', {
    'x-akismet-error': 'verdict not available',
    'retry-after': String(retryAfterSeconds),
  });
}

/** The same for what the client can change, and when to come again if the reason passes by itself. */
export function answerRefused(c: AppContext, { message, headers }: ProblemError): Response {
  return answerText(c, 'verdict not available', {
    'x-akismet-error': 'verdict not available',
    'x-akismet-debug-help': message,
    ...headers,
  });
}

/** A key that was good once: the owner is told in the plugin's own place for it. */
export function answerEndedKey(c: AppContext): Response {
  return answerText(c, 'invalid', {
    'x-akismet-error': 'verdict not available',
    'x-akismet-debug-help': 'This key was revoked or has expired: ask for a new one.',
    'x-akismet-alert-code': '10900',
    'x-akismet-alert-msg':
      'This key was revoked or has expired: comments are not checked until there is a new one.',
  });
}
