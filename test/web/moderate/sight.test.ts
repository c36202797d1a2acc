import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  article,
  type DeskService,
  goTo,
  post,
  postPublished,
  startDeskService,
  styleOf,
} from '../../support/moderate-page.ts';
import { createTestSite } from '../../support/site.ts';

let desk: DeskService;
beforeAll(async () => {
  desk = await startDeskService();
});
afterAll(() => desk?.close());

describe('languages and regions', () => {
  test.each([
    ['en-GB', '1 Feb 2026'],
    ['en-US', 'Feb 1, 2026'],
    ['de-DE', '1. Feb. 2026'],
    ['es-ES', '1 feb 2026'],
  ])('dates are written as in %s', async (locale, date) => {
    const site = await desk.siteWith(`dates-${locale}`.toLowerCase());
    const author = { author_name: 'Known', author_email: 'known@example.org' };
    const first = await post(site, { ...author, content: 'The first letter of this author' });
    await site.client.post(`/v1/comments/${first}/decisions`, { decision: 'approve' });
    await desk.service.db
      .updateTable('comment')
      .set({ created_at: new Date('2026-02-01T12:00:00Z') })
      .where('id', '=', first)
      .execute();
    await post(site, { ...author, content: 'The second letter of this author' });
    const { page } = await desk.joinAs(site, { locale, timezoneId: 'UTC' });
    await article(page).waitFor();
    expect(await page.locator('.history').innerText()).toContain(date);
    expect(await page.evaluate('document.documentElement.lang')).toBe(locale);
    await page.context().close();
  });

  test.each([
    [
      'de-DE',
      'Anmelden',
      'E-Mail-Adresse oder Passwort ist falsch.',
      'Keine Verbindung.',
      'Wörter: Brücke',
      /^[+−]\d,\d\d$/,
    ],
    [
      'es-ES',
      'Iniciar sesión',
      'Correo electrónico o contraseña incorrectos.',
      'Sin conexión.',
      'palabras: Brücke',
      /^[+−]\d,\d\d$/,
    ],
  ] as const)(
    'nothing is left in English: %s',
    async (locale, signIn, wrong, unreachable, filter, figure) => {
      const site = await desk.siteWith(`words-${locale}`.toLowerCase(), 'Subscribe to my channel, Brücke');
      const { page, email } = await desk.joinAs(site, { locale });
      await article(page).waitFor();
      await page.locator('.why .open').click();
      expect(await page.locator('.evidence li b').first().innerText()).toMatch(figure);
      await page.keyboard.press('/');
      await page.getByRole('searchbox').fill('Brücke');
      await page.keyboard.press('Enter');
      await page.locator('.filter', { hasText: filter }).waitFor();
      await article(page).waitFor();
      await page.locator('.reasons button').first().click();
      const words = await page.locator('.filter').innerText();
      expect(words).not.toMatch(/premoderation|reason|author/);
      await article(page).waitFor();
      await page.route('**/notes*', (route) => route.abort('connectionrefused'));
      await page.keyboard.press('n');
      await page.locator('dialog textarea').fill('Eine Notiz');
      await page.keyboard.press('Enter');
      await page.locator('.status', { hasText: unreachable }).waitFor();
      await page.goto(`${desk.app.url}/sign-in`);
      expect(await page.title()).toBe(signIn);
      await page.locator('input[type=email]').fill(email);
      await page.locator('input[type=password]').fill('not the password');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: wrong }).waitFor();
      await page.context().close();
    },
  );

  test.each([
    [
      'de-DE',
      'Geben Sie eine gültige E-Mail-Adresse ein.',
      'Wählen Sie ein Passwort mit 12 bis 200 Zeichen.',
    ],
    ['es-ES', 'Escriba una dirección de correo válida.', 'Elija una contraseña de 12 a 200 caracteres.'],
  ])(
    'what is wrong with an address is told of the address, with a password of the password: %s',
    async (...told) => {
      const [locale, ofAddress, ofPassword] = told;
      const page = await (await desk.browser.newContext({ locale })).newPage();
      const { body } = await desk.admin.post<{ key: string }>('/v1/keys', {
        name: locale,
        scopes: ['admin'],
      });
      await page.goto(`${desk.app.url}/invitation`);
      const form = page.locator('form:not([hidden])');
      await form.locator('input[name=key]').fill(body.key);
      await form.locator('input[name=name]').fill('Anna');
      // A browser takes that for an address.
      await form.locator('input[name=email]').fill('anna@localhost');
      await page.keyboard.press('Enter');
      await form.getByRole('alert').filter({ hasText: ofAddress }).waitFor();
      await form.locator('input[name=email]').fill(`anna-${locale}@news.example`);
      await page.keyboard.press('Enter');
      await form.locator('input[name=password]').waitFor();
      // Browsers that do not know the attribute send it.
      await page.evaluate(`document.querySelector('[minlength]').removeAttribute('minlength')`);
      await form.locator('input[name=password]').fill('short');
      await page.keyboard.press('Enter');
      await form.getByRole('alert').filter({ hasText: ofPassword }).waitFor();
      await page.context().close();
    },
  );

  test('a filter for a rule of the site is told in its words, also when nothing is left', async () => {
    const site = await createTestSite(desk.service, 'rule-words', { minimum_seconds: 0 });
    const rule = { kind: 'words', pattern: 'roulette', disposition: 'hold', note: 'spring' };
    expect((await site.client.post('/v1/rules', rule)).status).toBe(201);
    await post(site, { content: 'The roulette of local politics goes on' });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    const words = '“roulette” (spring)';
    await article(page).getByRole('button', { name: words }).click();
    await page.locator('.filter', { hasText: `reason: ${words}` }).waitFor();
    await article(page).waitFor();
    await page.keyboard.press('a');
    await page.getByText('No comments match this search.').waitFor();
    expect(await page.locator('.filter').innerText()).not.toContain('rule:');
    await page.context().close();
  });

  test.each([
    [375, 'en-GB'],
    [375, 'de-DE'],
    [560, 'es-ES'],
  ])('on a screen %i wide the way out is all in sight: %s', async (width, locale) => {
    const site = await desk.siteWith(`narrow-${width}-${locale}`.toLowerCase(), 'A letter');
    const { page } = await desk.joinAs(site, { locale, viewport: { width, height: 700 } });
    await article(page).waitFor();
    await page.locator('.account summary').click();
    const box = await page.locator('.account > div').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  test('of an author without an address the name leads to what is under that name, and none to nothing', async () => {
    const site = await createTestSite(desk.service, 'no-address', {
      premoderate: true,
      require_email: false,
      require_name: false,
    });
    const without = { author_email: undefined, author_name: 'Ada %' };
    await post(site, { ...without, content: 'The bridge is old' });
    await post(site, { ...without, content: 'The tram is late' });
    await post(site, { author_name: 'Bo', content: 'The harbour is quiet' });
    await post(site, { author_email: undefined, author_name: undefined, content: 'The mayor is away' });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'bridge');
    await page.getByRole('button', { name: 'Ada %', exact: true }).click();
    await page.locator('.filter', { hasText: 'authors named Ada %' }).waitFor();
    await expect.poll(() => page.locator('.upcoming li').count()).toBe(2);
    await page.getByRole('button', { name: /^Clear/ }).click();
    await expect.poll(() => page.locator('.upcoming li').count()).toBe(4);
    await goTo(page, 'harbour');
    await page.getByRole('button', { name: 'Bo', exact: true }).click();
    await page.locator('.filter', { hasText: 'this author' }).waitFor();
    await expect.poll(() => page.locator('.upcoming li').count()).toBe(1);
    await page.getByRole('button', { name: /^Clear/ }).click();
    await goTo(page, 'mayor');
    await page.getByRole('heading', { name: 'Without a name' }).waitFor();
    expect(await page.getByRole('button', { name: 'Without a name', exact: true }).count()).toBe(0);
    await page.context().close();
  });

  test('a comment from right to left stands at the right, with an address in it in its own order', async () => {
    const site = await desk.siteWith(
      'rtl',
      'أحب هذه المقالة كثيرا، انظر http://gift.example/a ثم عد',
      'A letter',
    );
    await post(site, { content: 'A letter of somebody else', author_name: 'مريم' });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'أحب');
    expect(await styleOf(page, '.content bdi', 'direction')).toBe('rtl');
    const [fromLeft, fromRight] = (await page.evaluate(`(() => {
      const text = document.querySelector('.content bdi');
      const range = document.createRange();
      range.selectNodeContents(text);
      const inner = range.getBoundingClientRect();
      const outer = document.querySelector('.content').getBoundingClientRect();
      return [inner.left - outer.left, outer.right - inner.right];
    })()`)) as [number, number];
    expect(fromRight).toBeLessThan(2);
    expect(fromLeft).toBeGreaterThan(20);
    await goTo(page, 'A letter of somebody else');
    expect(await styleOf(page, '.content bdi', 'direction')).toBe('ltr');
    expect(await styleOf(page, 'article h2 bdi', 'direction')).toBe('rtl');
    await page.context().close();
  });
});

