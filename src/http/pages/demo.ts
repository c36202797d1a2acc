/** `/demo`: an article with the form, on the site `demo`, else on `default`. */
import { listPublicComments, type PublicComment } from '../../moderation/comments.ts';
import { ensureDemoKey } from '../../moderation/keys.ts';
import { findSiteBySlug } from '../../storage/sites.ts';
import { ownOrigin } from '../client-address.ts';
import { escapeHtml } from '../html.ts';
import { ProblemError } from '../problem.ts';
import type { App } from '../route.ts';

const POST = 'demo';
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const SHOWN_WITHOUT_SCRIPT = 50;

/** Mounts the page. */
export function addDemo(app: App): void {
  app.get('/demo', async (c) => {
    c.set('route', '/demo');
    const { service } = c.var;
    const site = (await findSiteBySlug(service.db, 'demo')) ?? (await findSiteBySlug(service.db, 'default'));
    if (!site) throw new ProblemError('not_found', 'Make a site with the slug “demo” to see the form here.');
    const key = await ensureDemoKey(service, site.id);
    const { items } = await listPublicComments(service, site.id, POST, undefined, SHOWN_WITHOUT_SCRIPT);
    c.header('content-security-policy', CSP);
    // Without a referrer a plain form would send “Origin: null”, and its key would not be good.
    c.header('referrer-policy', 'same-origin');
    return c.html(demoPage(key, `${ownOrigin(c, service.config)}/demo`, items));
  });
}

function demoPage(key: string, address: string, comments: readonly PublicComment[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>The old bridge will be repaired: a demonstration of leave-a-reply</title>
<link rel="stylesheet" href="/assets/demo.css"><script type="module" src="/embed.js"></script></head>
<body><main>
<article><h1>The old bridge will be repaired</h1>
<p>This article is an example; the comments below it are real. The town council has decided to repair the old bridge
before winter. Buses will take the northern road for six weeks; cyclists and pedestrians can cross as before.</p>
<p>The council asked for replies. Leave one: a good one is published at once, a doubtful one waits for a moderator.</p>
</article>
<leave-a-reply site="${key}" post="${POST}">
<h2>Comments</h2>
<ol>
${comments.map(showComment).join('\n')}
</ol>
${plainForm(key, address)}
</leave-a-reply>
</main></body></html>`;
}

function showComment({ author_name, content }: PublicComment): string {
  return `<li><p><b><bdi>${escapeHtml(author_name)}</bdi></b></p><p>${escapeHtml(content)}</p></li>`;
}

function plainForm(key: string, address: string): string {
  return `<form method="post" action="/embed/comments">
<h2>Leave a Reply</h2>
<p>Your email address will not be published. Required fields are marked *</p>
<input type="hidden" name="key" value="${key}"><input type="hidden" name="post" value="${POST}">
<input type="hidden" name="post_url" value="${escapeHtml(address)}">
<p><label for="content">Comment *</label><textarea id="content" name="content" rows="6" required></textarea></p>
<p><label for="author_name">Name *</label><input id="author_name" name="author_name" autocomplete="name" required></p>
<p><label for="author_email">Email *</label><input id="author_email" name="author_email" type="email" autocomplete="email" required></p>
<p><label for="author_url">Website</label><input id="author_url" name="author_url" type="url" autocomplete="url"></p>
<p class="trap" aria-hidden="true"><label for="honeypot">Leave this field empty</label><input id="honeypot" name="honeypot" tabindex="-1" autocomplete="off"></p>
<p><button type="submit">Post Comment</button></p>
</form>`;
}
