/**
 * Serves `/demo`: an article with the form, on the site `demo` and on no other, because its key is handed to every visitor.
 * It works without script, too.
 */
import { raw } from 'hono/html';
import { ensureDemoKey } from '../../moderation/access/keys.ts';
import { listPublicComments, type PublicPage } from '../../moderation/queue/public-comments.ts';
import { readSiteContext, type SiteContext } from '../../moderation/site/site-context.ts';
import { DEMO_SLUG } from '../../moderation/site/sites.ts';
import { findSiteBySlug } from '../../storage/sites.ts';
import { withName } from '../../strings/form-strings.ts';
import { renderForm } from '../embed/plain-form.ts';
import { plainStringsFor } from '../embed/plain-strings.ts';
import { renderThread } from '../embed/plain-thread.ts';
import type { App } from '../routing/app-context.ts';
import { publicAddress } from '../routing/client-address.ts';
import { ProblemError } from '../routing/problem.ts';
import { limitVisitor } from '../routing/rate-limit.ts';
import { renderDocument } from './document.tsx';

const POST = 'demo';
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/** A page of the API; 600 long comments made a page of 35 MB. */
const SHOWN_WITHOUT_SCRIPT = 50;

/** Mounts the page. */
export function addDemo(app: App): void {
  app.get('/demo', async (c) => {
    c.set('route', '/demo');
    const { service } = c.var;
    limitVisitor(c, '/demo');
    const found = await findSiteBySlug(service.db, DEMO_SLUG);
    const site = found ? await readSiteContext(service, found.id) : null;
    if (!site)
      throw new ProblemError('not_found', 'Create a site with the slug “demo” to see the form here.');
    const key = await ensureDemoKey(service, site.id);
    const thread = await listPublicComments(service, site, {
      post: POST,
      limit: SHOWN_WITHOUT_SCRIPT,
    });
    c.header('content-security-policy', CSP);
    // Without a referrer a plain form would send “Origin: null”, and its key would not be good.
    c.header('referrer-policy', 'same-origin');
    const address = `${publicAddress(c, service.config)}/demo`;
    return c.html(demoPage(key, address, site, thread, c.req.query('reply')));
  });
}

function demoForm(asked: {
  readonly key: string;
  readonly address: string;
  readonly settings: SiteContext['settings'];
  readonly strings: ReturnType<typeof plainStringsFor>;
  readonly answered: PublicPage['items'][number] | undefined;
}) {
  const { key, address, settings, strings, answered } = asked;
  const carried = { post: POST, post_url: address, lang: strings.language };
  return answered
    ? renderForm({
        strings,
        heading: withName(strings.titleTo, answered.author_name),
        key,
        values: { ...carried, parent: answered.id },
        settings,
        cancel: '/demo#respond',
      })
    : renderForm({ strings, heading: strings.title, key, values: carried, settings });
}

function demoPage(
  key: string,
  address: string,
  { settings }: SiteContext,
  thread: PublicPage,
  reply: string | undefined,
) {
  // As the article.
  const strings = plainStringsFor(['en']);
  const form = demoForm({
    key,
    address,
    settings,
    strings,
    answered: thread.items.find(({ id }) => id === reply),
  });
  const optional = [...(settings.require_name ? [] : ['name']), ...(settings.require_email ? [] : ['email'])];
  return renderDocument({
    title: 'The old bridge will be repaired: a demonstration of leave-a-reply',
    styles: ['demo.css'],
    scripts: ['/embed.js'],
    children: (
      <main>
        <article>
          <h1>The old bridge will be repaired</h1>
          <p>
            This article is an example; the comments below it are real. The town council has decided to repair
            the old bridge before winter. Buses will take the northern road for six weeks; cyclists and
            pedestrians can cross as before.
          </p>
          <p>
            The council asks for replies. Leave one: a good comment is published at once, a doubtful one waits
            for a moderator.
          </p>
        </article>
        <leave-a-reply site={key} post={POST} optional={optional.join(' ')}>
          <section aria-labelledby="comments-title">
            <h2 id="comments-title">Comments</h2>
            {raw(renderThread(thread, strings, ({ id }) => `/demo?reply=${id}#respond`))}
          </section>
          {raw(form)}
        </leave-a-reply>
      </main>
    ),
  });
}
