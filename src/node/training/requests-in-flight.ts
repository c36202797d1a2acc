/**
 * How many requests this process answers just now, to be seen from each of its threads: the work beside the answers steps
 * back meanwhile. With a low priority alone half of all answers took a quarter longer while a training ran, with this a
 * twentieth (docs/decisions/0014-training-beside-requests.md).
 */
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** The name of the count, an Int32 that is shared, in the environment data, which threads get from the one that starts them. */
export const GAUGE = 'leave-a-reply: requests being answered';
/** Longer than most answers take. */
const MOST_MS = 25;
/** A request that takes longer waits for its body, or for the very work that would step back for it. */
const LONG_MS = 100;

const given = getEnvironmentData(GAUGE);
const shared =
  given instanceof SharedArrayBuffer ? given : new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
if (shared !== given) setEnvironmentData(GAUGE, shared);
const answering = new Int32Array(shared);
let owedUntil = 0;

/** Answers a request, which counts until the answer is there or has failed, or until it takes long. */
export async function whileAnswering<Answer>(answer: () => Promise<Answer> | Answer): Promise<Answer> {
  let counts = true;
  const leave = () => {
    if (counts && Atomics.sub(answering, 0, 1) === 1) Atomics.notify(answering, 0);
    counts = false;
  };
  Atomics.add(answering, 0, 1);
  const takesLong = setTimeout(leave, LONG_MS);
  try {
    return await answer();
  } finally {
    clearTimeout(takesLong);
    leave();
  }
}

/**
 * Waits, at most {@link MOST_MS}, while a request is being answered: for threads beside, between two pieces of work. After
 * that it does not wait for as long as it has waited, so that work goes on at half its speed at least. Does nothing in the
 * thread that answers.
 */
export function stepBack(): void {
  if (isMainThread || Atomics.load(answering, 0) === 0) return;
  const began = performance.now();
  if (began < owedUntil) return;
  const until = began + MOST_MS;
  for (let now = began; now < until; now = performance.now()) {
    const count = Atomics.load(answering, 0);
    if (count === 0) break;
    Atomics.wait(answering, 0, count, until - now);
  }
  const ended = performance.now();
  owedUntil = ended + (ended - began);
}
