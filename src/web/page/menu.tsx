/** Renders a menu that a button opens; Esc, a click beside it or leaving it by Tab closes it. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: ComponentChildren;
  /** What a screen reader says where the title alone is not enough. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

export function Menu({ title, label, children }: Props): JSX.Element {
  const holder = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const closeBeside = (event: Event): void => {
      const { current } = holder;
      if (current && event.target instanceof Node && !current.contains(event.target)) current.open = false;
    };
    addEventListener('pointerdown', closeBeside);
    addEventListener('focusin', closeBeside);
    return () => {
      removeEventListener('pointerdown', closeBeside);
      removeEventListener('focusin', closeBeside);
    };
  }, []);
  const closeByKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !holder.current?.open) return;
    holder.current.open = false;
    holder.current.querySelector('summary')?.focus();
  };
  return (
    <details class="menu" ref={holder} onKeyDown={closeByKey}>
      <summary aria-label={label}>{title}</summary>
      <div>{children}</div>
    </details>
  );
}
