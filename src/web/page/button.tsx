/** Renders a button: busy ones keep the focus, since they are only marked as disabled. */
import type { ComponentChildren, JSX } from 'preact';

interface Props {
  readonly kind?: 'primary' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  /** Marked as disabled; what it does then is up to the caller. */
  readonly busy?: boolean;
  /** What a screen reader says where the text alone is not enough, such as “Revoke: The form”. */
  readonly label?: string;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Button({
  kind,
  type = 'button',
  busy = false,
  label,
  onClick,
  children,
}: Props): JSX.Element {
  return (
    <button type={type} class={kind} aria-disabled={busy} aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}
