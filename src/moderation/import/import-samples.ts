/** Labelled comments, without what they stood under: JSON, CSV, what natural saved, and lists of wp-cli. */
import { z } from 'zod';
import type { Label } from '../../core/comment.ts';
import { isBlank, MAX_NAME_CHARACTERS } from '../site/storable-text.ts';
import { createRowReader } from './formats/json-rows.ts';
import { parseObjects } from './formats/objects.ts';
import {
  cleanText,
  cleanUrl,
  contentFault,
  type ImportedNothing,
  type ImportedRecord,
  ImportFormatError,
  type ImportParser,
  refused,
} from './import-record.ts';

/** `content` and `label` with the names of ours, or those of `wp comment list`. */
export const sampleRow = z.object({
  content: z.string().optional(),
  text: z.string().optional(),
  comment_content: z.string().optional(),
  label: z.string().optional(),
  comment_approved: z.union([z.string(), z.number()]).optional(),
  comment_type: z.string().optional(),
  author_name: z.string().nullish(),
  author: z.string().nullish(),
  comment_author: z.string().nullish(),
  author_url: z.string().nullish(),
  comment_author_url: z.string().nullish(),
});
type SampleRow = z.infer<typeof sampleRow>;

export function toSample(row: SampleRow, line: number): ImportedRecord {
  const label = readLabel(row, line);
  if (typeof label === 'object') return label;
  const content = row.content ?? row.text ?? row.comment_content ?? '';
  const fault = contentFault(isBlank(content) ? '' : content);
  if (fault) return refused(line, fault.code, fault.detail);
  return {
    kind: 'sample',
    line,
    content: content.toWellFormed(),
    label,
    authorName:
      cleanText(row.author_name ?? row.author ?? row.comment_author ?? '', MAX_NAME_CHARACTERS) || null,
    authorUrl: cleanUrl(row.author_url ?? row.comment_author_url ?? null),
  };
}

const label = z.enum(['ham', 'spam']);
/** WordPress's statuses that tell no label. */
const UNDECIDED = /^(0|hold|trash|post-trashed)$/;

function readLabel(row: SampleRow, line: number): Label | ImportedNothing {
  const type = row.comment_type ?? '';
  if (type !== '' && type !== 'comment') {
    return passOver(line, 'not_a_comment', `It is a ${type.slice(0, 30)}.`);
  }
  const status = String(row.comment_approved ?? '').trim();
  if (row.label === undefined && UNDECIDED.test(status)) {
    return passOver(line, 'not_decided', 'Its status tells neither ham nor spam.');
  }
  const told = row.label?.trim().toLowerCase() ?? (/^(1|approved?)$/.test(status) ? 'ham' : status);
  const read = label.safeParse(told);
  return read.success ? read.data : refused(line, 'unknown_label', 'A label is “spam” or “ham”.');
}

function passOver(line: number, code: string, detail: string): ImportedNothing {
  return { kind: 'passed_over', line, code, detail };
}

/** `{content|text, label, author_name?|author?, author_url?}`, or with the names of `wp comment list --format=json`. */
export const parseSampleLines = parseObjects(sampleRow, toSample);

const naturalDocument = z.looseObject({
  label: z.string(),
  text: z.union([z.string(), z.array(z.string())]),
});

/**
 * A BayesClassifier that natural saved. It keeps what it was trained on, as stems: each document becomes a sample, so
 * that the training here weighs it like any other and measures what it is worth. Its counts are not taken over: they
 * count documents by presence, over other features.
 */
export function parseNatural(records: ImportedRecord[]): ImportParser {
  let documents = 0;
  const fault = (): never => {
    throw new ImportFormatError('this is not a BayesClassifier with its documents in JSON');
  };
  const row = (value: object) => {
    const parsed = naturalDocument.safeParse(value);
    if (!parsed.success) return fault();
    const { text, label } = parsed.data;
    const stems = Array.isArray(text) ? text.join(' ') : text;
    documents += 1;
    records.push(toSample({ content: stems, label }, documents));
  };
  const reader = createRowReader({ row, fault }, true);
  return {
    write: reader.write,
    end: () => {
      reader.end();
      if (documents === 0) fault();
    },
  };
}
