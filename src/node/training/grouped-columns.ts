/** Samples on their way to the thread of a training: as columns, which cost less to copy than an object for each. */
import type { GroupedSample } from '../../service.ts';

/** A row for each sample. */
export interface GroupedColumns {
  readonly contents: readonly string[];
  readonly authorNames: readonly (string | undefined)[];
  readonly authorUrls: readonly (string | undefined)[];
  /** 1: spam. */
  readonly spam: Uint8Array;
  readonly groups: readonly string[];
}

export function toGroupedColumns(samples: readonly GroupedSample[]): GroupedColumns {
  return {
    contents: samples.map(({ content }) => content),
    authorNames: samples.map(({ authorName }) => authorName),
    authorUrls: samples.map(({ authorUrl }) => authorUrl),
    spam: Uint8Array.from(samples, ({ label }) => (label === 'spam' ? 1 : 0)),
    groups: samples.map(({ group }) => group),
  };
}

export function fromGroupedColumns(columns: GroupedColumns): GroupedSample[] {
  const { contents, authorNames, authorUrls, spam, groups } = columns;
  return contents.map((content, row) => ({
    content,
    authorName: authorNames[row],
    authorUrl: authorUrls[row],
    label: spam[row] === 1 ? 'spam' : 'ham',
    group: groups[row] ?? '',
  }));
}
