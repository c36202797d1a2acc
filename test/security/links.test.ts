import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestService, type TestService } from '../support/databases.ts';
import { askRoute, readDocumentedRoutes } from '../support/documented-routes.ts';
import { createAdminClient, createTestSite, submission } from '../support/site.ts';

/** A name that is nowhere but in the request's own `Host`. */
const FORGED = 'evil.example';

describe('links', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService('pglite', { config: { publicUrl: 'https://comments.example' } });
  });
  afterAll(() => service.close());

  it('are made of PUBLIC_URL on every route, whatever the Host header says', async () => {
    const { site } = await createTestSite(service, 'demo');
    const admin = await createAdminClient(service);
    const key = (await admin.post<{ key: string }>('/v1/keys?site=demo', { scopes: ['submit', 'read'] })).body
      .key;
    const comment = await createClient(service, key).post<{ id: string }>('/v1/comments', submission());
    expect(comment.status).toBe(201);
    const person = { name: 'Ada', email: 'ada@news.example' };
    const invited = await admin.post<{ id: string; invitation: { url: string } }>(
      '/v1/users?site=demo',
      person,
      { headers: { host: FORGED } },
    );
    expect(invited.body.invitation.url).toMatch(/^https:\/\/comments\.example\/invitation#/);
    const forging = {
      ...admin,
      call: (method: string, path: string, options = {}) =>
        admin.call(method, path, { ...options, headers: { host: FORGED } }),
    } as typeof admin;
    const routes = (await readDocumentedRoutes(admin)).filter(({ method }) => method === 'GET');
    expect(routes.length).toBeGreaterThan(40);
    const subjects = [site.id, comment.body.id, invited.body.id];
    for (const route of routes.filter(({ path }) => path !== '/v1/events')) {
      for (const id of route.path.includes('{') ? subjects : ['']) {
        const path = route.path.replaceAll(/\{\w+\}/g, id);
        const answer = await askRoute(forging, route, path, route.ofSite ? 'site=demo' : '');
        const said = answer.text + JSON.stringify([...answer.headers]);
        expect(said, route.name).not.toContain(FORGED);
      }
    }
    for (const path of ['/', '/demo', '/wp-json/wp/v2/comments', '/$discovery/rest?version=v1alpha1']) {
      const answer = await createClient(service, key).get(path, { headers: { host: FORGED } });
      expect(answer.status, path).toBe(200);
      expect(answer.text + JSON.stringify([...answer.headers]), path).not.toContain(FORGED);
    }
  });
});
