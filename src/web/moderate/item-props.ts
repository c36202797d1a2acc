/** Declares what the parts of the comment in focus are given. */
import type { Strings } from '../../strings/index.ts';
import type { Filter, QueueItem } from './state/types.ts';

export interface ItemProps {
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
  readonly blurred: boolean;
  readonly selected: boolean;
  /** Words that were searched for. */
  readonly found: readonly string[];
  /** Narrows the list to what is like this one; `words`: what its reason is called. */
  readonly onFilter: (filter: Filter, words?: string) => void;
  /** Finds comments of every status. */
  readonly onSearch: (filter: Filter) => void;
}
