/**
 * Schemas that refuse what they do not name. A document leaves room for properties to come; of an answer of today each
 * property has to be in it, or clients cannot know of it, and nobody sees what slips out.
 */

type Json = unknown;
type Schema = Readonly<Record<string, Json>>;

interface ClosedSchemas {
  /** The components, each refusing what it does not name. */
  readonly closed: object;
  /** The same as parts of an `allOf`, where only the whole can say what it does not name. */
  readonly open: object;
  readonly closeSchema: (schema: object) => object;
}

export function closeSchemas(components: object): ClosedSchemas {
  const { schemas = {} } = components as { readonly schemas?: Readonly<Record<string, Schema>> };
  const each = (isPart: boolean) =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, close(schema, isPart)]));
  return {
    closed: { schemas: each(false) },
    open: { schemas: each(true) },
    closeSchema: (schema) => close(schema as Schema, false) as object,
  };
}

/** @param isPart one of an `allOf`, which is closed as a whole */
function close(schema: Json, isPart: boolean): Json {
  if (Array.isArray(schema)) return schema.map((one) => close(one, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, Json> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === '$ref') copy[name] = `${isPart ? 'open' : 'closed'}${value}`;
    else if (name === 'allOf') copy[name] = (value as Json[]).map((part) => close(part, true));
    else if (name === 'properties') copy[name] = closeEach(value as Schema);
    else copy[name] = close(value, false);
  }
  const isObject = copy.type === 'object' || (Array.isArray(copy.type) && copy.type.includes('object'));
  const isWhole = (isObject && copy.properties !== undefined) || copy.allOf !== undefined;
  if (isWhole && !isPart && copy.additionalProperties === undefined) copy.unevaluatedProperties = false;
  return copy;
}

function closeEach(properties: Schema): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, close(value, false)]));
}
