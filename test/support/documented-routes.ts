/** The routes of the OpenAPI document, with what each takes for sound: so that a test can sweep over all of them. */
import type { Scope } from '../../src/moderation/actor.ts';
import type { Client } from './client.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
}

interface Operation {
  readonly summary?: string;
  readonly security: readonly { readonly bearer?: readonly Scope[]; readonly session?: readonly string[] }[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DocumentedRoute extends Operation {
  readonly method: string;
  readonly path: string;
  /** `GET /v1/queue` */
  readonly name: string;
  /** What a key needs; undefined where none is asked for. */
  readonly scope: Scope | undefined;
  /** Any of them will do; the first is `scope`. */
  readonly scopes: readonly Scope[];
  /** Whether it takes a body of JSON. */
  readonly json: boolean;
  /** Whether `?site=` names the site. */
  readonly ofSite: boolean;
  /** The query that it needs, such as `post=x`. */
  readonly query: string;
  /** A body that it takes, and its media type; undefined: none. */
  readonly body: { readonly value: unknown; readonly mediaType: string } | undefined;
}

export const NOBODY = '00000000-0000-7000-8000-000000000000';

/** What no schema can say: either of two fields, slugs, a list that is not empty. */
const OWN_BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/decisions': { decision: 'spam', ids: [NOBODY] },
  'POST /v1/keys': { scopes: ['read'] },
  'POST /v1/webhooks': { url: 'https://news.example/hook', events: ['comment.held'] },
  'PUT /v1/coral': { signing_secrets: ['0123456789abcdef'] },
  'DELETE /v1/queue/claims': { ids: [NOBODY] },
};

export async function readDocumentedRoutes(client: Client): Promise<DocumentedRoute[]> {
  const { body: document } = await client.get<Document>('/openapi.json');
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, operation]) => readRoute(document, verb, path, operation)),
  );
}

function readRoute(document: Document, verb: string, path: string, operation: Operation): DocumentedRoute {
  const method = verb.toUpperCase();
  const name = `${method} ${path}`;
  const { parameters = [], requestBody, security } = operation;
  const query = new URLSearchParams();
  for (const { in: place, name, required, schema } of parameters) {
    if (place === 'query' && required) query.set(name, String(makeExample(document, schema)));
  }
  const [[mediaType, content] = []] = Object.entries(requestBody?.content ?? {});
  const value = content && (OWN_BODIES[name] ?? makeExample(document, content.schema));
  return {
    ...operation,
    method,
    path,
    name,
    scope: security[0]?.bearer?.[0],
    scopes: security.flatMap(({ bearer = [] }) => bearer),
    json: 'application/json' in (requestBody?.content ?? {}),
    ofSite: parameters.some((parameter) => parameter.in === 'query' && parameter.name === 'site'),
    query: query.toString(),
    body: mediaType === undefined ? undefined : { value, mediaType },
  };
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: NOBODY,
  email: 'reader@example.org',
  uri: 'https://news.example/',
  'date-time': '2026-03-01T12:00:00Z',
};

/** The least that a schema takes: required properties alone. */
function makeExample(document: Document, schema: Schema): unknown {
  if (schema.$ref !== undefined) {
    return makeExample(document, document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  }
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return makeExample(document, schema.anyOf[0] ?? {});
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 0, 0);
  if (type === 'array') return [makeExample(document, schema.items ?? {})];
  if (type !== 'object') return BY_FORMAT[schema.format ?? ''] ?? 'example';
  const needed = (schema.required ?? []).map((name) => [name, schema.properties?.[name] ?? {}] as const);
  return Object.fromEntries(
    needed
      .filter(([, property]) => property.default === undefined)
      .map(([name, property]) => [name, makeExample(document, property)]),
  );
}

/** Asks a route what its document takes. `path` has the parameters filled in. */
export function askRoute(client: Client, route: DocumentedRoute, path: string, query = '') {
  const search = [route.query, query].filter((part) => part !== '').join('&');
  const { body } = route;
  return client.call<{ code: string; status: number }>(
    route.method,
    search === '' ? path : `${path}?${search}`,
    {
      ...(body && { body: body.value, headers: { 'content-type': body.mediaType } }),
    },
  );
}
