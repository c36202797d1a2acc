/** `/admin`: the filter, the rules and the users of a site. */

import '../page/known-locale.ts';
import { render } from 'preact';
import { BASE } from '../page/base.ts';
import { createFormat } from '../page/format.ts';
import { readLanguage } from '../page/language.ts';
import { call, ProblemAnswer, tellProblemsIn } from '../page/service.ts';
import type { Session } from '../page/session.ts';
import { AdminPage } from './page.tsx';
import { type AdminTexts, ReaderContext } from './reader.tsx';

const { language, locale } = readLanguage();
/** One language is loaded: three would be a third of what the page weighs. */
const { texts }: { texts: AdminTexts } = await import(`${BASE}/assets/admin-texts-${language}.js`);
const { admin: t, page: strings } = texts;
document.documentElement.lang = locale;
document.title = t.title;
tellProblemsIn(strings);

const root = document.getElementById('page');
call<Session>('GET', '/v1/session').then(
  (session) => {
    if (!root) return;
    render(
      <ReaderContext.Provider value={{ t, locale, format: createFormat(locale) }}>
        {session.role === 'admin' ? (
          <AdminPage session={session} strings={strings} />
        ) : (
          <main class="entrance">
            <h1>{t.notAdmin}</h1>
            <p>{t.notAdminAbout}</p>
            <p>
              <a href={`${BASE}/moderate`}>{t.toModeration}</a>
            </p>
          </main>
        )}
      </ReaderContext.Provider>,
      root,
    );
  },
  (error: unknown) => {
    if (error instanceof ProblemAnswer && error.status === 401) {
      const here = `/admin${location.search}${location.hash}`;
      location.assign(`${BASE}/sign-in?next=${encodeURIComponent(here)}`);
    } else if (root) root.textContent = error instanceof Error ? error.message : String(error);
  },
);