describe('what is hard to see, and hard to look at', () => {
  test('with forced colours what colour said is said by lines: words to spam and to ham, the bar, the folder', async () => {
    // Marks are at most 15 % of a text: a short one has room for one mark only.
    const letter =
      'I disagree with the council about the old bridge, because the article leaves out what the repair would cost.';
    const advertising =
      'Subscribe to my channel for more of this, and thank you for the report on the harbour.';
    const site = await desk.siteWith('forced', `${letter} ${advertising}`);
    const { page } = await desk.joinAs(site, { forcedColors: 'active' });
    await article(page).waitFor();
    expect(await styleOf(page, 'mark[class^=to-spam]', 'border-bottom-style')).toBe('solid');
    expect(await styleOf(page, 'mark[class^=to-ham]', 'text-decoration-line')).toBe('underline');
    await page.keyboard.press('i');
    await page.getByRole('img', { name: /^Spam probability/ }).waitFor();
    expect(await styleOf(page, '.value', 'fill')).not.toBe(await styleOf(page, '.track', 'fill'));
    const current = await styleOf(page, '.folder[aria-current]', 'background-color');
    expect(current).not.toBe(await styleOf(page, '.folder:not([aria-current])', 'background-color'));
    await page.context().close();
  });

  test('blurs the text, its parent and the list; a key or a button shows one comment, until the next', async () => {
    const site = await desk.siteWith('blurred', 'A letter on the bridge');
    const parent = await postPublished(site, { content: 'What is answered' });
    await post(site, { content: 'The answer to it', parent });
    const { page } = await desk.joinAs(site);
    await article(page).waitFor();
    await goTo(page, 'The answer');
    await page.mouse.move(0, 0);
    await page.evaluate("document.querySelector('article').focus()");
    const places = ['.content', '.parent-content', '.upcoming .excerpt'];
    const blurred = async () =>
      await Promise.all(places.map(async (place) => (await styleOf(page, place, 'filter')) !== 'none'));
    expect(await blurred()).toEqual([false, false, false]);
    await page.keyboard.press('b');
    await expect.poll(blurred).toEqual([true, true, true]);
    await page.keyboard.press('v');
    await expect.poll(blurred).toEqual([false, false, true]);
    await goTo(page, 'A letter on the bridge');
    await expect.poll(() => styleOf(page, '.content', 'filter')).not.toBe('none');
    await page.getByRole('button', { name: /^Show the text/ }).click();
    await page.mouse.move(0, 0);
    await expect.poll(() => styleOf(page, '.content', 'filter')).toBe('none');
    await page.reload();
    await article(page).waitFor();
    expect(await styleOf(page, '.content', 'filter')).not.toBe('none');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Blur comments').waitFor();
    await page.context().close();
  });

  test('with reduced motion nothing moves', async () => {
    const site = await desk.siteWith('still', 'A letter');
    const { page } = await desk.joinAs(site, { reducedMotion: 'reduce' });
    await article(page).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    await page.context().close();
  });
});
