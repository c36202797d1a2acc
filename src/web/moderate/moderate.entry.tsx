/** `/moderate`: the queue, one comment at a time, by keys. */

import { render } from 'preact';
import { chooseLanguage } from '../../strings/index.ts';
import { BASE } from '../page/base.ts';
import { wantedLanguages } from '../page/language.ts';
import { call, ProblemAnswer, tellProblemsIn } from '../page/service.ts';
import type { Session } from '../page/session.ts';
import { Page } from './page.tsx';

const { language, strings } = chooseLanguage(wantedLanguages());
document.documentElement.lang = language;
document.title = strings.title;
tellProblemsIn(strings);

const root = document.getElementById('page');
call<Session>('GET', '/v1/session').then(
  (session) => root && render(<Page session={session} strings={strings} language={language} />, root),
  (error: unknown) => {
    if (error instanceof ProblemAnswer && error.status === 401)
      location.assign(`${BASE}/sign-in?next=${encodeURIComponent(`/moderate${location.search}`)}`);
    else if (root) root.textContent = error instanceof Error ? error.message : String(error);
  },
);
