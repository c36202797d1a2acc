/** What hostile text must not do on a page, and the proof that it would be noticed. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Elements that none of the pages has of its own. */
export const FOREIGN = 'img, script, iframe, object, video, marquee, link, meta, base, template, math';

/** What must not happen: dialogs, what the policy had to stop, errors, and requests to elsewhere. */
export async function listenForHarm(page: Page, ownOrigin: string): Promise<string[]> {
  const harm: string[] = [];
  page.on('dialog', (dialog) => {
    harm.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => harm.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy|TrustedHTML/i.test(message.text())) harm.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== ownOrigin) harm.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('noteViolation', (text: string) => harm.push(`violation: ${text}`));
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (event) => noteViolation(event.violatedDirective + ' ' + event.blockedURI))",
  );
  await page.reload();
  return harm;
}

/** Nothing has happened so far, and whatever happens is heard: so says one of each, done on purpose. */
export async function expectNoHarm(page: Page, harm: string[]): Promise<void> {
  expect(harm).toEqual([]);
  await page.evaluate('alert(1)');
  await page.evaluate(
    "document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/x' }))",
  );
  await expect.poll(() => harm.filter((text) => /^dialog|^violation: img-src/.test(text)).length).toBe(2);
}
