/** The pages that answer a form without script: thanks, or the form again with what was wrong beside its fields. */
import { RefusedError } from '../moderation/refused-error.ts';
import type { Settings } from '../moderation/settings.ts';
import { escapeHtml } from './html.ts';
import { PLAIN_LABELS, renderForm } from './plain-form.ts';
import { headersOf, type ProblemError, problemStatus } from './problem.ts';
import type { AppContext } from './route.ts';

const CSP =
  "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

interface Thanks {
  /** The article's address, null when there is none to link. */
  readonly back: string | null;
  readonly content: string;
  /** Of a comment that is published; null: it waits. */
  readonly commentId: string | null;
}

/** 201. A comment that waits is shown to its author, here alone. */
export function answerThanks(c: AppContext, { back, content, commentId }: Thanks): Response {
  const said =
    commentId === null
      ? `<p>Your comment is awaiting moderation. Only you see it here:</p>
<blockquote class="content" dir="auto">${escapeHtml(content)}</blockquote>`
      : '<p>Your comment is published.</p>';
  const address = commentId === null || back === null ? back : `${back.split('#')[0]}#comment-${commentId}`;
  return answerPage(c, 201, 'Thank you', `${said}\n${linkTo(address)}`);
}

interface Again {
  readonly key: string;
  readonly fields: Readonly<Partial<Record<string, string>>>;
  readonly settings: Pick<Settings, 'require_name' | 'require_email'>;
  readonly back: string | null;
  readonly error: RefusedError | ProblemError;
}

/** The refusal's status. What the reader wrote stands in the form: nobody writes a lost text twice. */
export function answerAgain(c: AppContext, { key, fields, settings, back, error }: Again): Response {
  const faults = new Map(
    error instanceof RefusedError
      ? []
      : error.errors.map(({ pointer, detail }) => [pointer.slice(1), detail]),
  );
  const beside = [...PLAIN_LABELS].filter(([name]) => faults.has(name));
  const list = [
    ...(faults.size === 0 ? [explain(error)] : []),
    ...[...faults].filter(([name]) => !PLAIN_LABELS.has(name)).map(([name, text]) => `${name}: ${text}`),
  ].map((text) => `<li>${escapeHtml(text)}</li>`);
  const links = beside.map(
    ([name, label]) => `<li><a href="#${name}">${label}</a>: ${escapeHtml(faults.get(name) ?? '')}</li>`,
  );
  // The comment that was answered is gone: what was written stays, as a comment of its own.
  const values = error.code === 'parent_not_found' ? { ...fields, parent: '' } : fields;
  const form = renderForm({
    heading: (values.parent ?? '') === '' ? 'Leave a Reply' : 'Your reply',
    key,
    values,
    errors: Object.fromEntries(beside.map(([name]) => [name, faults.get(name)])),
    settings,
  });
  const summary = `<div role="alert"><ul>\n${[...list, ...links].join('\n')}\n</ul></div>`;
  const seconds = headersOf(error)['retry-after'];
  if (seconds !== undefined) c.header('retry-after', seconds);
  const main = `${summary}\n${form}\n${linkTo(back)}`;
  return answerPage(c, problemStatus(error.code), 'Your comment was not sent', main);
}

/** For a reader, where the API's own words are for whoever writes a client. */
function explain(error: RefusedError | ProblemError): string {
  const seconds = headersOf(error)['retry-after'];
  const wait = seconds === undefined ? 'Please wait a moment.' : `Please wait ${seconds} seconds.`;
  const known: Readonly<Record<string, string>> = {
    duplicate: 'You have said this already.',
    flood: `You are commenting too quickly. ${wait}`,
    rate_limited: `You are commenting too quickly. ${wait}`,
    unavailable: 'Comments cannot be kept at the moment. Your text is still here: please try again shortly.',
    post_closed: 'Comments are closed.',
    parent_not_found:
      'The comment that you answer is not there any more. Send it again as a comment of its own.',
    proof_of_work_required:
      'This site asks for a proof of work at the moment, which needs JavaScript. Please turn it on, or try again later.',
  };
  return known[error.code] ?? error.message;
}

function linkTo(back: string | null): string {
  return back === null ? '' : `<p><a href="${escapeHtml(back)}">Back to the article</a></p>`;
}

function answerPage(
  c: AppContext,
  status: 201 | ReturnType<typeof problemStatus>,
  title: string,
  main: string,
) {
  c.header('content-security-policy', CSP);
  // Without a referrer the form in this page would send “Origin: null”, and its key would not be good.
  c.header('referrer-policy', 'same-origin');
  return c.html(
    `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="/assets/demo.css"></head>
<body><main><h1>${escapeHtml(title)}</h1>
${main}
</main></body></html>`,
    status,
  );
}
