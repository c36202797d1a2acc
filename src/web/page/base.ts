/** Where the service lives: scripts are at `…/assets/`, whatever is before it. */
const script = new URL(import.meta.url);

/** What stands before the paths of the service, without a slash at its end; empty at the root. */
export const BASE = /^https?:$/.test(script.protocol) ? script.pathname.replace(/\/assets\/[^/]*$/, '') : '';
