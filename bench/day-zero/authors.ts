/**
 * Names and addresses for comments of the shared set, which has none: drawn by the shares that were counted on real
 * sites (docs/day-zero.md). Invented; figures with them say what the fields can give, not what a site will see.
 */
import { hashText } from '../../src/core/filter/reservoir.ts';

export interface BlogComment {
  readonly text: string;
  readonly label: 'ham' | 'spam';
  readonly source?: string | undefined;
  readonly kind?: string | undefined;
  readonly has_author_url?: boolean | undefined;
  readonly author_host?: string | null | undefined;
}

const FIRST =
  'Anke Bernd Carla Dario Elena Frank Greta Hugo Irina Jonas Katja Luis Marta Nils Olga Paul Rosa Sven Tina Ugo'.split(
    ' ',
  );
const LAST =
  'Abel Brandt Costa Dubois Evers Ferrari Garcia Hansen Ivanov Jansen Kowalski Lopes Meyer Novak Olsen'.split(
    ' ',
  );
const KEYWORDS = [
  'garden sheds online',
  'Best Protein Powder',
  'ipad repair brooklyn',
  'kitchen remodeling',
  'click here',
  'cheap flights',
  'Forex Robot Review',
  'emergency locksmith',
  'play slots',
  'mua nha gia re',
  'seo expert',
  'buy followers',
];
const PATHS = [
  '/blog/2014/best-offer',
  '/index.php?id=77',
  '/profile/u12',
  '/category/deals/',
  '/product-reviews',
];
const READER_HOSTS = ['.example', '.net', '.org', '.wordpress.com', '.blogspot.com', '.de', '.me'];

/** 36 % of author-URL spam has a keyword as its name and six in ten a path; readers have a site of their own, at most. */
export function inventAuthor(comment: BlogComment): { authorName: string; authorUrl?: string } {
  const draw = hashText(`author ${comment.text}`);
  const first = FIRST[draw % FIRST.length] ?? '';
  const last = LAST[(draw >>> 5) % LAST.length] ?? '';
  const isLinked = comment.has_author_url === true || comment.kind === 'author-link';
  if (comment.label === 'ham') {
    const authorName = draw % 3 === 0 ? first : `${first} ${last}`;
    if (!isLinked) return { authorName };
    const host = `${first}${last}${READER_HOSTS[(draw >>> 9) % READER_HOSTS.length] ?? ''}`.toLowerCase();
    return { authorName, authorUrl: `http://${host}${(draw >>> 12) % 50 === 0 ? '/blog/about' : '/'}` };
  }
  const authorName =
    (draw >>> 3) % 100 < 36
      ? (KEYWORDS[(draw >>> 11) % KEYWORDS.length] ?? '')
      : draw % 2 === 0
        ? `${first}${last}`
        : first;
  if (!isLinked) return { authorName };
  const host = comment.author_host ?? `shop${draw % 1000}.example`;
  return {
    authorName,
    authorUrl: `http://${host}${(draw >>> 14) % 10 < 6 ? (PATHS[(draw >>> 18) % PATHS.length] ?? '') : '/'}`,
  };
}
