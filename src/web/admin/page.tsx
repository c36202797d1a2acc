/** The frame of the admins' pages: which part is open stands in the fragment. */
import type { FunctionComponent, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { useKeptFocus } from '../page/kept-focus.ts';
import { call } from '../page/service.ts';
import type { Session } from '../page/session.ts';
import { noteSiteChoice, readSiteChoice } from '../page/site-choice.ts';
import { TopBar } from '../page/top-bar.tsx';
import { AuditLog } from './audit-log.tsx';
import { Imports } from './imports.tsx';
import { Jobs } from './jobs.tsx';
import { Keys } from './keys.tsx';
import { Labels } from './labels.tsx';
import { Models } from './models.tsx';
import { Overview } from './overview.tsx';
import type { PartProps } from './part-props.ts';
import { Report } from './report.tsx';
import { Rules } from './rules.tsx';
import { Settings } from './settings.tsx';
import { Sites } from './sites.tsx';
import { People } from './users.tsx';
import { Webhooks } from './webhooks.tsx';

const PARTS: Readonly<Record<string, readonly [string, FunctionComponent<PartProps>]>> = {
  overview: ['Overview', Overview],
  models: ['Filter', Models],
  labels: ['Suspicious labels', Labels],
  rules: ['Rules', Rules],
  imports: ['Imports', Imports],
  settings: ['Settings', Settings],
  sites: ['Sites', Sites],
  keys: ['Keys', Keys],
  people: ['People', People],
  webhooks: ['Webhooks', Webhooks],
  jobs: ['Jobs', Jobs],
  audit: ['Audit log', AuditLog],
};

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
  const { strings } = props;
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
  const [name = 'overview', ...rest] = fragment.split('/');
  const subject = rest.join('/');
  const known = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  const [title, part] = known ?? ['Overview', Overview];
  const Part = name === 'models' && subject !== '' ? Report : part;
  useKeptFocus('once it was somewhere');
  useEffect(() => {
    document.title = `${title} · leave-a-reply`;
  }, [title]);
  return (
    <>
      <TopBar session={session} strings={strings} page="admin" site={slug} onSite={setWanted} />
      <div class="admin">
        <nav class="parts" aria-label="Parts">
          <ul>
            {Object.entries(PARTS).map(([key, [text]]) => (
              <li key={key}>
                <a href={`#${key}`} aria-current={key === name ? 'page' : undefined}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <main>
          <h2 data-home tabIndex={-1}>
            {title}
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
    </>
  );
}
