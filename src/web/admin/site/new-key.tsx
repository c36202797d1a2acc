/** Renders the form for a new key. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../page/button.tsx';
import { Field } from '../../page/field.tsx';
import { call } from '../../page/service.ts';
import { useReader } from '../reader.tsx';
import { Failure, onForm, useAction } from '../resource.tsx';

const SCOPES = ['submit', 'read', 'moderate', 'train', 'akismet'];

export function NewKey(props: {
  site: string;
  onMade: (key: string, isPublic: boolean) => void;
}): JSX.Element {
  const { t } = useReader();
  const k = t.keys;
  const action = useAction();
  const [missing, setMissing] = useState('');
  const create = (form: HTMLFormElement): void => {
    const fields = new FormData(form);
    const scopes = fields.getAll('scopes');
    setMissing(scopes.length === 0 ? k.noScope : '');
    if (scopes.length === 0) return;
    action.run(async () => {
      const origins = String(fields.get('allowed_origins') ?? '')
        .split(/[\s,]+/)
        .filter((origin) => origin !== '')
        .map(completeOrigin);
      const { key } = await call<{ key: string }>('POST', '/v1/keys', {
        ...{ site: props.site, name: String(fields.get('name') ?? ''), scopes, allowed_origins: origins },
      });
      props.onMade(key, origins.length > 0);
      form.reset();
    });
  };
  return (
    <form class="new" onSubmit={onForm(create)}>
      <Field label={k.name}>{(control) => <input {...control} name="name" required maxLength={200} />}</Field>
      <fieldset>
        <legend>{k.permissions}</legend>
        {SCOPES.map((scope) => (
          <label key={scope}>
            <input type="checkbox" name="scopes" value={scope} /> {k.scopes[scope]}
          </label>
        ))}
        {missing !== '' && <p role="alert">{missing}</p>}
      </fieldset>
      <Field label={k.originsLabel} hint={k.originsHint} wide>
        {(control) => <input {...control} name="allowed_origins" placeholder="https://news.example" />}
      </Field>
      <Button kind="primary" type="submit" busy={action.busy}>
        {k.create}
      </Button>
      <Failure of={action} />
    </form>
  );
}

/** `news.example` is meant as `https://news.example`; a path is no part of an origin. */
export function completeOrigin(text: string): string {
  if (text === 'self') return text;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  try {
    return new URL(address).origin;
  } catch {
    // The service says what is wrong with it.
    return text;
  }
}
