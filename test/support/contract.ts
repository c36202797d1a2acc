/** Holds answers against what the OpenAPI document promises of them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createApp } from '../../src/http/app.ts';
import type { Answer, CallOptions, Client } from './client.ts';

interface Answered {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Documented {
  readonly pattern: RegExp;
  readonly template: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** What the app answers to whatever it is asked, on any path. */
const ANYWHERE = new Set([405, 500, 503]);

let contract: ((answered: Answered) => string | null) | undefined;

/** The same client; an answer that is not as the document says fails the call. */
export function holdToContract(client: Client): Client {
  const call = async <T>(method: string, path: string, options?: CallOptions): Promise<Answer<T>> => {
    const answer = await client.call<T>(method, path, options);
    const { status, body, headers } = answer;
    const contentType = headers.get('content-type') ?? '';
    const fault = findContractFault({ method, path, status, contentType, body });
    if (fault !== null) throw new Error(`The answer is not as the OpenAPI document says: ${fault}`);
    return answer;
  };
  return {
    app: client.app,
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, body, options) => call('POST', path, { ...options, body }),
    as: (key) => holdToContract(client.as(key)),
  };
}

/** What is wrong with an answer to a documented route; null when nothing is, or the route is not in the document. */
function findContractFault(answered: Answered): string | null {
  contract ??= readContract();
  return contract(answered);
}

function readContract(): (answered: Answered) => string | null {
  const app = createApp(() => {
    throw new Error('nothing is asked of it');
  });
  const document = JSON.parse(
    JSON.stringify(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })),
  );
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'api', components: document.components });
  const paths: Documented[] = Object.entries<Record<string, Operation>>(document.paths).map(
    ([template, operations]) => ({
      template,
      operations,
      pattern: new RegExp(`^${template.replaceAll(/[.:]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }),
  );
  const compiled = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const known = compiled.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
    const made = ajv.compile(JSON.parse(text));
    compiled.set(schema, made);
    return made;
  };
  return ({ method, path, status, contentType, body }) => {
    const [bare = ''] = path.replace(/^https?:\/\/[^/]+/, '').split('?');
    const found = paths
      .filter(({ pattern }) => pattern.test(bare))
      .sort((one, other) => Number(one.template.includes('{')) - Number(other.template.includes('{')))[0];
    const operation = found?.operations[method.toLowerCase()];
    if (!found || !operation || ANYWHERE.has(status)) return null;
    const where = `${method} ${found.template} → ${status}`;
    const answer = operation.responses[String(status)];
    if (!answer) return `${where} is not documented`;
    const mediaType = contentType.split(';')[0] ?? '';
    if (answer.content === undefined) return body === undefined ? null : `${where} has a body`;
    const content = answer.content[mediaType];
    if (!content) return `${where} is documented as ${Object.keys(answer.content)}, not ${mediaType}`;
    if (!/json$/.test(mediaType)) return null;
    const validate = validatorOf(content.schema);
    return validate(body) ? null : `${where}: ${ajv.errorsText(validate.errors, { dataVar: '' })}`;
  };
}
