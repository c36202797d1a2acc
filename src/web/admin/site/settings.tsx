/** Edits a site's settings in groups; what a change would do is shown before it is saved. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../page/button.tsx';
import { call, ProblemAnswer } from '../../page/service.ts';
import { useToast } from '../../page/toast.tsx';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { type Action, Loaded, onForm, useAction, useResource } from '../resource.tsx';
import { SettingField } from './setting-field.tsx';
import { SettingsEffect } from './settings-effect.tsx';
import { faultOf, GROUPS, isSame, SETTINGS, type Value } from './settings-table.ts';

type Values = Readonly<Record<string, Value>>;

interface Site {
  readonly id: string;
  readonly slug: string;
  readonly settings: Values;
}

export function Settings({ site }: PartProps): JSX.Element {
  const { t } = useReader();
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  return (
    <Loaded resource={sites}>
      {({ items }) => {
        const found = items.find(({ slug }) => slug === site);
        if (!found) return <p>{t.noSite}</p>;
        return <Form site={found} onSaved={sites.reload} />;
      }}
    </Loaded>
  );
}

function Form({ site, onSaved }: { site: Site; onSaved: () => void }): JSX.Element {
  const { t } = useReader();
  const [draft, setDraft] = useState<Values>({});
  const action = useAction();
  const tell = useToast();
  const changes = Object.fromEntries(
    Object.entries(draft).filter(([name, value]) => !isSame(value, site.settings[name])),
  );
  const isChanged = Object.keys(changes).length > 0;
  useUnsavedGuard(isChanged);
  const put = async (settings: Values): Promise<void> => {
    await call('PATCH', `/v1/sites/${site.id}`, { settings });
    onSaved();
  };
  const save = (): void =>
    action.run(async () => {
      if (!isChanged || hasFault(changes)) return;
      const before = Object.fromEntries(
        Object.keys(changes).map((name) => [name, site.settings[name] ?? null]),
      );
      await put(changes);
      setDraft({});
      tell({ text: t.settings.saved, undo: () => put(before) });
    });
  return (
    <form class="settings" noValidate onSubmit={onForm(save)}>
      <p class="hint">{t.settings.about}</p>
      {GROUPS.map((group) => (
        <fieldset key={group} class="card">
          <legend>{t.settings.groups[group]}</legend>
          {Object.entries(SETTINGS)
            .filter(([, setting]) => setting.group === group)
            .map(([name, setting]) => (
              <SettingField
                key={name}
                name={name}
                setting={setting}
                value={name in draft ? (draft[name] ?? null) : (site.settings[name] ?? null)}
                error={errorOf(action, name)}
                onChange={(value) => setDraft((before) => ({ ...before, [name]: value }))}
              />
            ))}
        </fieldset>
      ))}
      <SaveBar {...{ site, changes, action }} onDiscard={() => setDraft({})} />
    </form>
  );
}

function SaveBar(props: { site: Site; changes: Values; action: Action; onDiscard: () => void }): JSX.Element {
  const { site, changes, action, onDiscard } = props;
  const { t } = useReader();
  const isChanged = Object.keys(changes).length > 0;
  return (
    <div class="save">
      <div class="actions">
        <Button kind="primary" type="submit" busy={action.busy || !isChanged}>
          {t.save}
        </Button>
        {isChanged && <Button onClick={onDiscard}>{t.settings.discard}</Button>}
      </div>
      {isChanged && !hasFault(changes) && (
        <SettingsEffect key={JSON.stringify(changes)} site={site.slug} changes={changes} />
      )}
      {hasFault(changes) && <p role="alert">{t.settings.checkFields}</p>}
      {action.problem !== '' && (
        <p role="alert">{isFieldFault(action.error) ? t.settings.checkFields : action.problem}</p>
      )}
    </div>
  );
}

function hasFault(changes: Values): boolean {
  return Object.entries(changes).some(([name, value]) => {
    const setting = SETTINGS[name];
    return setting !== undefined && faultOf(setting.kind, value) !== null;
  });
}

interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

function faultsOf(error: unknown): readonly FieldFault[] {
  if (!(error instanceof ProblemAnswer) || !Array.isArray(error.body.errors)) return [];
  return error.body.errors.filter(
    (one: unknown): one is FieldFault =>
      typeof one === 'object' && one !== null && 'pointer' in one && 'detail' in one,
  );
}

function isFieldFault(error: unknown): boolean {
  return faultsOf(error).length > 0;
}

/** What the service found wrong with a setting, for its field. */
function errorOf({ error }: Action, name: string): string {
  return faultsOf(error).find(({ pointer }) => pointer.startsWith(`/settings/${name}`))?.detail ?? '';
}

/** The browser asks before a page with unsaved changes is left. */
function useUnsavedGuard(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: Event): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);
}
