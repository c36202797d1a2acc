/** What a part of the page asks the service for, and how it says that it waits or failed. */
import type { ComponentChildren, JSX, SubmitEventHandler } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../page/service.ts';

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

/** Tells a site's slug by its id; “all sites” for null. */
export function useSlugs(): (siteId: string | null) => string {
  const sites = useResource<{ items: readonly { readonly id: string; readonly slug: string }[] }>(
    '/v1/sites',
  );
  return (siteId) =>
    siteId === null ? 'all sites' : (sites.data?.items.find(({ id }) => id === siteId)?.slug ?? '…');
}

/** The content once it is there. */
export function Loaded<T>(props: {
  resource: Resource<T>;
  children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, problem } = props.resource;
  if (problem !== '') return <p role="alert">{problem}</p>;
  if (data === null) return <p role="status">Loading …</p>;
  return <>{props.children(data)}</>;
}

export interface Action {
  /** For `aria-disabled`: a button that is really disabled loses the focus. */
  readonly busy: boolean;
  readonly problem: string;
  /** Runs it, unless it runs already; what it throws is shown. */
  readonly run: (work: () => Promise<void>) => void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const running = useRef(false);
  const run = (work: () => Promise<void>): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem('');
    work()
      .catch((error: unknown) => setProblem(describe(error)))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { busy, problem, run };
}

/** What a form does instead of loading a page. */
export function onForm(take: (form: HTMLFormElement) => void): SubmitEventHandler<HTMLFormElement> {
  return (event) => {
    event.preventDefault();
    take(event.currentTarget);
  };
}
