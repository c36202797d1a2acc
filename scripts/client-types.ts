/**
 * The types of the client, written from the OpenAPI document: `npm run generate:client` after a change of a route.
 * Generators there are many; those that were looked at call the compiler API, which TypeScript 7 no longer has.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly default?: unknown;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** Whether a type is of something that is sent (defaults may be left out) or of something that comes back. */
interface Side {
  readonly isInput: boolean;
  /** What the type of a component is called on this side. */
  readonly nameOf: (component: string) => string;
}

const OUT: Side = { isInput: false, nameOf: (component) => component };

/** The text of `src/client/api-types.ts`. @throws for a schema that it cannot express. */
export function writeClientTypes(document: OpenApiDocument, problemCodes: readonly string[]): string {
  const schemas = document.components?.schemas ?? {};
  const differing = findDiffering(schemas);
  const into: Side = {
    isInput: true,
    nameOf: (component) => (differing.has(component) ? `${component}In` : component),
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => writeOperation(method, path, operation, into)),
  );
  const components = Object.entries(schemas).flatMap(([name, schema]) =>
    (differing.has(name) ? [into, OUT] : [OUT]).map(
      (side) => `export type ${side.nameOf(name)} = ${typeOf(schema, side)};\n`,
    ),
  );
  return `// Written by \`npm run generate:client\` from /openapi.json: change the routes, not this file.

/** The stable codes of problem documents. */
export type ProblemCode = ${problemCodes.map((code) => `\n  | '${code}'`).join('')};

/** What each route takes and gives. */
export interface Api {
${operations.join('')}}

${components.join('\n')}`;
}

/** The components of which something may be left out when they are sent: by a default of their own or of a part. */
function findDiffering(schemas: Readonly<Record<string, Schema>>): ReadonlySet<string> {
  const differing = new Set<string>();
  const into: Side = { isInput: true, nameOf: (component) => (differing.has(component) ? 'In' : component) };
  for (let before = -1; before < differing.size; ) {
    before = differing.size;
    for (const [name, schema] of Object.entries(schemas)) {
      if (typeOf(schema, into) !== typeOf(schema, OUT)) differing.add(name);
    }
  }
  return differing;
}

function writeOperation(method: string, path: string, operation: Operation, into: Side): string {
  const { parameters = [], requestBody, responses, summary } = operation;
  const of = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const members: string[] = [];
  if (of('path').length > 0) members.push(`path: ${object(of('path'), () => true)}`);
  // The site is an option of the client, for all of its calls.
  const query = of('query').filter(({ name }) => name !== 'site');
  if (query.length > 0) {
    const needed = query.some(({ required }) => required);
    members.push(`query${needed ? '' : '?'}: ${object(query, ({ required }) => required === true)}`);
  }
  const body = requestBody?.content;
  const json = body?.['application/json'];
  if (json) members.push(`body: ${typeOf(json.schema, into)}`);
  else if (body) members.push('body: string');
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const answers = good.map(([, { content }]) => {
    const [[mediaType, { schema }] = ['', { schema: {} }]] = Object.entries(content ?? {});
    if (content === undefined) return 'undefined';
    return mediaType === 'application/json' ? typeOf(schema, OUT) : 'string';
  });
  return `  /** ${summary} */
  '${method.toUpperCase()} ${path}': {
    in: ${members.length === 0 ? 'Record<string, never>' : `{ ${members.join('; ')} }`};
    out: ${[...new Set(answers)].join(' | ')};
  };
`;
}

function object<P extends { name: string; schema: Schema }>(
  parameters: readonly P[],
  isNeeded: (parameter: P) => boolean,
): string {
  const members = parameters.map(
    (one) => `${key(one.name)}${isNeeded(one) ? '' : '?'}: ${scalarOf(one.schema)}`,
  );
  return `{ ${members.join('; ')} }`;
}

/** What stands in an address: numbers and flags may be given as such, lists as repeated parameters. */
function scalarOf(schema: Schema): string {
  if (schema.type === 'array') return `readonly ${scalarOf(schema.items ?? {})}[]`;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  return schema.type === 'integer' || schema.type === 'number' ? 'number' : 'string';
}

function typeOf(schema: Schema, side: Side): string {
  if (schema.$ref !== undefined) return side.nameOf(schema.$ref.split('/').at(-1) ?? '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return union(choices.map((choice) => typeOf(choice, side)));
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part, side)})`).join(' & ');
  if (Array.isArray(schema.type)) {
    return union(schema.type.map((type: string) => typeOf({ ...schema, type }, side)));
  }
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map((item) => typeOf(item, side)).join(', ')}]`;
      return `(${typeOf(schema.items ?? {}, side)})[]`;
    case 'object':
      return objectOf(schema, side);
    case undefined:
      return Object.keys(schema).every((name) => ['description', 'default'].includes(name))
        ? 'unknown'
        : objectOf(schema, side);
    default:
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

function objectOf({ properties, required = [], additionalProperties }: Schema, side: Side): string {
  const members = Object.entries(properties ?? {}).map(([name, schema]) => {
    const needed = required.includes(name) && !(side.isInput && schema.default !== undefined);
    return `${key(name)}${needed ? '' : '?'}: ${typeOf(schema, side)}`;
  });
  const known = members.length === 0 ? '' : `{ ${members.join('; ')} }`;
  if (additionalProperties === undefined || additionalProperties === false) {
    return known || 'Record<string, never>';
  }
  const rest = additionalProperties === true ? {} : additionalProperties;
  // An index signature would have to cover the known members, too.
  const others = `Record<string, ${known === '' ? typeOf(rest, side) : 'unknown'}>`;
  return known === '' ? others : `${known} & ${others}`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
}
