/** What WordPress exports of an article with comments. */

interface Exported {
  readonly content: string;
  readonly label: string;
  readonly author?: string;
}

/** What XML 1.0 cannot hold, however it is written. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(NO_XML, '').replaceAll(']]>', ']] >')}]]>`;
}

/** The comments came one a minute up to `newest`. */
export function writeWxr(
  comments: readonly Exported[],
  newest: Date = new Date('2025-01-10T10:00:00Z'),
): string {
  const dateOf = (index: number): string =>
    new Date(newest.getTime() - (comments.length - index) * 60_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
  const items = comments.map(
    ({ content, label, author }, index) => `<wp:comment><wp:comment_id>${index + 1}</wp:comment_id>
<wp:comment_author>${cdata(author ?? `Reader ${index}`)}</wp:comment_author>
<wp:comment_author_email><![CDATA[reader${index}@example.org]]></wp:comment_author_email>
<wp:comment_date_gmt>${dateOf(index)}</wp:comment_date_gmt>
<wp:comment_content>${cdata(content)}</wp:comment_content>
<wp:comment_approved>${label === 'spam' ? 'spam' : '1'}</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Daily</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>An article</title><link>https://daily.example/1</link><wp:post_id>1</wp:post_id>
<wp:post_type>post</wp:post_type>${items.join('\n')}</item></channel></rss>`;
}
