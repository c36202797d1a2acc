/** Writes exports of every system with an article and a comment in each of their states. */
import type { Status } from '../../src/core/comment.ts';

/** What a state of an article means here. */
export interface ArticleState {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isHidden: boolean;
}

/** What a state of a comment means here; null: it is not taken. */
export interface CommentState {
  readonly name: string;
  readonly status: Status | null;
}

export interface ExportCase {
  readonly number: number;
  readonly article: string;
  readonly comment: string;
}

export interface Source {
  readonly format: string;
  readonly articles: readonly ArticleState[];
  readonly comments: readonly CommentState[];
  /** One article a case, with one comment of the text {@link textOf}. */
  readonly write: (cases: readonly ExportCase[]) => string;
  /** The id that the article of a case has here. */
  readonly post: (number: number) => string;
}

export const textOf = (number: number) => `Remark ${number} about the bridge`;
const path = (number: number) => `/bridge-${number}`;
const link = (number: number) => `https://daily.example${path(number)}`;

const open = (name: string): ArticleState => ({ name, isClosed: false, isHidden: false });
const closed = (name: string): ArticleState => ({ name, isClosed: true, isHidden: false });
const hidden = (name: string): ArticleState => ({ name, isClosed: true, isHidden: true });
const comment = (name: string, status: Status | null): CommentState => ({ name, status });

/** A state is written `word:word…`: what stands in the fields that a source tells it in. */
const parts = (name: string) => name.split(':');

const wxr: Source = {
  format: 'wxr',
  articles: [
    open('publish:open:'),
    closed('publish:closed:'),
    closed('publish:registered_only:'),
    hidden('publish:open:secret'),
    ...['private', 'draft', 'pending', 'future', 'trash', 'auto-draft', 'inherit', 'hidden', 'archived'].map(
      (status) => hidden(`${status}:open:`),
    ),
    hidden('private:closed:secret'),
  ],
  comments: [
    comment('1', 'approved'),
    comment('0', 'hold'),
    comment('spam', 'spam'),
    comment('trash', 'trash'),
    comment('post-trashed', 'trash'),
    comment('delete', null),
    comment('', null),
  ],
  post: String,
  write: (cases) => {
    const items = cases.map(({ number, article, comment: state }) => {
      const [status, replies, password] = parts(article);
      return `<item><title>Bridge</title><link>${link(number)}</link><wp:post_id>${number}</wp:post_id>
<wp:comment_status>${replies}</wp:comment_status><wp:status>${status}</wp:status><wp:post_type>post</wp:post_type><wp:post_password>${password}</wp:post_password>
<wp:comment><wp:comment_id>${number}</wp:comment_id><wp:comment_author>R</wp:comment_author><wp:comment_date_gmt>2024-05-01 10:00:00</wp:comment_date_gmt>
<wp:comment_content>${textOf(number)}</wp:comment_content><wp:comment_approved>${state}</wp:comment_approved></wp:comment></item>`;
    });
    return `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>${items.join('\n')}</channel></rss>`;
  },
};

const disqus: Source = {
  format: 'disqus',
  articles: [
    open('false:false'),
    closed('true:false'),
    hidden('false:true'),
    hidden('true:true'),
    closed('yes:false'),
  ],
  comments: [
    comment('false:false:true', 'approved'),
    comment('false:false:false', 'hold'),
    comment('true:false:true', 'spam'),
    comment('true:true:true', 'spam'),
    comment('false:true:true', 'trash'),
    comment('false:true:false', 'trash'),
    comment('false:True:true', 'trash'),
  ],
  post: (number) => `bridge ${number}`,
  write: (cases) => {
    const threads = cases.map(({ number, article }) => {
      const [isClosed, isDeleted] = parts(article);
      return `<thread dsq:id="${number}"><id>bridge ${number}</id><link>${link(number)}</link><isClosed>${isClosed}</isClosed><isDeleted>${isDeleted}</isDeleted></thread>`;
    });
    const posts = cases.map(({ number, comment: state }) => {
      const [isSpam, isDeleted, isApproved] = parts(state);
      return `<post dsq:id="${number}"><message>${textOf(number)}</message><createdAt>2023-01-02T00:00:00Z</createdAt>
<isDeleted>${isDeleted}</isDeleted><isSpam>${isSpam}</isSpam><isApproved>${isApproved}</isApproved><thread dsq:id="${number}"/></post>`;
    });
    return `<disqus xmlns:dsq="x">${threads.join('\n')}${posts.join('\n')}</disqus>`;
  },
};

