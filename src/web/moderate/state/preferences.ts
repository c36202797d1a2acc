/** Small wishes that this browser remembers; where it may not store, they last as long as the page. */

const PREFIX = 'leave-a-reply-moderate-';

export function isStored(name: string): boolean {
  try {
    return localStorage.getItem(`${PREFIX}${name}`) === '1';
  } catch {
    return false;
  }
}

export function store(name: string, wanted: boolean): void {
  try {
    if (wanted) localStorage.setItem(`${PREFIX}${name}`, '1');
    else localStorage.removeItem(`${PREFIX}${name}`);
  } catch {
    // Private windows refuse; the wish is then forgotten with the page.
  }
}
