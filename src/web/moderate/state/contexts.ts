/** Keeps what is known around the comments ahead: it comes with their claims, or is asked for when it is looked at. */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../page/service.ts';
import type { Context } from './types.ts';

/** Of comments that were looked at, so many are kept. */
const MOST_KEPT = 100;

export class Contexts {
  readonly #inSite: (path: string) => string;
  readonly #known = new Map<string, Context>();
  readonly #asked = new Map<string, Promise<Context>>();

  constructor(inSite: (path: string) => string) {
    this.#inSite = inSite;
  }

  get(id: string): Context | null {
    return this.#known.get(id) ?? null;
  }

  add(contexts: readonly Context[]): void {
    for (const context of contexts) {
      this.#known.delete(context.id);
      this.#known.set(context.id, context);
    }
    for (const id of this.#known.keys()) {
      if (this.#known.size <= MOST_KEPT) break;
      this.#known.delete(id);
    }
  }

  /** After a change that many may know of, such as a closed article, they are read again when they are looked at. */
  forgetAll(): void {
    this.#known.clear();
  }

  async read(id: string): Promise<Context> {
    const known = this.#known.get(id);
    if (known) return known;
    const asked =
      this.#asked.get(id) ??
      call<Context>('GET', this.#inSite(`/v1/queue/${encodeURIComponent(id)}/context`)).finally(() =>
        this.#asked.delete(id),
      );
    this.#asked.set(id, asked);
    const context = await asked;
    this.add([context]);
    return context;
  }
}

/** One who goes through the list by keys does not look at each: those that were not prefetched are asked for after this rest. */
const REST_MS = 150;

/** What is known around a comment; null until it has come. `changes` has it read again. */
export function useContextOf(desk: { readonly contexts: Contexts }, id: string, changes = 0): Context | null {
  const [read, setRead] = useState<Context | null>(null);
  const known = desk.contexts.get(id);
  useEffect(() => {
    if (desk.contexts.get(id) !== null) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      desk.contexts.read(id).then(
        (context) => isWanted && setRead(context),
        // The comment itself is there to decide on; looked at again, it is asked for again.
        () => undefined,
      );
    }, REST_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [desk, id, changes]);
  return known ?? (read?.id === id ? read : null);
}
