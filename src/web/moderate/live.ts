/** Counts and changes as they happen; where a stream cannot be, they are asked for. */
import { call } from '../service.ts';
import type { Desk } from './desk.ts';
import type { Counts, Holder } from './types.ts';

const POLL_MS = 10_000;
const RENEW_MS = 60_000;
/** Who holds what is asked for at most this often. */
const HOLDERS_MS = 3000;

/** Keeps a desk up to date until the returned function is called. */
export function watch(desk: Desk): () => void {
  const source = new EventSource(desk.inSite('/v1/events'));
  const askHolders = atMostEvery(HOLDERS_MS, () => {
    readHolders(desk).then((holders) => desk.set({ holders }), ignore);
  });
  source.addEventListener('queue.counts', (event) => desk.set({ counts: JSON.parse(event.data) }));
  source.addEventListener('queue.changed', (event) => desk.noteChanges(JSON.parse(event.data).changes));
  source.addEventListener('claim.changed', askHolders);
  const poll = setInterval(() => {
    if (source.readyState === EventSource.OPEN) return;
    call<Counts>('GET', desk.inSite('/v1/queue/counts')).then((counts) => desk.set({ counts }), ignore);
    askHolders();
  }, POLL_MS);
  const renew = setInterval(() => desk.renew(), RENEW_MS);
  const leave = (): void => desk.release();
  addEventListener('pagehide', leave);
  askHolders();
  return () => {
    source.close();
    clearInterval(poll);
    clearInterval(renew);
    removeEventListener('pagehide', leave);
    desk.release();
  };
}

/** The next event or the next poll asks again. */
function ignore(): void {}

async function readHolders(desk: Desk): Promise<Holder[]> {
  const { items } = await call<{ items: readonly { readonly by: string; readonly mine: boolean }[] }>(
    'GET',
    desk.inSite('/v1/queue/claims'),
  );
  const counts = new Map<string, number>();
  for (const { by, mine } of items) if (!mine) counts.set(by, (counts.get(by) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count }));
}

/** Runs at once, and once more after a rest for all calls that came meanwhile. */
function atMostEvery(milliseconds: number, run: () => void): () => void {
  let resting = false;
  let again = false;
  return function ask(): void {
    if (resting) {
      again = true;
      return;
    }
    resting = true;
    run();
    setTimeout(() => {
      resting = false;
      if (!again) return;
      again = false;
      ask();
    }, milliseconds);
  };
}
