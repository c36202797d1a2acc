/** Renders the frame of the administration: which part is open is in the fragment, the site in the query. */
import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AdminStrings } from '../../strings/admin/en-all.ts';
import type { Strings } from '../../strings/index.ts';
import { useKeptFocus } from '../page/kept-focus.ts';
import { QuestionHost } from '../page/question.tsx';
import { call } from '../page/service.ts';
import type { Session } from '../page/session.ts';
import { noteSiteChoice, readSiteChoice } from '../page/site-choice.ts';
import { ToastHost } from '../page/toast.tsx';
import { TopBar } from '../page/top-bar.tsx';
import { AuditLog } from './audit-log.tsx';
import { Components } from './components.tsx';
import { Labels } from './filter/labels.tsx';
import { Models } from './filter/models.tsx';
import { Report } from './filter/report.tsx';
import { Imports } from './import/imports.tsx';
import { Jobs } from './jobs.tsx';
import { Overview } from './overview.tsx';
import type { PartProps } from './part-props.ts';
import { useReader } from './reader.tsx';
import { describe } from './resource.tsx';
import { Keys } from './site/keys.tsx';
import { Rules } from './site/rules.tsx';
import { Settings } from './site/settings.tsx';
import { Sites } from './site/sites.tsx';
import { People } from './site/users.tsx';
import { Webhooks } from './site/webhooks.tsx';

type PartName = keyof AdminStrings['parts'];

const PARTS: Readonly<Record<PartName, FunctionComponent<PartProps>>> = {
  overview: Overview,
  models: Models,
  labels: Labels,
  rules: Rules,
  imports: Imports,
  settings: Settings,
  sites: Sites,
  keys: Keys,
  people: People,
  webhooks: Webhooks,
  jobs: Jobs,
  audit: AuditLog,
};

function isPart(name: string): name is PartName {
  return Object.hasOwn(PARTS, name);
}

function readFragment(): string {
  const fragment = location.hash.slice(1);
  try {
    return decodeURIComponent(fragment) || 'overview';
  } catch {
    // A percent sign that begins no character: an address that was cut.
    return fragment;
  }
}

export function AdminPage(props: { session: Session; strings: Strings }): JSX.Element {
  const { t } = useReader();
  const [session, setSession] = useState(props.session);
  const [wanted, setWanted] = useState(() => readSiteChoice(props.session.sites));
  const slug = (session.sites.find((site) => site.slug === wanted) ?? session.sites[0])?.slug ?? '';
  const readSites = (): void => {
    // Without an answer the page goes on with the sites that it knows.
    call<Session>('GET', '/v1/session').then(setSession, () => undefined);
  };
  const [fragment, setFragment] = useState(readFragment());
  useEffect(() => {
    const onChange = (): void => setFragment(readFragment());
    addEventListener('hashchange', onChange);
    // It may have changed between the first render and now.
    onChange();
    return () => removeEventListener('hashchange', onChange);
  }, []);
  useEffect(() => noteSiteChoice(slug), [slug, fragment]);
  const [first = 'overview', ...rest] = fragment.split('/');
  const subject = rest.join('/');
  const name = isPart(first) ? first : 'overview';
  const Part = part(first, name, subject);
  useKeptFocus('once it was somewhere');
  useEffect(() => {
    document.title = `${t.parts[name]} · leave-a-reply`;
  }, [name]);
  return (
    <ToastHost undo={t.undo} close={t.close} failed={describe}>
      <QuestionHost cancel={t.cancel}>
        <TopBar session={session} strings={props.strings} page="admin" site={slug} onSite={setWanted} />
        <div class="admin">
          <PartList current={name} />
          <main>
            <h2 data-home tabIndex={-1}>
              {t.parts[name]}
            </h2>
            <Part
              key={`${slug} ${fragment}`}
              site={slug}
              subject={subject}
              onSite={setWanted}
              onSitesChanged={readSites}
            />
          </main>
        </div>
      </QuestionHost>
    </ToastHost>
  );
}

/** The build for production leaves the page of components out. */
declare const DEVELOPMENT: boolean;

function part(first: string, name: PartName, subject: string): FunctionComponent<PartProps> {
  if (DEVELOPMENT && first === 'components') return Components;
  return name === 'models' && subject !== '' ? Report : PARTS[name];
}

function PartList({ current }: { current: PartName }): JSX.Element {
  const { t } = useReader();
  return (
    <nav class="parts" aria-label={t.partsLabel}>
      <ul>
        {Object.keys(PARTS)
          .filter(isPart)
          .map((key) => (
            <li key={key}>
              <a href={`#${key}`} aria-current={key === current ? 'page' : undefined}>
                {t.parts[key]}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
