import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../support/client.ts';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';
import { createTestSite, submission, type TestSite } from '../support/site.ts';

const ORIGIN = 'https://news.example';
const VICTIM = 'vera.person@mail.example';
const GUESSES = ['nobody@mail.example', VICTIM, 'vera.person+x@mail.example'];

describe.each(DATABASES)('the answer to a public key on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind, { config: { trustedProxies: 1 } });
  });
  afterAll(() => service.close());

  /** What a stranger is told about each guess; each comes from an address of its own. */
  async function askAll(site: TestSite, door: (guess: string, at: number) => Promise<unknown>) {
    const answers: unknown[] = [];
    for (const [at, guess] of GUESSES.entries()) answers.push(await door(guess, at));
    expect(site.site.id).not.toBe('');
    return answers;
  }

  const doors: Readonly<
    Record<string, (page: Client, key: string, fields: Fields, at: number) => Promise<unknown>>
  > = {
    api: async (page, _key, fields, at) => {
      const { status, body } = await page.post<{ code?: string; status?: string }>('/v1/comments', fields, {
        headers: { origin: ORIGIN, 'x-forwarded-for': `198.51.100.${at}` },
      });
      return [status, body.code, body.status];
    },
    wordpress: async (page, _key, fields, at) => {
      const { status, body } = await page.post<{ code?: string; status?: string }>(
        '/wp-json/wp/v2/comments',
        {
          post: fields.post,
          author_name: fields.author_name,
          author_email: fields.author_email,
          content: fields.content,
        },
        { headers: { origin: ORIGIN, 'x-forwarded-for': `198.51.100.${at}` } },
      );
      return [status, body.code, body.status];
    },
  };
  type Fields = Record<string, unknown>;

  it.each(Object.keys(doors))('does not depend on the e-mail address (%s)', async (name) => {
    const door = doors[name];
    if (!door) throw new Error(name);
    const settings = { hold_first_time_authors: true, flood_seconds: 60, recent_rejections: 1 };
    const site = await createTestSite(service, `oracle-${name}`, settings);
    const key = await site.publicKeyFor(ORIGIN);
    const page = createClient(service, key);
    const published = submission({ author_email: VICTIM, author_name: 'Vera', author_ip: '192.0.2.1' });
    const first = await site.client.post<{ id: string }>('/v1/comments', published);
    await service.db
      .updateTable('comment')
      .set({ status: 'approved' })
      .where('id', '=', first.body.id)
      .execute();
    // Repeated by a stranger: name and text are public.
    const repeated = await askAll(site, (guess, at) =>
      door(page, key, { ...published, author_ip: undefined, author_email: guess }, at + 10),
    );
    expect(new Set(repeated.map((answer) => JSON.stringify(answer))).size).toBe(1);
    // Something new at once, from other addresses: neither flooding nor a known author shows.
    const fresh = await askAll(site, (guess, at) =>
      door(page, key, submission({ author_email: guess, author_name: 'Vera' }), at + 20),
    );
    expect(new Set(fresh.map((answer) => JSON.stringify(answer))).size).toBe(1);
    // Nor does it show that the author's last comments were rejected.
    await service.db
      .updateTable('comment')
      .set({ status: 'trash' })
      .where('id', '=', first.body.id)
      .execute();
    const rejected = await askAll(site, (guess, at) =>
      door(page, key, submission({ author_email: guess, author_name: 'Vera' }), at + 30),
    );
    expect(new Set(rejected.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('lets an author who was approved from this IP address pass the hold for first-time authors', async () => {
    const site = await createTestSite(service, 'oracle-known', { hold_first_time_authors: true });
    const page = createClient(service, await site.publicKeyFor(ORIGIN));
    const send = async (address: string) =>
      await page.post<{ id: string; status: string }>('/v1/comments', submission({ author_email: VICTIM }), {
        headers: { origin: ORIGIN, 'x-forwarded-for': address },
      });
    const first = await send('192.0.2.7');
    expect(first.body.status).toBe('hold');
    await service.db
      .updateTable('comment')
      .set({ status: 'approved' })
      .where('id', '=', first.body.id)
      .execute();
    expect((await send('192.0.2.7')).body.status).toBe('approved');
    expect((await send('198.51.100.7')).body.status).toBe('hold');
  });
});
