/** Holds answers against what the OpenAPI document promises of them. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { App } from '../../src/http/routing/app-context.ts';
import { closeSchemas } from './closed-schemas.ts';

export interface Answered {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

interface Operation {
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}

interface Documented {
  readonly pattern: RegExp;
  readonly template: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

type FindFault = (answered: Answered) => string | null;

let findFault: FindFault | undefined;

/**
 * Holds an answer to the document: its status, media type, problem code and body, to the last property.
 *
 * @throws when it is not as documented. Nothing is asked of paths that the document does not have.
 */
export function holdToContract(app: App, answered: Answered): void {
  // Of the first app in the process: the routes are the same in all, and to write the document takes a while.
  findFault ??= readContract(app);
  const fault = findFault(answered);
  if (fault !== null) throw new Error(`The answer is not as the OpenAPI document says: ${fault}`);
}

function readContract(app: App): FindFault {
  const document = JSON.parse(
    JSON.stringify(app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })),
  );
  const paths: Documented[] = Object.entries<Record<string, Operation>>(document.paths)
    .map(([template, operations]) => ({
      template,
      operations,
      pattern: new RegExp(`^${template.replaceAll(/[.:]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }))
    .sort((one, other) => Number(one.template.includes('{')) - Number(other.template.includes('{')));
  const findBodyFault = readSchemas(document.components);
  return (answered) => {
    const [bare = ''] = answered.path.replace(/^https?:\/\/[^/]+/, '').split('?');
    const found = paths.find(({ pattern }) => pattern.test(bare));
    if (!found) return null;
    const where = `${answered.method} ${found.template} → ${answered.status}`;
    const operation = found.operations[answered.method.toLowerCase()];
    const fault = operation ? findAnswerFault(operation, answered, findBodyFault) : findMethodFault(answered);
    return fault === null ? null : `${where}${fault}`;
  };
}

/** HEAD is GET without a body, OPTIONS a browser's question; all else that is not documented is refused. */
function findMethodFault({ method, status }: Answered): string | null {
  return ['HEAD', 'OPTIONS'].includes(method) || status === 405 ? null : ': the method is not documented';
}

function findAnswerFault(
  { responses }: Operation,
  { status, contentType, text }: Answered,
  findBodyFault: (schema: object, body: unknown) => string | null,
): string | null {
  const answer = responses[String(status)];
  if (!answer) return ' is not documented';
  if (answer.content === undefined) return text === '' ? null : ' has a body';
  const mediaType = contentType.split(';')[0] ?? '';
  const content = answer.content[mediaType];
  if (!content) return ` is documented as ${Object.keys(answer.content)}, not ${mediaType}`;
  if (!/^application\/([a-z]+\+)?json$/.test(mediaType)) return null;
  const body = JSON.parse(text);
  const fault = findBodyFault(content.schema, body);
  if (fault !== null) return `: ${fault}`;
  const known = mediaType !== 'application/problem+json' || answer.description.includes(`\`${body.code}\``);
  return known ? null : ` with the code ${body.code} is not documented`;
}

/** Validators are compiled when they are first needed: a test file asks a few routes only. */
function readSchemas(components: object): (schema: object, body: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv2020) => void)(ajv);
  const { closed, open, closeSchema } = closeSchemas(components);
  ajv.addSchema({ $id: 'closed', components: closed });
  ajv.addSchema({ $id: 'open', components: open });
  const compiled = new Map<object, ValidateFunction>();
  return (schema, body) => {
    let validate = compiled.get(schema);
    if (!validate) {
      validate = ajv.compile(closeSchema(schema));
      compiled.set(schema, validate);
    }
    return validate(body) ? null : ajv.errorsText(validate.errors, { dataVar: '' });
  };
}
