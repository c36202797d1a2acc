/** One key of one part of the page, beside the table of actions. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Acts on a key while no dialog is open; what is typed into a field, and what ctrl or alt mean, is left alone. */
export function useKey(key: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  // With the paint, not after it: who sees the text may press at once.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { target } = event;
      if (target instanceof Element && target.closest('input:not([type=checkbox]), textarea, select, dialog'))
        return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [key]);
}
