/** Asks the service for what a part of the page shows, and says that it waits or failed. */
import type { ComponentChildren, JSX, SubmitEventHandler } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../page/service.ts';
import { useReader } from './reader.tsx';

export interface Resource<T> {
  readonly data: T | null;
  readonly problem: string;
  /** Asks again. */
  readonly reload: () => void;
}

/** The answer to a GET; asked again when the path changes. */
export function useResource<T>(path: string): Resource<T> {
  const [data, setData] = useState<T | null>(null);
  const [problem, setProblem] = useState('');
  const reload = useCallback(() => {
    call<T>('GET', path).then(
      (answer) => {
        setData(answer);
        setProblem('');
      },
      (error: unknown) => setProblem(describe(error)),
    );
  }, [path]);
  useEffect(reload, [reload]);
  return { data, problem, reload };
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A path of the API for a site. */
export function inSite(site: string, path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}site=${encodeURIComponent(site)}`;
}

/** The content once it is there. */
export function Loaded<T>(props: {
  resource: Resource<T>;
  children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, problem } = props.resource;
  const { t } = useReader();
  if (problem !== '') return <p role="alert">{problem}</p>;
  if (data === null) return <p role="status">{t.loading}</p>;
  return <>{props.children(data)}</>;
}

export interface Action {
  /** For `aria-disabled`: a button that is really disabled loses the focus. */
  readonly busy: boolean;
  readonly problem: string;
  /** What the last one threw. */
  readonly error: unknown;
  /** Runs it, unless it runs already; what it throws is shown. */
  readonly run: (work: () => Promise<void>) => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const run = (work: () => Promise<void>): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(null);
    work()
      .catch(setError)
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, problem: error === null ? '' : describe(error), error, run };
}

/** What went wrong with an act, where the reader did it. */
export function Failure({ of }: { of: Action }): JSX.Element | null {
  return of.problem === '' ? null : <p role="alert">{of.problem}</p>;
}

/** What a form does instead of loading a page. */
export function onForm(take: (form: HTMLFormElement) => void): SubmitEventHandler<HTMLFormElement> {
  return (event) => {
    event.preventDefault();
    take(event.currentTarget);
  };
}
