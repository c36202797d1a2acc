/** Keys as they are meant, and one key of one part of the page, beside the table of actions. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The key that is meant: with shift a letter is a capital, without it small, whatever CapsLock makes of it. */
export function keyOf({ key, shiftKey }: KeyboardEvent): string {
  if (!/^[a-z]$/i.test(key)) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/** Acts on a key while no dialog is open; what is typed into a field, and what ctrl or alt mean, is left alone. */
export function useKey(key: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  // With the paint, not after it: who sees the text may press at once.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (keyOf(event) !== key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
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
