/** The front page, and the files for the browser. */

import type { App } from '../routing/app-context.ts';
import { ProblemError } from '../routing/problem.ts';

export function addPages(app: App): void {
  app.get('/', (c) => {
    c.set('route', '/');
    return c.html(frontPage);
  });
  app.get('/assets/:name', async (c) => {
    c.set('route', '/assets/{name}');
    const asset = await c.var.service.readAsset(c.req.param('name'));
    if (!asset) throw new ProblemError('not_found', 'There is no such file.');
    return c.body(asset.body, 200, {
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=300',
    });
  });
}

const frontPage = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>leave-a-reply</title></head><body><main><h1>leave-a-reply</h1>
<p>The service behind the “Leave a Reply” form: it hides the e-mail address, scores spam with an explained naive
Bayes filter, queues what is doubtful for humans and learns from what they decide.</p>
<ul>
<li><a href="/demo">An article with the form</a></li>
<li><a href="/docs">The API</a> and its <a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/docs/problems">The problems it answers with</a></li>
<li><a href="/readyz">Is it ready?</a></li>
</ul></main></body></html>`;
