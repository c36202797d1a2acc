/** Leads through the first steps of a new site; it is gone when all are done. */
import type { JSX } from 'preact';
import type { AdminStrings } from '../../strings/admin/en-all.ts';
import { fill } from '../../strings/index.ts';
import type { PartProps } from './part-props.ts';
import { useReader } from './reader.tsx';
import { inSite, useResource } from './resource.tsx';
import type { Stats } from './stats-view.ts';

interface Lists {
  readonly imports: readonly unknown[];
  readonly users: readonly unknown[];
  readonly keys: readonly { readonly scopes: readonly string[]; readonly revoked_at: string | null }[];
  readonly models: readonly { readonly created_at: string | null }[];
}

export function FirstSteps({ site, stats }: PartProps & { stats: Stats }): JSX.Element | null {
  const { t } = useReader();
  const imports = useResource<{ items: Lists['imports'] }>(inSite(site, '/v1/imports'));
  const users = useResource<{ items: Lists['users'] }>(inSite(site, '/v1/users'));
  const keys = useResource<{ items: Lists['keys'] }>('/v1/keys');
  const models = useResource<{ items: Lists['models'] }>(inSite(site, '/v1/models'));
  if (!imports.data || !users.data || !keys.data || !models.data) return null;
  const s = t.steps;
  const steps = listSteps(s, stats, {
    imports: imports.data.items,
    users: users.data.items,
    keys: keys.data.items,
    models: models.data.items,
  });
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <section class="card steps" aria-labelledby="first-steps">
      <h3 id="first-steps">{fill(s.title, { done, total: steps.length })}</h3>
      <ol>
        {steps.map((step) => (
          <li key={step.to} class={step.done ? 'done' : undefined}>
            <a href={step.to}>{step.name}</a> <span>{step.done ? s.done : step.about}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function listSteps(s: AdminStrings['steps'], stats: Stats, { imports, users, keys, models }: Lists) {
  const samples = stats.samples.ham + stats.samples.spam;
  return [
    {
      name: s.import,
      about: s.importAbout,
      to: '#imports',
      done: imports.length > 0 || samples > 0,
    },
    { name: s.invite, about: s.inviteAbout, to: '#people', done: users.length > 1 },
    {
      name: s.embed,
      about: s.embedAbout,
      to: '#keys',
      done: keys.some(({ scopes, revoked_at }) => scopes.includes('submit') && revoked_at === null),
    },
    {
      name: s.settings,
      about: s.settingsAbout,
      to: '#settings',
      done: Object.keys(stats.comments).length > 0,
    },
    {
      name: s.train,
      about: s.trainAbout,
      to: '#models',
      done: models.some(({ created_at }) => created_at !== null),
    },
  ];
}
