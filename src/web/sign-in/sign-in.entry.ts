/** `/sign-in` and `/invitation`: the forms are in the page, this sends them. */

import { signInStrings } from '../../strings/sign-in.ts';
import { BASE } from '../page/base.ts';
import { readLanguage } from '../page/language.ts';
import { call, ProblemAnswer, tellProblemsIn } from '../page/service.ts';

const { language } = readLanguage();
const strings = signInStrings[language];
document.documentElement.lang = language;
tellProblemsIn(strings);
for (const part of document.querySelectorAll<HTMLElement>('[data-text]')) {
  const text = strings[part.dataset.text as keyof typeof strings];
  if (typeof text === 'string') part.textContent = text;
}

/** The pages that sign-in leads to, with their query and fragment: a link that says `next` must not lead away. */
const NEXT = /^\/(?:moderate|admin)(?:\?[^#]*)?(?:#.*)?$/;

function nextPage(): string {
  const next = new URLSearchParams(location.search).get('next') ?? '';
  return `${BASE}${NEXT.test(next) ? next : '/moderate'}`;
}

const field = (fields: FormData, name: string): string => String(fields.get(name) ?? '');

const senders: ReadonlyMap<string, (fields: FormData) => Promise<void>> = new Map(
  Object.entries({
    session: async (fields) => {
      await call('POST', '/v1/session', {
        email: field(fields, 'email'),
        password: field(fields, 'password'),
      });
      location.replace(nextPage());
    },
    invitation: async (fields) => {
      const token = location.hash.slice(1);
      await call('POST', '/v1/session/invitation', { token, password: field(fields, 'password') });
      location.replace(nextPage());
    },
    setUp: async (fields) => {
      const person = {
        name: field(fields, 'name'),
        email: field(fields, 'email'),
        role: 'admin',
        all_sites: true,
      };
      const { invitation } = await call<{ invitation: { url: string } }>('POST', '/v1/users', person, {
        key: field(fields, 'key'),
      });
      location.hash = new URL(invitation.url).hash;
      showInvitation();
    },
  }),
);

/** What the service means by `invalid_value`: of each form it looks at one field. */
const invalidValues: ReadonlyMap<string, string> = new Map(
  Object.entries({
    invitation: strings.passwordLength,
    setUp: strings.badEmail,
  }),
);

function sayFailure(error: unknown, kind: string): string {
  if (!(error instanceof Error)) return String(error);
  const isValue = error instanceof ProblemAnswer && error.code === 'invalid_value';
  return (isValue ? invalidValues.get(kind) : undefined) ?? error.message;
}

/** With a token the password can be set; without one somebody with the admin key can make one. */
function showInvitation(): void {
  show(location.hash.length > 1 ? 'invitation' : 'setUp');
}

function show(wanted: string): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form')) {
    form.hidden = form.dataset.kind !== wanted;
    if (!form.hidden) form.querySelector('input')?.focus();
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form')) {
  const { kind = '' } = form.dataset;
  const send = senders.get(kind);
  const problem = form.querySelector('[role=alert]');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!send || !problem) return;
    problem.textContent = '';
    send(new FormData(form)).catch((error: unknown) => {
      problem.textContent = sayFailure(error, kind);
      form.querySelector<HTMLInputElement>('input[type=password]')?.focus();
    });
  });
}
if (location.pathname === `${BASE}/invitation`) showInvitation();
else show('session');
