/**
 * The shape of Perspective's API for those that used it: `POST /v1alpha1/comments:analyze` and `:suggestscore`, with
 * Google's errors. The one attribute is SPAM: whoever asks for another is told so instead of being given a number that
 * means something else.
 */

import { z } from '@hono/zod-openapi';
import { type Actor, hasScope, type Scope } from '../../moderation/actor.ts';
import { addSamples } from '../../moderation/learn/samples.ts';
import { judgeText } from '../../moderation/site/judge.ts';
import { MAX_CONTENT_BYTES } from '../../moderation/site/storable-text.ts';
import { text } from '../api/fields.ts';
import type { App, AppContext } from '../routing/app-context.ts';
import { authenticatePerspective, resolveSite } from '../routing/auth.ts';
import { BODY_LIMIT_BYTES, readData, validate } from '../routing/body.ts';
import { publicAddress } from '../routing/client-address.ts';
import { isPublicKey } from '../routing/cors.ts';
import { ProblemError, problemStatus, toProblem } from '../routing/problem.ts';
import { limitRate } from '../routing/rate-limit.ts';
import { describePerspective } from './perspective-discovery.ts';

const comment = z.looseObject({
  text: text({ bytes: MAX_CONTENT_BYTES }),
  type: z.enum(['PLAIN_TEXT', 'HTML', 'TEXT_TYPE_UNSPECIFIED']).optional(),
});
const languages = z.array(z.string().max(35)).max(20).default([]);
const token = z.string().max(1000).optional();

const analyzeBody = z.looseObject({
  comment,
  requestedAttributes: z.record(
    z.string().max(100),
    z.looseObject({ scoreThreshold: z.number().min(0).max(1).optional() }).nullable(),
  ),
  languages,
  clientToken: token,
});

const suggestBody = z.looseObject({
  comment,
  attributeScores: z.record(
    z.string().max(100),
    z.looseObject({ summaryScore: z.looseObject({ value: z.number().min(0).max(1) }) }),
  ),
  languages,
  clientToken: token,
});

const DISCOVERY = '/$discovery/rest';

export function addPerspective(app: App): void {
  mount(app, 'analyze', analyze);
  mount(app, 'suggestscore', suggestScore);
  app.get(DISCOVERY, (c) => {
    c.set('route', DISCOVERY);
    const version = c.req.query('version') ?? 'v1alpha1';
    if (version === 'v1alpha1') return c.json(describePerspective(publicAddress(c, c.var.service.config)));
    return refuse(c, new ProblemError('not_found', 'The one version here is v1alpha1.'));
  });
}

function mount(app: App, verb: string, answer: (c: AppContext) => Promise<unknown>): void {
  const path = `/v1alpha1/comments:${verb}`;
  app.post(path, async (c) => {
    c.set('route', path);
    try {
      return c.json(await answer(c), 200);
    } catch (error) {
      return refuse(c, error);
    }
  });
}

async function analyze(c: AppContext): Promise<unknown> {
  const actor = await authorise(c, 'submit');
  const { data } = await readData(c, BODY_LIMIT_BYTES, false);
  const body = validate(analyzeBody, data);
  requireSpamAlone(Object.keys(body.requestedAttributes));
  const site = await resolveSite(c, actor);
  const { spamProbability: value } = judgeText(c.var.service, site, { content: body.comment.text });
  if (value === null) throw new ProblemError('unavailable', 'The text could not be scored.');
  const score = { value, type: 'PROBABILITY' };
  const spans = [{ begin: 0, end: [...body.comment.text].length, score }];
  const threshold = body.requestedAttributes.SPAM?.scoreThreshold ?? 0;
  return {
    attributeScores: value < threshold ? {} : { SPAM: { spanScores: spans, summaryScore: score } },
    languages: body.languages,
    detectedLanguages: [],
    ...(body.clientToken !== undefined && { clientToken: body.clientToken }),
  };
}

async function suggestScore(c: AppContext): Promise<unknown> {
  const actor = await authorise(c, 'train');
  const { data } = await readData(c, BODY_LIMIT_BYTES, false);
  const body = validate(suggestBody, data);
  requireSpamAlone(Object.keys(body.attributeScores));
  const value = body.attributeScores.SPAM?.summaryScore.value ?? 0;
  const site = await resolveSite(c, actor);
  const label = value >= 0.5 ? 'spam' : 'ham';
  const sample = { content: body.comment.text, label, authorName: null, authorUrl: null } as const;
  await addSamples(c.var.service, site.id, actor, 'perspective', [sample]);
  return {
    requestedLanguages: body.languages,
    detectedLanguages: [],
    ...(body.clientToken !== undefined && { clientToken: body.clientToken }),
  };
}

function requireSpamAlone(attributes: readonly string[]): void {
  if (attributes.length === 1 && attributes[0] === 'SPAM') return;
  throw new ProblemError('invalid', 'Ask for the attribute SPAM and no other: no other is scored here.');
}

/** Public keys may not ask: a spammer would read the probability of every wording from the page. */
async function authorise(c: AppContext, scope: Scope): Promise<Actor> {
  const actor = await authenticatePerspective(c, scope);
  await limitRate(c, actor);
  if (!hasScope(actor, scope) || (await isPublicKey(c, actor))) {
    throw new ProblemError('forbidden', `This needs a secret key with the scope “${scope}”.`);
  }
  c.set('actor', actor);
  return actor;
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** What Google's clients expect of an error; ours has its code in `details`. */
function refuse(c: AppContext, error: unknown): Response {
  const problem = toProblem(error);
  const own = problemStatus(problem.code);
  const status = own in STATUS_WORDS ? own : 400;
  const fields = problem instanceof ProblemError ? problem.errors : [];
  const message = [problem.message, ...fields.map(({ pointer, detail }) => `${pointer}: ${detail}`)].join(
    ' ',
  );
  const reason = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: problem.code };
  const body = { error: { code: status, message, status: STATUS_WORDS[status], details: [reason] } };
  return c.json(body, status, problem instanceof ProblemError ? problem.headers : {});
}
