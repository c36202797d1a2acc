/** Keeps site, folder, filter and comment in the address: reload, Back and a link that is sent all lead to the same place. */
import { FOLDERS, type Folder, NARROWINGS } from './folder-list.ts';
import type { DeskState } from './queue-state.ts';
import type { Filter } from './types.ts';

export interface Place {
  readonly folder: Folder;
  readonly filter: Filter;
  /** The comment in focus; null: the first of the list. */
  readonly comment: string | null;
}

/** What the address says; `first` is the folder of an address without one. */
export function readPlace(first: Folder): Place {
  const query = new URLSearchParams(location.search);
  const wanted = query.get('folder');
  const filter = Object.fromEntries(
    NARROWINGS.flatMap((name) => {
      const value = query.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  return {
    folder: FOLDERS.find((folder) => folder === wanted) ?? first,
    filter,
    comment: query.get('comment'),
  };
}

/** The address of a place. */
export function addressOf(site: string, { folder, filter, comment }: Place): string {
  const query = new URLSearchParams({ site, folder, ...filter, ...(comment !== null && { comment }) });
  return `${location.pathname}?${query}`;
}

export function placeOf({ folder, filter, items, at }: DeskState): Place {
  return { folder, filter, comment: items[at]?.id ?? null };
}

/** Chromium refuses more than 200 changes of the address in 30 seconds; quick hands make more. */
const REST_MS = 300;

/**
 * Follows a desk: another folder or filter is a new entry of the history, another comment only changes the present one.
 * Returns a function that ends it.
 */
export function followAddress(desk: {
  readonly site: string;
  readonly state: () => DeskState;
  readonly go: (place: Place) => void;
}): { readonly note: () => void; readonly stop: () => void } {
  const listOf = (place: Place): string => addressOf(desk.site, { ...place, comment: null });
  let list = listOf(placeOf(desk.state()));
  let timer: ReturnType<typeof setTimeout> | undefined;
  history.replaceState(null, '', addressOf(desk.site, placeOf(desk.state())));
  const note = (): void => {
    const state = desk.state();
    const place = placeOf(state);
    if (listOf(place) !== list) {
      list = listOf(place);
      clearTimeout(timer);
      timer = undefined;
      history.pushState(null, '', list);
      return;
    }
    if (state.loading && place.comment === null) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      history.replaceState(null, '', addressOf(desk.site, placeOf(desk.state())));
    }, REST_MS);
  };
  const onBack = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const place = readPlace(desk.state().folder);
    list = listOf(place);
    desk.go(place);
  };
  addEventListener('popstate', onBack);
  return {
    note,
    stop: () => {
      clearTimeout(timer);
      removeEventListener('popstate', onBack);
    },
  };
}
