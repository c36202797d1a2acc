/** `/admin`: the filter, the rules and the people of a site. */
import { render } from 'preact';
import { AdminPage } from './admin/page.tsx';
import { call, ProblemAnswer } from './service.ts';
import type { Session } from './session.ts';
import { chooseLanguage } from './strings/index.ts';

const { strings } = chooseLanguage(navigator.languages);
const root = document.getElementById('page');
call<Session>('GET', '/v1/session').then(
  (session) => root && render(<AdminPage session={session} strings={strings} />, root),
  (error: unknown) => {
    if (error instanceof ProblemAnswer && error.status === 401) location.assign('/sign-in?next=/admin');
    else if (root) root.textContent = error instanceof Error ? error.message : String(error);
  },
);
