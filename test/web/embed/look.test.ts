/** How the form looks and speaks on a host's page: its fonts, colours, parts, languages and strings. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDemoPage, type DemoPage, fillForm, HAM, post, SPAM } from '../../support/demo-page.ts';

const docs = readFileSync(fileURLToPath(new URL('../../../docs/embedding.md', import.meta.url)), 'utf8');

describe("the form on a host's page", () => {
  let demo: DemoPage;
  beforeAll(async () => {
    demo = await createDemoPage();
    const send = async (author: string, content: string, parent?: string) =>
      await demo.site.client.post<{ id: string }>('/v1/comments', {
        post: 'demo',
        author_name: author,
        author_email: `${author}@example.org`,
        content,
        parent,
      });
    const { body } = await send('Ada', HAM);
    await send('Ben', 'The buses will take longer, but six weeks are not long for such a bridge.', body.id);
  });
  afterAll(() => demo.close());

  /** The element of the demonstration put anew with these attributes, once its comments are there. */
  async function embed(
    page: Page,
    attributes: Readonly<Record<string, string>>,
    strings = {},
  ): Promise<void> {
    await page.evaluate(`new Promise((resolve) => {
      const old = document.querySelector('leave-a-reply');
      const element = document.createElement('leave-a-reply');
      for (const name of ['site', 'post']) element.setAttribute(name, old.getAttribute(name));
      for (const [name, value] of Object.entries(${JSON.stringify(attributes)})) element.setAttribute(name, value);
      element.strings = ${JSON.stringify(strings)};
      element.addEventListener('leave-a-reply:loaded', () => resolve());
      old.replaceWith(element);
    })`);
  }

  async function addStyle(page: Page, css: string): Promise<void> {
    await page.evaluate(`(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(${JSON.stringify(css)});
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    })()`);
  }

  /** What the first element of a part looks like, once it is there: the comments come after the form. */
  const styleOf = async (page: Page, part: string, property: string): Promise<string> => {
    await page.locator(`leave-a-reply [part~=${part}]`).first().waitFor({ state: 'attached' });
    return await page.evaluate(`getComputedStyle(
      document.querySelector('leave-a-reply').shadowRoot.querySelector('[part~=${part}]'),
    ).getPropertyValue('${property}')`);
  };

  test("text, fields and buttons have the page's font and colour", async () => {
    const page = await demo.open();
    await addStyle(page, 'main { font: 19px "Courier New", monospace; color: rgb(1, 2, 3); }');
    for (const part of ['content', 'input', 'submit', 'label', 'notes']) {
      expect([part, await styleOf(page, part, 'font-family')]).toEqual([part, '"Courier New", monospace']);
      expect([part, await styleOf(page, part, 'color')]).toEqual([part, 'rgb(1, 2, 3)']);
    }
    expect(await styleOf(page, 'input', 'font-size')).toBe('19px');
    await page.context().close();
  });

  test('every part that docs/embedding.md names is there and can be styled, the button of its example too', async () => {
    const page = await demo.open();
    await fillForm(page, { content: SPAM });
    await post(page);
    await page.locator('[part~=note]').waitFor();
    const parts = (/CSS part: `([^`]+)`/.exec(docs.replaceAll('\n', ' '))?.[1] ?? '').split(/\s+/);
    expect(parts.length).toBeGreaterThan(20);
    // That button stands below 2,000 comments: embed.test.ts has them.
    const here = parts.filter((part) => part !== 'more');
    const rules = here.map((part, at) => `leave-a-reply::part(${part}) { --probe-${at}: ${part}; }`);
    await addStyle(page, rules.join('\n'));
    for (const [at, part] of here.entries()) {
      expect((await styleOf(page, part, `--probe-${at}`)).trim()).toBe(part);
    }
    await addStyle(page, /```css\n([\s\S]*?)```/.exec(docs)?.[1] ?? '');
    expect(await styleOf(page, 'submit', 'background-color')).toBe('rgb(11, 74, 143)');
    expect(await styleOf(page, 'submit', 'color')).toBe('rgb(255, 255, 255)');
    await page.context().close();
  });

  test.each([
    {
      lang: 'de',
      shown: [
        'Kommentare',
        'Ihre E-Mail-Adresse wird nicht veröffentlicht. Pflichtfelder sind mit * markiert',
        'Kommentar *',
        'Name *',
        'E-Mail *',
        'Website',
        'Meinen Namen, meine E-Mail-Adresse und meine Website in diesem Browser merken.',
        'Kommentar abschicken',
        'Antworten',
        '01.03.2026, ',
      ],
      told: [
        'Bitte füllen Sie dieses Feld aus.',
        'Bitte geben Sie eine E-Mail-Adresse wie name@example.org ein.',
      ],
      status: 'Ihr Kommentar wurde nicht gesendet: Bitte berichtigen Sie die markierten Felder.',
      replyTo: 'Antwort an Ada',
      reply: 'Ada antworten',
    },
    {
      lang: 'es',
      shown: [
        'Comentarios',
        'Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *',
        'Comentario *',
        'Nombre *',
        'Correo electrónico *',
        'Web',
        'Guardar mi nombre, correo electrónico y web en este navegador para la próxima vez.',
        'Publicar el comentario',
        'Responder',
        '1 mar 2026, ',
      ],
      told: ['Rellena este campo.', 'Escribe una dirección como nombre@example.org.'],
      status: 'Tu comentario no se ha enviado: corrige los campos marcados.',
      replyTo: 'Responder a Ada',
      reply: 'Responder a Ada',
    },
  ])('in $lang all of it speaks the language: labels, dates, errors, replies', async (expected) => {
    const page = await demo.open();
    await embed(page, { lang: expected.lang });
    const text = await page.evaluate(
      "['section', 'form'].map((name) => document.querySelector('leave-a-reply').shadowRoot.querySelector(name).innerText).join('')",
    );
    for (const shown of expected.shown) expect(text).toContain(shown);
    await page.getByRole('button', { name: expected.reply }).click();
    await page.getByRole('heading', { name: expected.replyTo }).waitFor();
    await page.locator('#author_email').fill('ada@');
    await page.locator('[part=submit]').click();
    for (const told of expected.told) await page.getByText(told).first().waitFor();
    await page.getByRole('status').getByText(expected.status).waitFor();
    await page.context().close();
  });

  test.each([
    { lang: 'en_US', date: 'Mar 1, 2026' },
    { lang: 'de_DE@euro', date: '01.03.2026' },
    { lang: 'x!', date: 'Mar 1, 2026' },
  ])(
    'lang="$lang", which is no language tag, keeps neither comments back nor a new one',
    async ({ lang, date }) => {
      const before = (await demo.stored()).length;
      const page = await demo.open();
      await embed(page, { lang });
      await page.getByText(HAM).waitFor();
      expect(await page.locator('[part=date]').first().textContent()).toContain(date);
      await page
        .locator('#content')
        .fill(`The old bridge has a beauty of its own, whatever “${lang}” may mean.`);
      await page.locator('#author_name').fill('Ada');
      await page.locator('#author_email').fill('ada@example.org');
      await page.locator('[part=submit]').click();
      await page
        .getByRole('status')
        .getByText(/published|awaiting|veröffentlicht|wartet/)
        .waitFor();
      expect((await demo.stored()).length).toBe(before + 1);
      await page.context().close();
    },
  );

  test('strings are replaced by the attribute, and by the property over it; no JSON is left alone', async () => {
    const page = await demo.open();
    const attribute = JSON.stringify({ title: 'From the attribute', submit: 'Say it' });
    await embed(page, { lang: 'de', strings: attribute }, { title: 'From the property' });
    await page.getByRole('heading', { name: 'From the property' }).waitFor();
    await page.getByRole('button', { name: 'Say it' }).waitFor();
    await page.getByRole('heading', { name: 'Kommentare' }).waitFor();
    await embed(page, { lang: 'de', strings: '{"title": ' });
    await page.getByRole('heading', { name: 'Schreiben Sie einen Kommentar' }).waitFor();
    await page.context().close();
  });
});
