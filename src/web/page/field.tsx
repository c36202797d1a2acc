/** Renders a field of a form: label, control, what it means, and what is wrong with it. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface Props {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  /** '' when nothing is wrong. */
  readonly error?: string;
  /** The label follows a tick. */
  readonly tick?: boolean;
  readonly wide?: boolean;
  /** Makes the control; it has to take these attributes. */
  readonly children: (control: ControlProps) => ComponentChildren;
}

export function Field({ label, hint, error = '', tick = false, wide = false, children }: Props): JSX.Element {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === '' ? '' : `${id}-error`]
    .filter((one) => one !== '')
    .join(' ');
  const control = children({
    id,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': error !== '',
  });
  return (
    <div class={['field', tick ? 'tick' : '', wide ? 'wide' : ''].filter((one) => one !== '').join(' ')}>
      {tick && control}
      <label for={id}>{label}</label>
      {!tick && control}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== '' && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
