/** Keeps the focus on the comment after each act, and lets the space bar scroll its text and never decide. */

/** After a press of these, also by key, the focus is on the comment again: the next press must not be about the next one. */
const ACTS = '.decisions, .folders, .upcoming, .filter, .notices';

export function goHome(): void {
  document.querySelector<HTMLElement>('[data-home]')?.focus({ preventScroll: true });
}

/** Listens to presses of buttons. Returns a function that ends it. */
export function returnHome(): () => void {
  const onClick = ({ target, detail }: MouseEvent): void => {
    const button = target instanceof Element ? target.closest('button, summary') : null;
    if (button === null || button.closest('dialog, form, .account') !== null) return;
    const byPointer = detail > 0;
    // What opens a dialog or a part of the page keeps the focus for those who go from button to button by key.
    const isAct = button.closest(ACTS) !== null && !button.matches('.more');
    const opens = button.hasAttribute('aria-haspopup') || button.hasAttribute('aria-expanded');
    if (isAct || (byPointer && !opens) || (byPointer && button.matches('.open, .more'))) goHome();
  };
  // Before the press is dealt with: a dialog that it opens gives the focus back to where it was.
  document.addEventListener('click', onClick, true);
  return () => document.removeEventListener('click', onClick, true);
}

/** Shows a comment from its beginning, wherever the last one was scrolled to. */
export function showFromTop(article: HTMLElement | null): void {
  const pane = article?.closest('.reading');
  if (!article || !pane) return;
  if (pane.scrollTop > 0) pane.scrollTop = 0;
  // On a phone the page scrolls: from the second comment on the bar above it stays out of sight.
  if (scrollY > 0) scrollTo({ top: article.getBoundingClientRect().top + scrollY });
}

/** How much of what is in sight one press scrolls. */
const SHARE = 0.85;

/** Scrolls the comment, or the whole page where that is what scrolls. */
function scrollText(direction: 1 | -1): void {
  const pane = document.querySelector<HTMLElement>('.reading');
  const scrolls =
    pane !== null && pane.scrollHeight > pane.clientHeight + 1 && pane.clientHeight < innerHeight;
  const bar = document.querySelector<HTMLElement>('.decisions')?.offsetHeight ?? 0;
  const inSight = scrolls ? pane.clientHeight : innerHeight - bar;
  (scrolls ? pane : window).scrollBy({ top: direction * SHARE * inSight });
}

/**
 * The space bar scrolls, with shift upwards. It presses no decision, whatever has the focus: these have keys and Enter.
 * Fields, and other buttons that were reached by key, keep it.
 */
export function scrollBySpace(): () => void {
  const isOurs = ({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => {
    if (key !== ' ' || ctrlKey || metaKey || altKey || !(target instanceof Element)) return false;
    if (target.closest('dialog, input, textarea, select') !== null) return false;
    return target.closest('.decisions') !== null || target.closest('button, summary, a') === null;
  };
  const onDown = (event: KeyboardEvent): void => {
    if (!isOurs(event)) return;
    event.preventDefault();
    scrollText(event.shiftKey ? -1 : 1);
  };
  // A browser may press a button when the key is let go.
  const onUp = (event: KeyboardEvent): void => {
    if (isOurs(event)) event.preventDefault();
  };
  document.addEventListener('keydown', onDown);
  document.addEventListener('keyup', onUp);
  return () => {
    document.removeEventListener('keydown', onDown);
    document.removeEventListener('keyup', onUp);
  };
}
