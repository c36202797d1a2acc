/** Counts and changes as they happen; where a stream cannot be, they are asked for. */
import { BASE } from '../../page/base.ts';
import { call, ProblemAnswer } from '../../page/service.ts';
import type { Desk } from './queue-actions.ts';
import type { Counts, Holder } from './types.ts';

const POLL_MS = 5000;
const RENEW_MS = 60_000;
/** Who holds what, and what is new for a short list, is asked for at most this often. */
const REST_MS = 2000;

/** Keeps a desk up to date until the returned function is called. */
export function watch(desk: Desk): () => void {
  // The next event or the next poll asks again; but without a session none does.
  const onFailure = (error: unknown): void => {
    if (error instanceof ProblemAnswer && error.status === 401) desk.tell(error);
  };
  const askHolders = atMostEvery(REST_MS, () => {
    readHolders(desk).then((holders) => desk.set({ holders }), onFailure);
  });
  const askNews = atMostEvery(REST_MS, () => desk.noteNews());
  const noteCounts = (counts: Counts): void => {
    desk.set({ counts });
    askNews();
  };
  const stream = listen(desk, noteCounts, () => {
    askHolders();
    // What another gave back may fill a list that is short.
    askNews();
  });
  const poll = setInterval(() => {
    if (stream.isOpen()) return;
    stream.open();
    call<Counts>('GET', desk.inSite('/v1/queue/counts')).then(noteCounts, onFailure);
    askHolders();
    desk.renew();
  }, POLL_MS);
  const renew = setInterval(() => desk.renew(), RENEW_MS);
  const onLeave = (): void => desk.release();
  // Shown again from the browser's memory.
  const onShow = (event: PageTransitionEvent): void => {
    if (event.persisted) desk.renew();
  };
  addEventListener('pagehide', onLeave);
  addEventListener('pageshow', onShow);
  askHolders();
  return () => {
    stream.close();
    clearInterval(poll);
    clearInterval(renew);
    removeEventListener('pagehide', onLeave);
    removeEventListener('pageshow', onShow);
    desk.release();
  };
}

interface Stream {
  readonly isOpen: () => boolean;
  /** Opens it again when it was refused; a browser gives up for good then. */
  readonly open: () => void;
  readonly close: () => void;
}

function listen(desk: Desk, onCounts: (counts: Counts) => void, onClaims: () => void): Stream {
  let source: EventSource | null = null;
  const open = (): void => {
    if (source !== null && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(`${BASE}${desk.inSite('/v1/events')}`);
    source.addEventListener('queue.counts', (event) => onCounts(JSON.parse(event.data)));
    source.addEventListener('queue.changed', (event) => desk.noteChanges(JSON.parse(event.data).changes));
    source.addEventListener('claim.changed', onClaims);
    source.addEventListener('reset', () => desk.reload());
  };
  open();
  return {
    open,
    isOpen: () => source?.readyState === EventSource.OPEN,
    close: () => source?.close(),
  };
}

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
