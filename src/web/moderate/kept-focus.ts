/** The focus is never lost: when what had it vanishes, the comment gets it. */
import { useEffect } from 'preact/hooks';

/**
 * A button that vanishes leaves the focus to the body, from where a screen reader begins at the top of the page. It goes
 * to the part marked `data-home` instead, which is the comment, or what stands there when there is none. It stays on
 * the body for one who has clicked beside everything.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: EventTarget | null = null;
    const note = (event: FocusEvent): void => {
      last = event.target;
    };
    const keep = (): void => {
      const { activeElement } = document;
      if (activeElement !== null && activeElement !== document.body) return;
      if (last instanceof Element && last.isConnected) return;
      document.querySelector<HTMLElement>('[data-home]')?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    keep();
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
}
