/** Serves the front page, the API reference, the error reference, the page for unknown addresses, and the files for the browser. */
import { z } from '@hono/zod-openapi';
import type { FC } from 'hono/jsx';
import { type PageStrings, pageStringsFor } from '../../strings/pages.ts';
import { readAcceptLanguage } from '../embed/plain-strings.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { sendAsset } from '../routing/asset.ts';
import { ProblemError, problemCatalogue } from '../routing/problem.ts';
import { addOpenRoute } from '../routing/route.ts';
import { renderDocument, WordMark } from './document.tsx';

const CSP =
  "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Swagger UI sets style attributes from its script; everything comes from here. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function addPages(app: App): void {
  app.get('/', (c) => {
    c.set('route', '/');
    return answerPage(c, 200, FrontPage, ({ tagline }) => `leave-a-reply: ${tagline}`);
  });
  addOpenRoute(app, {
    method: 'get',
    path: '/docs',
    tag: 'Documentation',
    summary: 'Read this document as a page',
    answers: { 200: { description: 'The page.', schema: z.string(), mediaType: 'text/html' } },
    handle: (c) => {
      c.header('content-security-policy', DOCS_CSP);
      return c.html(
        renderDocument({
          title: 'API reference · leave-a-reply',
          styles: ['swagger-ui.css', 'docs.css'],
          plainScripts: ['/assets/swagger-ui-bundle.js'],
          scripts: ['/assets/docs.js'],
          children: (
            <>
              <header>
                <WordMark />
              </header>
              <div id="swagger-ui" />
            </>
          ),
        }),
      );
    },
  });
  addOpenRoute(app, {
    method: 'get',
    path: '/docs/problems',
    tag: 'Documentation',
    summary: 'Read what the problem codes mean',
    answers: { 200: { description: 'The page.', schema: z.string(), mediaType: 'text/html' } },
    handle: (c) => answerPage(c, 200, ProblemsPage, ({ problems }) => `${problems} · leave-a-reply`),
  });
  app.get('/assets/:name', async (c) => {
    c.set('route', '/assets/{name}');
    const asset = await c.var.service.readAsset(c.req.param('name'));
    if (!asset) throw new ProblemError('not_found', 'There is no such file.');
    return sendAsset(c, asset, { 'cache-control': 'public, max-age=300' });
  });
}

/** Whether somebody reads the answer: a browser that opens an address asks for HTML, a program does not. */
export function wantsPage(c: AppContext): boolean {
  return c.req.method === 'GET' && /\btext\/html\b/.test(c.req.header('accept') ?? '');
}

/** 404 for a browser. */
export function answerNotFound(c: AppContext): Response | Promise<Response> {
  return answerPage(c, 404, NotFoundPage, ({ notFound }) => `${notFound} · leave-a-reply`);
}

type Page = FC<{ readonly t: PageStrings }>;

function answerPage(
  c: AppContext,
  status: 200 | 404,
  Page: Page,
  titleOf: (t: PageStrings) => string,
): Response | Promise<Response> {
  const { language, strings } = pageStringsFor(readAcceptLanguage(c.req.header('accept-language')));
  c.header('content-security-policy', CSP);
  c.header('vary', 'accept-language, accept');
  return c.html(
    renderDocument({
      language,
      title: titleOf(strings),
      styles: ['pages.css'],
      children: (
        <main class="paper">
          <WordMark />
          <Page t={strings} />
        </main>
      ),
    }),
    status,
  );
}

const FrontPage: Page = ({ t }) => (
  <>
    <h1>{t.tagline}</h1>
    <p>{t.about}</p>
    <Links t={t} />
  </>
);

const Links: Page = ({ t }) => {
  const links = [
    ['/moderate', t.moderation, t.moderationAbout],
    ['/admin', t.administration, t.administrationAbout],
    ['/demo', t.demo, t.demoAbout],
    ['/docs', t.api, t.apiAbout],
    ['/docs/problems', t.problems, t.problemsAbout],
    ['/readyz', t.status, t.statusAbout],
  ] as const;
  return (
    <ul class="links">
      {links.map(([address, name, about]) => (
        <li>
          <a href={address}>{name}</a>
          <span>{about}</span>
        </li>
      ))}
    </ul>
  );
};

const ProblemsPage: Page = ({ t }) => (
  <>
    <h1>{t.problems}</h1>
    <p>{t.problemsIntro}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">{t.code}</th>
          <th scope="col">{t.httpStatus}</th>
          <th scope="col">{t.title}</th>
          <th scope="col">{t.remedy}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(problemCatalogue).map(([code, { status, title, remedy }]) => (
          <tr id={code}>
            <td>
              <a href={`#${code}`}>
                <code>{code}</code>
              </a>
            </td>
            <td>{status}</td>
            <td lang="en">{title}</td>
            <td lang="en">{remedy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </>
);

const NotFoundPage: Page = ({ t }) => (
  <>
    <h1>{t.notFound}</h1>
    <p>{t.notFoundAbout}</p>
    <Links t={t} />
  </>
);
