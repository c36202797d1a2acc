/** Comments at an even rate, whether the answers come or not: a slow answer does not thin out the ones behind it. */

/** Milliseconds from when a comment was due to its answer. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly answers: number;
  readonly failures: number;
  /** p99 and the longest of what was due in each phase of the service. */
  readonly phases: ReadonlyMap<
    string,
    { readonly p99: number; readonly max: number; readonly answers: number }
  >;
}

let sent = 0;

/** Begins; `stop` waits for the answers that are out. @param phase what the service does just now */
export function startLoad(
  url: string,
  key: string,
  perSecond: number,
  phase: () => string = () => 'alone',
): { stop: () => Promise<Latencies> } {
  const taken: { readonly ms: number; readonly phase: string }[] = [];
  const out = new Set<Promise<void>>();
  let failures = 0;
  const began = performance.now();
  let due = 0;
  const send = async (dueAt: number) => {
    const dueIn = phase();
    const response = await post(url, key);
    if (response.ok) taken.push({ ms: performance.now() - dueAt, phase: dueIn });
    else failures += 1;
  };
  const timer = setInterval(() => {
    while (began + (due * 1000) / perSecond <= performance.now()) {
      const dueAt = began + (due * 1000) / perSecond;
      due += 1;
      const one: Promise<void> = send(dueAt)
        .catch(() => {
          failures += 1;
        })
        .finally(() => out.delete(one));
      out.add(one);
    }
  }, 2);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(out);
      const all = quantilesOf(taken.map(({ ms }) => ms));
      const names = [...new Set(taken.map(({ phase }) => phase))];
      const phases = names.map((name) => {
        const ms = taken.filter((one) => one.phase === name).map(({ ms }) => ms);
        return [name, { p99: quantilesOf(ms)(0.99), max: quantilesOf(ms)(1), answers: ms.length }] as const;
      });
      return {
        p50: all(0.5),
        p90: all(0.9),
        p99: all(0.99),
        max: all(1),
        answers: taken.length,
        failures,
        phases: new Map(phases),
      };
    },
  };
}

function quantilesOf(values: readonly number[]): (share: number) => number {
  const sorted = values.toSorted((a, b) => a - b);
  return (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

async function post(url: string, key: string): Promise<Response> {
  sent += 1;
  const response = await fetch(`${url}/v1/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      post: `article-${sent % 500}`,
      author_name: `Reader ${sent}`,
      author_email: `reader${sent}@example.org`,
      content: `I agree with the mayor on point ${sent}: the bridge should be repaired before winter, and the council should say what it costs. Last year it was ${sent * 7} euros, if I remember well.`,
    }),
  });
  await response.arrayBuffer();
  return response;
}
