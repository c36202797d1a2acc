/** The reply form as plain HTML: for browsers without script, and with what was wrong when it comes back. */
import type { Settings } from '../../moderation/site/settings.ts';
import { escapeHtml } from '../routing/html.ts';
import type { PlainStrings } from './plain-strings.ts';

/** The fields a reader sees, in their order. */
const FIELDS = [
  { name: 'content', label: 'comment', type: 'textarea', autocomplete: 'off' },
  { name: 'author_name', label: 'name', type: 'text', autocomplete: 'name' },
  { name: 'author_email', label: 'email', type: 'email', autocomplete: 'email' },
  { name: 'author_url', label: 'website', type: 'url', autocomplete: 'url' },
] as const;
type Field = (typeof FIELDS)[number];

/** What a form carries beside them from one page to the next. */
const CARRIED = ['post', 'post_url', 'post_title', 'parent', 'elapsed_ms', 'lang'] as const;

export interface PlainForm {
  readonly strings: PlainStrings;
  readonly heading: string;
  readonly key: string;
  /** By field name: what stands in the fields, and what the form carries. Others are left out. */
  readonly values: Readonly<Partial<Record<string, string>>>;
  /** By field name. */
  readonly errors?: Readonly<Partial<Record<string, string>>>;
  readonly settings: Pick<Settings, 'require_name' | 'require_email'>;
  /** Where a reply that is not wanted any more is given up. */
  readonly cancel?: string;
}

/** The names of the fields that a reader sees with their labels, in their order. */
export function labelsOf(strings: PlainStrings): ReadonlyMap<string, string> {
  return new Map(FIELDS.map(({ name, label }) => [name, strings[label]]));
}

/**
 * `novalidate`: the browser's own bubbles come one at a time and go again; the service's errors stand beside their
 * fields until they are mended.
 */
export function renderForm(form: PlainForm): string {
  const { strings, values } = form;
  const carried = CARRIED.flatMap((name) => hidden(name, values[name]));
  const cancel =
    form.cancel === undefined ? '' : `<p><a href="${escapeHtml(form.cancel)}">${strings.cancel}</a></p>`;
  return `<form id="respond" method="post" action="/embed/comments" novalidate aria-labelledby="respond-title">
<h2 id="respond-title">${escapeHtml(form.heading)}</h2>
${cancel}
<p>${strings.notes}</p>
${[...hidden('key', form.key), ...carried].join('\n')}
${FIELDS.map((field) => renderField(field, form)).join('\n')}
<p class="trap" aria-hidden="true"><label for="honeypot">${strings.empty}</label><input id="honeypot" name="honeypot" value="${escapeHtml(values.honeypot ?? '')}" tabindex="-1" autocomplete="off"></p>
<p><button type="submit">${strings.submit}</button></p>
</form>`;
}

function hidden(name: string, value: string | undefined): string[] {
  if (value === undefined || value === '') return [];
  return [`<input type="hidden" name="${name}" value="${escapeHtml(value)}">`];
}

function renderField(field: Field, { strings, values, errors = {}, settings }: PlainForm): string {
  const { name, label, type, autocomplete } = field;
  const value = escapeHtml(values[name] ?? '');
  const error = errors[name];
  const required = isRequired(name, settings);
  const attributes = [
    `id="${name}" name="${name}" autocomplete="${autocomplete}"`,
    ...(required ? ['required'] : []),
    ...(error === undefined ? [] : [`aria-invalid="true" aria-describedby="${name}-error"`]),
    ...(error !== undefined && firstWrong(errors) === name ? ['autofocus'] : []),
  ].join(' ');
  // HTML drops a line break right after the tag: the one here is not the reader's.
  const input =
    type === 'textarea'
      ? `<textarea ${attributes} rows="6">\n${value}</textarea>`
      : `<input ${attributes} type="${type}" value="${value}">`;
  const note = error === undefined ? '' : `\n<p class="error" id="${name}-error">${escapeHtml(error)}</p>`;
  return `<div><label for="${name}">${strings[label]}${required ? ' *' : ''}</label>${input}${note}</div>`;
}

function firstWrong(errors: NonNullable<PlainForm['errors']>): string | undefined {
  return FIELDS.find(({ name }) => errors[name] !== undefined)?.name;
}

function isRequired(name: Field['name'], settings: PlainForm['settings']): boolean {
  if (name === 'author_name') return settings.require_name;
  if (name === 'author_email') return settings.require_email;
  return name === 'content';
}
