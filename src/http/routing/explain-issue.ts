/** Explains what is wrong with a field: where, a stable code, and what to send instead. */
import { z } from '@hono/zod-openapi';

type Issue = z.core.$ZodIssue;

/** What a newcomer calls a field, and what it is called here. */
const OTHER_NAMES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    article: ['post'],
    body: ['content'],
    comment: ['content'],
    mail: ['author_email', 'email'],
    message: ['content'],
    text: ['content'],
    website: ['author_url', 'url'],
  }),
);

/**
 * What to do about an issue, as an instruction. A schema's own text is kept; zod's default texts, which name types and
 * operators, are replaced.
 *
 * @example
 * explainIssue({ code: 'too_big', origin: 'string', maximum: 5, message: 'Too big: …', path: [] }) // 'Send at most 5 characters.'
 */
export function explainIssue(issue: Issue): string {
  if (!/^(Invalid |Too (big|small): |Unrecognized )/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_value':
      return `Send ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}.`;
    case 'invalid_type':
      return `Send ${TYPES.get(issue.expected) ?? 'another type of value'}.`;
    case 'too_big':
      return `Send ${issue.inclusive === false ? 'less than' : 'at most'} ${amountOf(issue.maximum, issue.origin)}.`;
    case 'too_small':
      return `Send ${issue.inclusive === false ? 'more than' : 'at least'} ${amountOf(issue.minimum, issue.origin)}.`;
    case 'invalid_format':
      return FORMATS.get(issue.format) ?? 'Send this value in the documented form: see /docs.';
    case 'invalid_union':
      return 'Send one of the documented forms of this value: see /docs.';
    default:
      return 'Send this value as documented: see /docs.';
  }
}

const TYPES = new Map<string, string>([
  ['array', 'a list: […]'],
  ['boolean', 'true or false'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['object', 'a JSON object: {…}'],
  ['record', 'a JSON object: {…}'],
  ['string', 'a text in quotes'],
]);

const FORMATS = new Map<string, string>([
  ['email', 'Send an e-mail address, such as ada@example.org.'],
  ['datetime', 'Send a time such as 2026-11-01T00:00:00Z.'],
  ['url', 'Send an address that begins with https:// or http://.'],
  ['uuid', 'Send an id as the service gave it.'],
]);

const UNITS = new Map<string, readonly [one: string, many: string]>([
  ['array', ['entry', 'entries']],
  ['string', ['character', 'characters']],
]);

function amountOf(limit: number | bigint, origin: string): string {
  const units = UNITS.get(origin);
  if (!units) return String(limit);
  return `${limit} ${units[limit === 1 ? 0 : 1]}`;
}

/**
 * What to do about a field that the schema does not have.
 *
 * @param known the fields that it has at this place.
 * @example
 * explainUnknown('name', ['author_name', 'content']) // 'This field is not known: did you mean author_name?'
 */
export function explainUnknown(name: string, known: readonly string[]): string {
  const meant = findSimilar(name, known);
  if (meant !== null) return `This field is not known: did you mean ${meant}?`;
  if (name === 'site') return 'Name the site in the query instead: ?site=SLUG.';
  return 'This field is not known: leave it out.';
}

/** The known name that was most likely meant; null when none is near. */
export function findSimilar(name: string, known: readonly string[]): string | null {
  const plain = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  const named = known.find((one) => one === plain || OTHER_NAMES.get(plain)?.includes(one));
  if (named !== undefined) return named;
  const longer = known.filter((one) => one.endsWith(`_${plain}`) || one.startsWith(`${plain}_`));
  if (longer[0] !== undefined && plain.length > 1) return longer[0];
  const near = known
    .map((one) => ({ one, distance: editDistance(plain, one) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.max(1, Math.floor(plain.length / 4)) ? near.one : null;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) from one text to another. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const [before = [], twoBefore = []] = [rows[i - 1], rows[i - 2]];
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const steps = [(before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + cost];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) steps.push((twoBefore[j - 2] ?? 0) + 1);
      row.push(Math.min(...steps));
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? Number.POSITIVE_INFINITY;
}

/** The fields that a schema has at a path of the data; none where it takes no object. */
export function listFields(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const [step, ...rest] = path;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) {
    return inner.options.flatMap((option) => listFields(option, path));
  }
  if (inner instanceof z.ZodArray) return typeof step === 'number' ? listFields(inner.element, rest) : [];
  if (!(inner instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
  if (step === undefined) return Object.keys(shape);
  const field = shape[String(step)];
  return field === undefined ? [] : listFields(field, rest);
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  const wrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}