const isso: Source = {
  format: 'isso',
  articles: [open('open')],
  comments: [
    comment('1', 'approved'),
    comment('2', 'hold'),
    comment('4', 'trash'),
    comment('3', null),
    comment('5', null),
    comment('0', null),
  ],
  post: path,
  write: (cases) =>
    cases
      .map(({ number, comment: mode }) =>
        JSON.stringify({
          ...{ id: number, created: 1_700_000_000, mode: Number(mode), text: textOf(number) },
          ...{ uri: path(number), author: 'R' },
        }),
      )
      .join('\n'),
};

const remark42: Source = {
  format: 'remark42',
  articles: [open('false'), closed('true')],
  comments: [
    comment('false:false', 'approved'),
    comment('true:false', 'trash'),
    comment('false:true', 'trash'),
    comment('true:true', 'trash'),
  ],
  post: path,
  write: (cases) => {
    const head = {
      version: 1,
      users: cases.map(({ number, comment: state }) => ({
        id: `u${number}`,
        blocked: { status: parts(state)[1] === 'true' },
      })),
      posts: cases.map(({ number, article }) => ({ url: link(number), read_only: article === 'true' })),
    };
    const rows = cases.map(({ number, comment: state }) => ({
      ...{ id: `c${number}`, pid: '', text: `<p>${textOf(number)}</p>`, orig: textOf(number) },
      ...{ user: { id: `u${number}`, name: 'R' }, locator: { site: 's', url: link(number) } },
      ...{ time: '2024-02-03T04:05:06Z', delete: parts(state)[0] === 'true' },
    }));
    return [head, ...rows].map((row) => JSON.stringify(row)).join('\n');
  },
};

const commento: Source = {
  format: 'commento',
  articles: [open('open')],
  comments: [
    comment('approved', 'approved'),
    comment('unapproved', 'hold'),
    comment('flagged', 'spam'),
    comment('approved:deleted', null),
    comment('', null),
    comment('banned', null),
  ],
  post: path,
  write: (cases) =>
    JSON.stringify({
      version: 1,
      comments: cases.map(({ number, comment: state }) => ({
        ...{
          commentHex: `c${number}`,
          domain: 'daily.example',
          url: path(number),
          commenterHex: 'anonymous',
        },
        markdown: parts(state)[1] === 'deleted' ? '[deleted]' : textOf(number),
        ...{ parentHex: 'root', state: parts(state)[0], creationDate: '2022-01-02T03:04:05Z' },
      })),
      commenters: [],
    }),
};

const comentario: Source = {
  format: 'comentario',
  articles: [open('false'), closed('true')],
  comments: [
    comment('true:false:false', 'approved'),
    comment('false:true:false', 'hold'),
    comment('true:true:false', 'hold'),
    comment('false:false:false', 'trash'),
    comment('true:false:true', 'trash'),
    comment('false:true:true', 'trash'),
  ],
  post: path,
  write: (cases) =>
    JSON.stringify({
      version: 3,
      pages: cases.map(({ number, article }) => ({
        ...{ id: `p${number}`, path: path(number), title: 'Bridge', isReadonly: article === 'true' },
      })),
      comments: cases.map(({ number, comment: state }) => {
        const [isApproved, isPending, isDeleted] = parts(state).map((word) => word === 'true');
        return {
          ...{
            id: `c${number}`,
            pageId: `p${number}`,
            markdown: textOf(number),
            createdTime: '2023-01-02T03:04:05Z',
          },
          ...{ isApproved, isPending, isDeleted },
        };
      }),
      commenters: [],
    }),
};

const cusdis: Source = {
  format: 'cusdis',
  articles: [open('open')],
  comments: [
    comment('true:', 'approved'),
    comment('false:', 'hold'),
    comment('1:', 'approved'),
    comment('0:', 'hold'),
    comment('perhaps:', 'hold'),
    comment('true:2024-01-01T00:00:00Z', 'trash'),
    comment('false:1700000000000', 'trash'),
  ],
  post: (number) => `bridge ${number}`,
  write: (cases) =>
    cases
      .map(({ number, comment: state }) => {
        const [approved, ...deletedAt] = parts(state);
        return JSON.stringify({
          ...{ id: `c${number}`, created_at: '2023-01-02T03:04:05Z', approved, content: textOf(number) },
          ...{ deletedAt: deletedAt.join(':') || null, by_nickname: 'R', slug: `bridge ${number}` },
        });
      })
      .join('\n'),
};

