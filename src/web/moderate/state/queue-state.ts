/** What the page shows of a desk. */
import type { Folder } from './folder-list.ts';
import type { Listed } from './item-list.ts';
import type { Counts, Filter, Holder } from './types.ts';

/** Something that was not done. */
export interface Refusal {
  readonly number: number;
  readonly text: string;
}

export interface DeskState extends Listed {
  readonly folder: Folder;
  readonly filter: Filter;
  /** What the reason of the filter is called where it has no name of its own: a rule of the site. */
  readonly words: string;
  readonly loading: boolean;
  /** Whether the last reading of the list failed. */
  readonly unread: boolean;
  readonly counts: Counts | null;
  /** How many the open list has in all, counted up to a limit; null: not known. */
  readonly total: number | null;
  readonly holders: readonly Holder[];
  /** What happened last. */
  readonly message: string;
  /** Whether that was an act, which can be undone from where it is shown. */
  readonly undoable: boolean;
  /** What was not done and why, until it was seen. */
  readonly refusals: readonly Refusal[];
  /** Decisions that wait for the service to be back. */
  readonly unreached: number;
  /** Grows with each decision that the service has taken. */
  readonly settled: number;
}

export const EMPTY: DeskState = {
  folder: 'riskiest',
  filter: {},
  words: '',
  items: [],
  at: 0,
  selected: new Set(),
  loading: true,
  unread: false,
  counts: null,
  total: null,
  holders: [],
  message: '',
  undoable: false,
  refusals: [],
  unreached: 0,
  settled: 0,
};

/** Where the state of a desk is kept, for the parts that change it. */
export interface Store {
  readonly state: () => DeskState;
  readonly set: (change: Partial<DeskState>) => void;
  readonly inSite: (path: string) => string;
  /** Says what went wrong. */
  readonly tell: (error: unknown) => void;
  /** Notes what was not done: it stays on the page until it was seen. */
  readonly refuse: (text: string) => void;
}
