/** Shows the bar of every page for users: the page, the site, the user's own menu. */

import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { LANGUAGES, type Language } from '../../strings/languages.ts';
import { BASE } from './base.ts';
import { readLanguage, rememberLanguage } from './language.ts';
import { call, PATIENCE_MS, ProblemAnswer } from './service.ts';
import type { Session } from './session.ts';
import { pageOfSite } from './site-choice.ts';
import { WordMark } from './word-mark.tsx';

interface Props {
  readonly session: Session;
  readonly strings: Strings;
  readonly page: 'moderate' | 'admin';
  readonly site: string;
  readonly onSite: (slug: string) => void;
  readonly children?: ComponentChildren;
}

export function TopBar({ session, strings, page, site, onSite, children }: Props): JSX.Element {
  return (
    <header class="top">
      <WordMark />
      <h1>{page === 'moderate' ? strings.title : strings.adminTitle}</h1>
      {session.role === 'admin' && (
        <nav aria-label={strings.pages}>
          {page === 'moderate' ? (
            <a href={pageOfSite('/admin', site)}>{strings.adminTitle}</a>
          ) : (
            <a href={pageOfSite('/moderate', site)}>{strings.title}</a>
          )}
        </nav>
      )}
      {session.sites.length > 1 && (
        <label class="site">
          {strings.site}{' '}
          <select value={site} onChange={(event) => onSite(event.currentTarget.value)}>
            {session.sites.map(({ slug, name }) => (
              <option value={slug}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <div class="tools">{children}</div>
      <Account session={session} strings={strings} />
    </header>
  );
}

/** Who one is, and the way out: that it failed is told, for the next person at this screen would be signed in. */
function Account({ session, strings }: Pick<Props, 'session' | 'strings'>): JSX.Element {
  const [problem, tell] = useState('');
  const leave = (where: string): void => {
    tell('');
    call('DELETE', `/v1/session${where}`, undefined, { timeoutMs: PATIENCE_MS }).then(
      () => location.assign(`${BASE}/sign-in`),
      (error: unknown) => {
        if (error instanceof ProblemAnswer && error.status === 401) location.assign(`${BASE}/sign-in`);
        else tell(fill(strings.notSignedOut, { detail: error instanceof Error ? error.message : '' }));
      },
    );
  };
  return (
    <details class="account">
      <summary>
        <bdi>{session.name}</bdi>
      </summary>
      <div>
        <LanguageChoice />
        <button type="button" onClick={() => leave('')}>
          {strings.signOut}
        </button>
        <button type="button" onClick={() => leave('?everywhere=true')}>
          {strings.signOutEverywhere}
        </button>
        <p role="alert">{problem}</p>
      </div>
    </details>
  );
}

/** Each language is written by its own name, for those who cannot read the present one. */
function LanguageChoice(): JSX.Element {
  const { language } = readLanguage();
  const choose = (wanted: Language): void => {
    rememberLanguage(wanted);
    location.reload();
  };
  return (
    <ul class="languages" aria-label="Language · Sprache · Idioma">
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <li key={one}>
          <button type="button" lang={one} aria-pressed={one === language} onClick={() => choose(one)}>
            {LANGUAGES[one]}
          </button>
        </li>
      ))}
    </ul>
  );
}
