/** The form: fields with their errors beside them, what is announced, what is sent. */

import { explainField, type Strings, withName } from '../../strings/form-strings.ts';
import type { Problem, PublicComment } from './embed-api.ts';
import { make } from './embed-dom.ts';
import { readAuthor, writeAuthor } from './embed-memory.ts';

type Name = 'content' | 'author_name' | 'author_email' | 'author_url';

interface Field {
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  readonly error: HTMLElement;
  readonly element: HTMLElement;
  readonly required: boolean;
}

export interface ReplyForm {
  readonly element: HTMLFormElement;
  readonly replyTo: (comment: PublicComment | null) => void;
  /** What to send, or null when a field is wrong: it is then marked, told and focused. */
  readonly collect: () => Readonly<Record<string, string | number>> | null;
  readonly showProblem: (problem: Problem) => void;
  readonly announce: (text: string) => void;
  readonly busy: (busy: boolean) => void;
  /** After a success: the text goes, the author stays if that is wanted. */
  readonly clear: () => void;
}

export function createForm(
  strings: Strings,
  optional: readonly string[],
  now: () => number,
  onSubmit: () => void,
): ReplyForm {
  const opened = now();
  const fields: Record<Name, Field> = {
    content: createField('content', strings.comment, true),
    author_name: createField('author_name', strings.name, !optional.includes('name')),
    author_email: createField('author_email', strings.email, !optional.includes('email')),
    author_url: createField('author_url', strings.website, false),
  };
  const trap = make('input', { id: 'honeypot', tabindex: '-1', autocomplete: 'off' });
  const remember = make('input', { type: 'checkbox', id: 'remember' });
  const button = make('button', { type: 'submit', part: 'submit' }, strings.submit);
  const cancel = make('button', { type: 'button', part: 'cancel' }, strings.cancel);
  const title = make('h2', { part: 'title', id: 'title' }, strings.title);
  const status = make('p', { part: 'status', role: 'status' });
  const element = make(
    'form',
    { part: 'form', novalidate: '', 'aria-labelledby': 'title' },
    title,
    cancel,
    make('p', { part: 'notes' }, strings.notes),
    ...Object.values(fields).map((field) => field.element),
    make(
      'p',
      { class: 'trap', 'aria-hidden': 'true' },
      make('label', { for: 'honeypot' }, strings.empty),
      trap,
    ),
    make('p', { part: 'remember' }, remember, make('label', { for: 'remember' }, strings.remember)),
    button,
    status,
  );
  let parent: string | null = null;
  const replyTo = (comment: PublicComment | null) => {
    parent = comment?.id ?? null;
    title.textContent = comment ? withName(strings.titleTo, comment.author_name) : strings.title;
    cancel.hidden = comment === null;
    if (comment) fields.content.input.focus();
  };
  cancel.addEventListener('click', () => {
    replyTo(null);
    fields.content.input.focus();
  });
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    onSubmit();
  });
  fillIn(fields, remember);
  replyTo(null);
  const announce = (text: string) => {
    status.textContent = text;
  };
  return {
    element,
    replyTo,
    announce,
    collect: () => {
      const wrong = findWrong(fields, strings);
      mark(fields, wrong);
      if (wrong.size > 0) announce(strings.check);
      if (wrong.size > 0) return null;
      return {
        ...Object.fromEntries(Object.entries(fields).map(([name, { input }]) => [name, input.value])),
        honeypot: trap.value,
        elapsed_ms: Math.round(now() - opened),
        ...(parent !== null && { parent }),
      };
    },
    showProblem: (problem) => showProblem(fields, problem, strings, announce),
    busy: (busy) => {
      button.disabled = busy;
      button.textContent = busy ? strings.sending : strings.submit;
    },
    clear: () => {
      const { author_name, author_email, author_url } = fields;
      const author = {
        author_name: author_name.input.value,
        author_email: author_email.input.value,
        author_url: author_url.input.value,
      };
      writeAuthor(remember.checked ? author : null);
      fields.content.input.value = '';
      replyTo(null);
    },
  };
}

const AUTOCOMPLETE: Readonly<Record<Name, string>> = {
  content: 'off',
  author_name: 'name',
  author_email: 'email',
  author_url: 'url',
};
/** Texts with a keyboard of their kind: what browsers take for an address is less than what mail and the Web take. */
const KEYBOARDS: Readonly<Record<Name, string>> = {
  content: 'text',
  author_name: 'text',
  author_email: 'email',
  author_url: 'url',
};

function createField(name: Name, text: string, required: boolean): Field {
  const attributes = { id: name, name, part: 'input', autocomplete: AUTOCOMPLETE[name] };
  const input =
    name === 'content'
      ? make('textarea', { ...attributes, rows: '6' })
      : make('input', { ...attributes, type: 'text', inputmode: KEYBOARDS[name] });
  input.required = required;
  const label = make('label', { for: name, part: 'label' }, text);
  if (required) label.append(' ', make('span', { 'aria-hidden': 'true', part: 'required' }, '*'));
  const error = make('p', { id: `${name}-error`, part: 'error' });
  error.hidden = true;
  input.addEventListener('input', () => setError({ input, error }, null));
  return { input, error, required, element: make('div', { part: 'field' }, label, input, error) };
}

function fillIn(fields: Record<Name, Field>, remember: HTMLInputElement): void {
  const author = readAuthor();
  if (!author) return;
  remember.checked = true;
  for (const name of ['author_name', 'author_email', 'author_url'] as const) {
    fields[name].input.value = author[name];
  }
}

function findWrong(fields: Record<Name, Field>, strings: Strings): Map<Name, string> {
  const wrong = new Map<Name, string>();
  for (const [name, { input, required }] of Object.entries(fields) as [Name, Field][]) {
    if (required && input.value.trim() === '') wrong.set(name, strings.required);
    // The service knows what an address is; what cannot be one need not be sent.
    else if (name === 'author_email' && !/^\s*(?:[^\s@]+@[^\s@]+\s*)?$/.test(input.value)) {
      wrong.set(name, strings.emailWrong);
    }
  }
  return wrong;
}

function showProblem(
  fields: Record<Name, Field>,
  { code, errors }: Problem,
  strings: Strings,
  announce: (text: string) => void,
): void {
  const wrong = new Map<Name, string>();
  for (const error of errors) {
    const name = error.pointer.slice(1);
    if (name in fields) wrong.set(name as Name, explainField(name as Name, error.code, strings));
  }
  mark(fields, wrong);
  const known: ReadonlyMap<string, string> = new Map(
    Object.entries({
      duplicate: strings.duplicate,
      flood: strings.flood,
      rate_limited: strings.flood,
      post_closed: strings.closed,
    }),
  );
  announce(wrong.size > 0 ? strings.check : (known.get(code) ?? strings.failed));
}

/** Marks these fields and no others, and takes the reader to the first. */
function mark(fields: Record<Name, Field>, wrong: ReadonlyMap<Name, string>): void {
  for (const [name, field] of Object.entries(fields) as [Name, Field][])
    setError(field, wrong.get(name) ?? null);
  const [first] = wrong.keys();
  if (first !== undefined) fields[first].input.focus();
}

function setError({ input, error }: Pick<Field, 'input' | 'error'>, text: string | null): void {
  error.textContent = text ?? '';
  error.hidden = text === null;
  if (text === null) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  } else {
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', error.id);
  }
}
