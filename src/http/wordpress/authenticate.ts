/** Who calls in WordPress's way: a bearer key, or a key as the application password of Basic. */
import { type Actor, hasScope, type Scope } from '../../moderation/actor.ts';
import type { AppContext } from '../routing/app-context.ts';
import { authenticate, authenticatePresented } from '../routing/auth.ts';
import { WordPressError } from './error.ts';

/** @throws {ProblemError} `unauthenticated`, `origin_not_allowed`; {WordPressError} `rest_forbidden`. */
export async function authenticateWordPress(c: AppContext, scope: Scope): Promise<Actor> {
  const basic = /^Basic +([A-Za-z0-9+/=]{1,400})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const actor =
    basic === undefined ? await authenticate(c) : await authenticatePresented(c, passwordIn(basic));
  if (!hasScope(actor, scope)) {
    throw new WordPressError('rest_forbidden', 403, `This needs a key with the scope “${scope}”.`);
  }
  return actor;
}

/** What stands after the user's name, which says nothing here. */
function passwordIn(basic: string): string {
  return Buffer.from(basic, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
    .trim();
}