const waline: Source = {
  format: 'waline',
  articles: [open('open')],
  comments: [
    comment('approved', 'approved'),
    comment('waiting', 'hold'),
    comment('spam', 'spam'),
    comment('deleted', 'trash'),
    comment('', null),
    comment('odd', null),
  ],
  post: path,
  write: (cases) =>
    JSON.stringify({
      ...{ type: 'waline', version: 1, tables: ['Comment', 'Users'] },
      data: {
        Comment: cases.map(({ number, comment: status }) => ({
          ...{ objectId: number, url: path(number), comment: textOf(number), nick: 'R', status },
          insertedAt: '2023-01-02T03:04:05.000Z',
        })),
        Users: [],
      },
    }),
};

const artalk: Source = {
  format: 'artalk',
  articles: [open('false'), closed('true')],
  comments: [
    comment('false:false', 'approved'),
    comment('true:false', 'hold'),
    comment('false:true', 'hold'),
    comment('true:true', 'hold'),
  ],
  post: path,
  write: (cases) =>
    JSON.stringify(
      cases.map(({ number, article, comment: state }) => ({
        ...{ id: String(number), rid: '0', content: textOf(number), nick: 'R', page_key: path(number) },
        ...{ is_pending: parts(state)[0], is_collapsed: parts(state)[1], page_admin_only: article },
        created_at: '2023-01-02 03:04:05 +0800',
      })),
    ),
};

const giscus: Source = {
  format: 'giscus',
  articles: [open('false:false'), closed('true:false'), closed('false:true')],
  comments: [
    comment('false::', 'approved'),
    comment('true:SPAM:', 'spam'),
    ...['ABUSE', 'OFF_TOPIC', 'OUTDATED', 'RESOLVED', 'DUPLICATE', 'LOW_QUALITY', ''].map((reason) =>
      comment(`true:${reason}:`, 'trash'),
    ),
    comment('false::2024', 'trash'),
  ],
  post: path,
  write: (cases) =>
    JSON.stringify([
      {
        data: {
          repository: {
            discussions: {
              nodes: cases.map(({ number, article, comment: state }) => {
                const [isMinimized, minimizedReason, deletedAt] = parts(state);
                return {
                  ...{ title: path(number).slice(1), body: `# Bridge\n\n${link(number)}` },
                  ...{ locked: parts(article)[0] === 'true', closed: parts(article)[1] === 'true' },
                  comments: {
                    nodes: [
                      {
                        ...{ id: `D${number}`, body: textOf(number), createdAt: '2024-02-03T04:05:06Z' },
                        isMinimized: isMinimized === 'true',
                        ...{ minimizedReason: minimizedReason || null, deletedAt: deletedAt || null },
                        ...{
                          author: { login: 'ada', url: 'https://github.com/ada' },
                          replies: { nodes: [] },
                        },
                      },
                    ],
                  },
                };
              }),
            },
          },
        },
      },
    ]),
};

const own: Source = {
  format: 'comments',
  articles: [open('false:false'), closed('true:false'), hidden('false:true'), hidden('true:true')],
  comments: [
    comment('approved', 'approved'),
    comment('hold', 'hold'),
    comment('spam', 'spam'),
    comment('trash', 'trash'),
    comment('public', null),
    comment('', null),
  ],
  post: path,
  write: (cases) =>
    cases
      .map(({ number, article, comment: status }) =>
        JSON.stringify({
          ...{
            id: number,
            post: path(number),
            content: textOf(number),
            date: '2024-02-03T04:05:06Z',
            status,
          },
          ...{ post_closed: parts(article)[0] === 'true', post_hidden: parts(article)[1] === 'true' },
        }),
      )
      .join('\n'),
};

export const SOURCES: readonly Source[] = [
  ...[wxr, disqus, isso, remark42, commento, comentario],
  ...[cusdis, waline, artalk, giscus, own],
];
