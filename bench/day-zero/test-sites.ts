/** Comments of sites that the starter has not learnt: whole blogs whose licence keeps them out, and newspapers. */

import { readSet } from '../../scripts/starter-files.ts';
import { isOpen, type Row, type StarterRow } from '../../scripts/starter-rows.ts';
import { hashText } from '../../src/core/filter/reservoir.ts';
import { groupNearDuplicates } from '../../src/core/near-duplicates/near-duplicate.ts';
import type { BlogComment } from './authors.ts';

/** At most so many of each blog, so that the largest does not decide. */
const MOST_SPAM = 200;
const MOST_HAM = 500;
/** Near-copies of what was learnt, or of each other, flatter the filter: from this similarity on they are left out. */
const NEAR = 0.5;
const NEWS = ['news-globeandmail-c3', 'news-german-germeval21', 'news-portuguese-offcombr'] as const;

export interface TestSet {
  readonly name: string;
  readonly rows: readonly BlogComment[];
}

/** The blogs whose rows are in no training. */
export function readUnseenBlogs(folder: string, learnt: readonly StarterRow[]): BlogComment[] {
  const taken = new Map<string, number>();
  const rows = (readSet(folder, 'blog-comments') as (Row & BlogComment)[])
    .filter(({ licence }) => !isOpen(licence))
    .toSorted((a, b) => hashText(a.text) - hashText(b.text))
    .filter(({ source, label }) => {
      const key = `${source} ${label}`;
      taken.set(key, (taken.get(key) ?? 0) + 1);
      return (taken.get(key) ?? 0) <= (label === 'spam' ? MOST_SPAM : MOST_HAM);
    });
  return withoutNearCopies(rows, learnt);
}

function withoutNearCopies<R extends BlogComment>(rows: readonly R[], learnt: readonly StarterRow[]): R[] {
  const known = learnt.map(({ sample }) => sample.content);
  const groups = groupNearDuplicates([...known, ...rows.map(({ text }) => text)], {
    minimumSimilarity: NEAR,
  });
  const seen = new Set(groups.slice(0, known.length));
  return rows.filter((_, index) => {
    const group = groups[known.length + index] ?? 0;
    if (seen.has(group)) return false;
    seen.add(group);
    return true;
  });
}

/** Good comments of newspapers. */
export function readNews(folder: string): TestSet[] {
  return NEWS.map((name) => ({ name, rows: readSet(folder, name) as (Row & BlogComment)[] }));
}

/** Readers who answer with a source. */
export function readersWithSources(): BlogComment[] {
  return SENTENCES.flatMap((sentence, at) =>
    SOURCES.map(
      (source, number): BlogComment => ({
        label: 'ham',
        text: (at + number) % 2 === 0 ? `${sentence} ${source}` : `${sentence}\n${source}`,
      }),
    ),
  );
}

const SENTENCES = [
  'The figures are here:',
  'That is not what the report says, see',
  'For anyone who wants to read the original study:',
  'You can look it up yourself, page 12 of',
  'Die Zahlen stehen hier:',
  'Das stimmt so nicht, siehe',
  'Les chiffres sont ici :',
  'Aquí están los datos:',
  'Os números estão aqui:',
  'I Dati sono qui:',
];
const SOURCES = [
  'https://www.ons.gov.uk/economy/inflationandpriceindices/bulletins/consumerpriceinflation/october2024',
  'https://en.wikipedia.org/wiki/Flood_barrier',
  'https://www.bbc.co.uk/news/uk-politics-67890123',
  'https://www.destatis.de/DE/Themen/Wirtschaft/Preise/_inhalt.html',
  'https://www.nature.com/articles/s41586-021-03819-2',
  'https://www.umweltbundesamt.de/daten/luft',
  'https://transparency.org/en/cpi/2023',
  'https://www.lokalblatt-nord.de/archiv/2023/05/haushalt.pdf',
  'https://council.newtown.example/minutes/2024-03.pdf',
  'https://www.railengineer.co.uk/signalling-upgrade-delayed/',
];
