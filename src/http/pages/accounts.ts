/** `/sign-in`, `/invitation`, `/moderate`, `/admin`: the pages for people. Their scripts and styles are files of this service. */
import type { App, AppContext } from '../routing/app-context.ts';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

interface PeoplePage {
  /** The name of its text in src/web/strings, and the text in English. */
  readonly title: readonly [name: string, english: string];
  readonly script: string;
  readonly styles: readonly string[];
  readonly body: string;
}

/** Mounts the pages. None of them holds data: their scripts ask the API for it. */
export function addPeoplePages(app: App): void {
  const page = (path: string, { title, script, styles, body }: PeoplePage): void => {
    const links = styles.map((name) => `<link rel="stylesheet" href="/assets/${name}">`).join('');
    app.get(path, (c: AppContext) => {
      c.set('route', path);
      c.header('content-security-policy', CSP);
      c.header('cache-control', 'no-store');
      c.header('x-robots-tag', 'noindex');
      return c.html(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title data-text="${title[0]}">${title[1]}</title>${links}
<script type="module" src="/assets/${script}"></script></head>
<body>${body}</body></html>`);
    });
  };
  const forms = { script: 'sign-in.js', styles: ['pages.css'] };
  page('/sign-in', { ...forms, title: ['signIn', 'Sign in'], body: `<main>${signInForm}</main>` });
  page('/invitation', {
    ...forms,
    title: ['invitation', 'Invitation'],
    body: `<main>${invitationForm}${setUpForm}</main>`,
  });
  page('/moderate', {
    title: ['title', 'Moderation'],
    script: 'moderate.js',
    styles: ['pages.css', 'moderate.css'],
    body: '<div id="page"></div>',
  });
  page('/admin', {
    title: ['adminTitle', 'Administration'],
    script: 'admin.js',
    styles: ['pages.css', 'admin.css', 'uPlot.min.css'],
    body: '<div id="page"></div>',
  });
}

/** Hidden until its script listens: a form that is sent before would be lost. */
const signInForm = `<form class="sign-in" data-kind="session" hidden><h1 data-text="signIn">Sign in</h1>
<label><span data-text="email">E-mail</span> <input name="email" type="email" autocomplete="username" required></label>
<label><span data-text="password">Password</span> <input name="password" type="password" autocomplete="current-password" required></label>
<p role="alert"></p><button type="submit" data-text="signIn">Sign in</button>
<a href="/invitation" data-text="setUp">Set up the first person</a></form>`;

const invitationForm = `<form class="sign-in" data-kind="invitation" hidden><h1 data-text="join">Set the password and sign in</h1>
<label><span data-text="newPassword">New password (12 characters or more)</span>
<input name="password" type="password" autocomplete="new-password" minlength="12" maxlength="200" required></label>
<p role="alert"></p><button type="submit" data-text="join">Set the password and sign in</button></form>`;

/** For a service that nobody can sign in to yet: the admin key makes the first invitation. */
const setUpForm = `<form class="sign-in" data-kind="setUp" hidden><h1 data-text="setUp">Set up the first person</h1>
<p data-text="setUpText">Make an invitation with the admin key that the service printed at its first start.</p>
<label><span data-text="adminKey">Admin key</span> <input name="key" type="password" autocomplete="off" required></label>
<label><span data-text="name">Name</span> <input name="name" maxlength="100" autocomplete="name" required></label>
<label><span data-text="email">E-mail</span> <input name="email" type="email" autocomplete="username" required></label>
<p role="alert"></p><button type="submit" data-text="invite">Make the invitation</button></form>`;
