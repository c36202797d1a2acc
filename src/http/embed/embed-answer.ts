/** The pages that answer a form without script: thanks, or the form again with what was wrong beside its fields. */

import { RefusedError } from '../../moderation/refused-error.ts';
import type { Settings } from '../../moderation/site/settings.ts';
import { explainField } from '../../strings/form-strings.ts';
import type { AppContext } from '../routing/app-context.ts';
import { escapeHtml } from '../routing/html.ts';
import { headersOf, type ProblemError, problemStatus } from '../routing/problem.ts';
import { labelsOf, renderForm } from './plain-form.ts';
import type { PlainStrings } from './plain-strings.ts';

const CSP =
  "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

interface Thanks {
  readonly strings: PlainStrings;
  /** The article's address, null when there is none to link. */
  readonly back: string | null;
  readonly content: string;
  /** Of a comment that is published; null: it waits. */
  readonly commentId: string | null;
}

/** 201. A comment that waits is shown to its author, here alone. */
export function answerThanks(c: AppContext, { strings, back, content, commentId }: Thanks): Response {
  const said =
    commentId === null
      ? `<p>${strings.waiting}</p>
<blockquote class="content" dir="auto">${escapeHtml(content)}</blockquote>`
      : `<p>${strings.published}</p>`;
  const address = commentId === null || back === null ? back : `${back.split('#')[0]}#comment-${commentId}`;
  return answerPage(c, 201, strings, strings.thanks, `${said}\n${linkTo(address, strings)}`);
}

interface Again {
  readonly strings: PlainStrings;
  readonly key: string;
  readonly fields: Readonly<Partial<Record<string, string>>>;
  readonly settings: Pick<Settings, 'require_name' | 'require_email'>;
  readonly back: string | null;
  readonly error: RefusedError | ProblemError;
}

/** The refusal's status. What the reader wrote stands in the form: nobody writes a lost text twice. */
export function answerAgain(c: AppContext, { strings, key, fields, settings, back, error }: Again): Response {
  const labels = labelsOf(strings);
  const faults = new Map(
    error instanceof RefusedError
      ? []
      : error.errors.map(({ pointer, code, detail }) => {
          const name = pointer.slice(1);
          return [name, labels.has(name) ? explainField(name, code, strings) : detail];
        }),
  );
  const beside = [...labels].filter(([name]) => faults.has(name));
  const list = [
    ...(faults.size === 0 ? [explain(error, strings)] : []),
    ...[...faults].filter(([name]) => !labels.has(name)).map(([name, text]) => `${name}: ${text}`),
  ].map((text) => `<li>${escapeHtml(text)}</li>`);
  const links = beside.map(
    ([name, label]) => `<li><a href="#${name}">${label}</a>: ${escapeHtml(faults.get(name) ?? '')}</li>`,
  );
  // The comment that was answered is gone: what was written stays, as a comment of its own.
  const values = error.code === 'parent_not_found' ? { ...fields, parent: '' } : fields;
  const form = renderForm({
    strings,
    heading: (values.parent ?? '') === '' ? strings.title : strings.yourReply,
    key,
    values,
    errors: Object.fromEntries(beside.map(([name]) => [name, faults.get(name)])),
    settings,
  });
  const summary = `<div role="alert"><ul>\n${[...list, ...links].join('\n')}\n</ul></div>`;
  const seconds = headersOf(error)['retry-after'];
  if (seconds !== undefined) c.header('retry-after', seconds);
  const main = `${summary}\n${form}\n${linkTo(back, strings)}`;
  return answerPage(c, problemStatus(error.code), strings, strings.notSent, main);
}

/** For a reader, where the API's own words are for whoever writes a client. */
function explain(error: RefusedError | ProblemError, strings: PlainStrings): string {
  const seconds = headersOf(error)['retry-after'];
  const wait = seconds === undefined ? strings.flood : strings.tooFast.replace('{seconds}', seconds);
  const known: ReadonlyMap<string, string> = new Map(
    Object.entries({
      duplicate: strings.duplicate,
      flood: wait,
      rate_limited: wait,
      unavailable: strings.unavailable,
      post_closed: strings.closed,
      parent_not_found: strings.parentGone,
      proof_of_work_required: strings.proofNeeded,
    }),
  );
  return known.get(error.code) ?? error.message;
}

function linkTo(back: string | null, strings: PlainStrings): string {
  return back === null ? '' : `<p><a href="${escapeHtml(back)}">${strings.back}</a></p>`;
}

function answerPage(
  c: AppContext,
  status: 201 | ReturnType<typeof problemStatus>,
  { language }: PlainStrings,
  title: string,
  main: string,
) {
  c.header('content-security-policy', CSP);
  // Without a referrer the form in this page would send “Origin: null”, and its key would not be good.
  c.header('referrer-policy', 'same-origin');
  return c.html(
    `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><link rel="stylesheet" href="/assets/demo.css"></head>
<body><main><h1>${escapeHtml(title)}</h1>
${main}
</main></body></html>`,
    status,
  );
}
