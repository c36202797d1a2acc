/** `/admin`: the filter, the rules and the people of a site. */
import { render } from 'preact';
import { chooseLanguage } from '../../strings/index.ts';
import { call, ProblemAnswer } from '../page/service.ts';
import type { Session } from '../page/session.ts';
import { AdminPage } from './page.tsx';

const { strings } = chooseLanguage(navigator.languages);
const root = document.getElementById('page');
call<Session>('GET', '/v1/session').then(
  (session) => root && render(<AdminPage session={session} strings={strings} />, root),
  (error: unknown) => {
    if (error instanceof ProblemAnswer && error.status === 401) location.assign('/sign-in?next=/admin');
    else if (root) root.textContent = error instanceof Error ? error.message : String(error);
  },
);
