/** The focus is never lost: when what had it vanishes, what the page is about gets it. */
import { useEffect } from 'preact/hooks';

/**
 * A button that vanishes leaves the focus to the body, from where a screen reader begins at the top of the page. It goes
 * to the part marked `data-home` instead: the comment, or what stands there when there is none; the heading. It stays on
 * the body for one who has clicked beside everything.
 *
 * @param when whether the part has the focus before anything else had it, too.
 */
export function useKeptFocus(when: 'from the start' | 'once it was somewhere'): void {
  useEffect(() => {
    let last: EventTarget | null = null;
    const note = (event: FocusEvent): void => {
      last = event.target;
    };
    const keep = (): void => {
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body) return;
      if (last === null && when !== 'from the start') return;
      if (last instanceof Element && last.isConnected) return;
      document.querySelector<HTMLElement>('[data-home]')?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    if (when === 'from the start') keep();
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
}
