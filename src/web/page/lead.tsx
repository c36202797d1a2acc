/** Renders the sentence and the recommendation that a page begins with. */
import type { ComponentChildren, JSX } from 'preact';
import type { Tone } from './badge.tsx';

interface Props {
  readonly tone?: Tone;
  readonly children: ComponentChildren;
  /** What to do next: buttons and links. */
  readonly actions?: ComponentChildren;
}

export function Lead({ tone = 'plain', children, actions }: Props): JSX.Element {
  return (
    <div class={`lead ${tone}`}>
      <div>{children}</div>
      {actions !== undefined && <div class="actions">{actions}</div>}
    </div>
  );
}

/** What there is to say when a list has no entries, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <p>
        <b>{title}</b>
      </p>
      {children}
    </div>
  );
}

/** Figures and rare things, folded away below a sentence. */
export function Fold(props: {
  title: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <details class="fold" open={props.open}>
      <summary>{props.title}</summary>
      <div>{props.children}</div>
    </details>
  );
}
