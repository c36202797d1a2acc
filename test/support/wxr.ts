/** What WordPress exports of an article with comments. */
export function writeWxr(comments: readonly { readonly content: string; readonly label: string }[]): string {
  const items = comments.map(
    ({ content, label }, index) => `<wp:comment><wp:comment_id>${index + 1}</wp:comment_id>
<wp:comment_author><![CDATA[Reader ${index}]]></wp:comment_author>
<wp:comment_author_email><![CDATA[reader${index}@example.org]]></wp:comment_author_email>
<wp:comment_date_gmt>2025-01-0${1 + (index % 9)} 10:00:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[${content.replaceAll(']]>', ']] >')}]]></wp:comment_content>
<wp:comment_approved>${label === 'spam' ? 'spam' : '1'}</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Daily</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>An article</title><link>https://daily.example/1</link><wp:post_id>1</wp:post_id>
<wp:post_type>post</wp:post_type>${items.join('\n')}</item></channel></rss>`;
}
