/** Serves `/sign-in`, `/invitation`, `/moderate` and `/admin`. Their scripts and styles are files of this service. */
import type { FC } from 'hono/jsx';
import { signInEnglish as t } from '../../strings/sign-in.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { isBehindUntrustedProxy } from '../routing/client-address.ts';
import { renderDocument, WordMark } from './document.tsx';

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

interface PeoplePage {
  readonly title: string;
  /** The name of the title in src/strings/sign-in.ts; the other pages set theirs by script. */
  readonly titleText?: string;
  readonly script: string;
  readonly styles: readonly string[];
  readonly Body: FC;
}

/** Mounts the pages. None of them holds data: their scripts ask the API for it. */
export function addPeoplePages(app: App): void {
  const page = (path: string, { title, titleText, script, styles, Body }: PeoplePage): void => {
    app.get(path, (c: AppContext) => {
      c.set('route', path);
      c.header('content-security-policy', CSP);
      c.header('cache-control', 'no-store');
      c.header('x-robots-tag', 'noindex');
      return c.html(
        renderDocument({
          title,
          ...(titleText !== undefined && { titleText }),
          styles,
          scripts: [`/assets/${script}`],
          children: (
            <>
              {path === '/admin' && isBehindUntrustedProxy(c.var.service.config) ? <ProxyWarning /> : null}
              <Body />
            </>
          ),
        }),
      );
    });
  };
  const forms = { script: 'sign-in.js', styles: ['pages.css'] };
  page('/sign-in', { ...forms, title: t.signIn, titleText: 'signIn', Body: SignIn });
  page('/invitation', { ...forms, title: t.invitation, titleText: 'invitation', Body: Invitation });
  page('/moderate', {
    title: 'Moderation',
    script: 'moderate.js',
    styles: ['pages.css', 'moderate.css'],
    Body: Mount,
  });
  page('/admin', {
    title: 'Administration',
    script: 'admin.js',
    styles: ['pages.css', 'components.css', 'uPlot.min.css', 'admin.css'],
    Body: Mount,
  });
}

/** For whoever runs the service, who is the one that reads this page. */
const ProxyWarning: FC = () => (
  <p class="warning" role="status">
    A proxy in front of this service adds <code>X-Forwarded-For</code>, which is ignored: all readers count as
    one. Set <code>TRUSTED_PROXIES</code> to the number of proxies and restart.
  </p>
);

/** Where a script puts its page. */
const Mount: FC = () => <div id="page" />;

/** A text that the script puts into the reader's language. */
const Text: FC<{ readonly name: Exclude<keyof typeof t, 'problems'> }> = ({ name }) => (
  <span data-text={name}>{t[name]}</span>
);

const SignIn: FC = () => (
  <main class="entrance">
    <WordMark />
    <SignInForm />
  </main>
);

const Invitation: FC = () => (
  <main class="entrance">
    <WordMark />
    <PasswordForm />
    <SetUpForm />
  </main>
);

/** Hidden, as all of these forms, until its script listens: a form that is sent before would be lost. */
const SignInForm: FC = () => (
  <form class="sign-in" data-kind="session" hidden>
    <h1 data-text="signIn">{t.signIn}</h1>
    <label>
      <Text name="email" /> <input name="email" type="email" autocomplete="username" required />
    </label>
    <label>
      <Text name="password" />{' '}
      <input name="password" type="password" autocomplete="current-password" required />
    </label>
    <p role="alert" />
    <button class="primary" type="submit" data-text="signIn">
      {t.signIn}
    </button>
    <a href="/invitation" data-text="setUp">
      {t.setUp}
    </a>
  </form>
);

const PasswordForm: FC = () => (
  <form class="sign-in" data-kind="invitation" hidden>
    <h1 data-text="choosePassword">{t.choosePassword}</h1>
    <label>
      <Text name="newPassword" />{' '}
      <input
        name="password"
        type="password"
        autocomplete="new-password"
        minlength={12}
        maxlength={200}
        required
      />
    </label>
    <p role="alert" />
    <button class="primary" type="submit" data-text="signIn">
      {t.signIn}
    </button>
  </form>
);

/** For a service that nobody can sign in to yet: the admin key makes the first invitation. */
const SetUpForm: FC = () => (
  <form class="sign-in" data-kind="setUp" hidden>
    <h1 data-text="setUp">{t.setUp}</h1>
    <p data-text="setUpText">{t.setUpText}</p>
    <label>
      <Text name="adminKey" /> <input name="key" type="password" autocomplete="off" required />
    </label>
    <label>
      <Text name="name" /> <input name="name" maxlength={100} autocomplete="name" required />
    </label>
    <label>
      <Text name="email" /> <input name="email" type="email" autocomplete="username" required />
    </label>
    <p role="alert" />
    <button class="primary" type="submit" data-text="continue">
      {t.continue}
    </button>
  </form>
);
