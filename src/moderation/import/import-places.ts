/** The places of deleted comments that others had answered: what a file tells of them is kept until its end. */
import type { DeletedPlace } from './import-record.ts';

export interface Places {
  readonly note: (id: string, place: DeletedPlace) => void;
  /** Something answers the comment with this id of the file. */
  readonly noteAnswer: (parent: string | null) => void;
  /** Those that something answers. */
  readonly answered: () => readonly (DeletedPlace & { readonly id: string })[];
}

export function createPlaces(): Places {
  const places: (DeletedPlace & { id: string })[] = [];
  const parents = new Set<string>();
  return {
    note: (id, place) => void places.push({ id, ...place }),
    noteAnswer: (parent) => {
      if (parent !== null) parents.add(parent);
    },
    answered: () => places.filter(({ externalId }) => parents.has(externalId)),
  };
}
