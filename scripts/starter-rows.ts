/** The rows that the shipped filter is made from: which of which set, and how many at most. */
import type { Label, Sample } from '../src/core/comment.ts';
import { hashText } from '../src/core/filter/reservoir.ts';

/** A labelled comment of a set, as its file has it. */
export interface Row {
  readonly text: string;
  readonly label: Label;
  readonly source?: string | undefined;
  readonly licence?: string | undefined;
  readonly lang?: string | null | undefined;
  readonly kind?: string | undefined;
  readonly has_author_url?: boolean | undefined;
  readonly author_name?: string | undefined;
  readonly author_url?: string | undefined;
  readonly post_title?: string | undefined;
}

/** A sample of the starter, and where it comes from. */
export interface StarterRow {
  readonly sample: Sample;
  readonly part: PartName;
  readonly source: string;
  /** Whether the site was real and its comment had something to sell by that the row does not show. */
  readonly hasAuthorUrl: boolean;
}

export type PartName = 'written' | 'blogs' | 'chat' | 'reviews' | 'youtube';

interface Part {
  readonly name: PartName;
  readonly files: readonly string[];
  /** At most so many of each source, of each label: a source's own robot drowns the rest otherwise. */
  readonly spam: number;
  readonly ham: number;
}

/**
 * At most 100 spams a source caught 6 points less of the author-URL spam of unseen sites than 200 (AUC .87 against .90),
 * and more did not help. Text messages are left out: anything longer than one looked like spam.
 */
const PARTS: readonly Part[] = [
  { name: 'blogs', files: ['blog-comments'], spam: 200, ham: 400 },
  { name: 'chat', files: ['chat-spam-mit'], spam: 60, ham: 60 },
  { name: 'reviews', files: ['ham-licensed'], spam: 0, ham: 100 },
  {
    name: 'youtube',
    files: ['youtube-psy', 'youtube-katyperry', 'youtube-lmfao', 'youtube-eminem'],
    spam: 60,
    ham: 60,
  },
];
/** The sources of `blog-comments` that stand in `ham-licensed` again. */
const TWICE = new Set(['dotslashlinux', 'edulabs', 'iancaio']);

/** The files of {@link PARTS}, for who reads them. */
export const SET_NAMES: readonly string[] = PARTS.flatMap(({ files }) => files);

/**
 * Whether counts of a row may be published: MIT, CC0, CC BY and Apache, and nothing that is non-commercial, share-alike,
 * without derivatives or unnamed. The YouTube sets are CC BY 4.0 as a whole and have no licence on their rows.
 */
export function isOpen(licence: string | undefined): boolean {
  return (
    licence !== undefined &&
    /^(?:MIT|CC0|CC BY|Apache)(?![\w-])/.test(licence) &&
    !/-(?:SA|NC|ND)/.test(licence)
  );
}

/**
 * All rows of the starter in a fixed order.
 *
 * @param readRows the rows of a set by its name, in their order.
 * @param written the rows of models/corpus.
 */
export function collectRows(
  readRows: (name: string) => readonly Row[],
  written: readonly Row[],
): StarterRow[] {
  const rows = PARTS.flatMap((part) =>
    part.files
      .flatMap((file) => pickRows(part, file, readRows(file)))
      .map((row) => toStarterRow(part.name, row)),
  );
  return [
    ...rows,
    ...written.map((row) => ({
      sample: dropFields(row),
      part: 'written' as const,
      source: 'written',
      hasAuthorUrl: false,
    })),
  ];
}

/** Of each source and label those with the smallest hashes: a choice that does not depend on the order of the file. */
function pickRows(part: Part, file: string, rows: readonly Row[]): Row[] {
  const taken = new Map<string, number>();
  return rows
    .map((row) => ({ ...row, source: row.source?.startsWith('youtube') === false ? row.source : file }))
    .filter(
      ({ source, licence }) =>
        file.startsWith('youtube') || (isOpen(licence) && !(file === 'ham-licensed' && TWICE.has(source))),
    )
    .toSorted((a, b) => hashText(a.text) - hashText(b.text) || (a.text < b.text ? -1 : 1))
    .filter(({ label, source }) => {
      const key = `${label} ${source}`;
      const before = taken.get(key) ?? 0;
      taken.set(key, before + 1);
      return before < part[label];
    });
}

function toStarterRow(part: PartName, { text, label, source = part, has_author_url }: Row): StarterRow {
  return { sample: { content: text, label }, part, source, hasAuthorUrl: has_author_url === true };
}

/**
 * Of 100 written rows 40 keep name and address, 20 the name alone, and 40 nothing: no other row has these fields, and they
 * would become a sign of having been written.
 */
function dropFields({ text: content, label, author_name, author_url }: Row): Sample {
  const draw = hashText(`fields ${content}`) % 100;
  if (draw < 40) return { content, label };
  if (draw < 60) return { content, label, authorName: author_name };
  return { content, label, authorName: author_name, authorUrl: author_url };
}
