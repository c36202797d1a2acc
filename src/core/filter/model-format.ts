/**
 * The bytes of a model: "LARF", format version, checksum, a JSON header, and the counts.
 *
 * Only buckets that were seen are written: the distance to the one before, then both counts, as variable-length
 * integers. 7 bits a byte, low ones first.
 */
import { z } from 'zod';
import {
  BUCKETS,
  COUNTED_BUCKETS,
  COUNTED_GROUPS,
  GROUP_BASES,
  GROUP_BITS,
} from '../features/feature-groups.ts';
import type { Corrections } from './corrections.ts';
import { createCounts, type FeatureCounts } from './counts.ts';
import { createModel, MODEL_FORMAT_VERSION, type Model } from './model.ts';

/** Bytes that are no model of this format. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError';
}

/** No model is larger: 64 MiB. Refused before anything is read. */
export const MAX_MODEL_BYTES = 64 * 1024 * 1024;
const MAGIC = 0x4652414c;
const PREFIX_BYTES = 20;
const MAX_COUNT = 0xffff_ffff;
/** 1,000 log-odds: far more than any fit gives. */
const MAX_CORRECTION = 2 * 4_096 * 1_000;

const share = z.number().min(0).max(1);
const whole = z.number().int().min(0);
const thresholdPair = z.object({ ham: z.number().min(0), spam: z.number().min(0) });
const headerSchema = z.object({
  version: z.string().min(1).max(200),
  starterWeight: z.number().min(0).max(1e6),
  samples: z.object({ ham: whole, spam: whole }),
  starterSamples: z.object({ ham: whole, spam: whole }).nullable(),
  combination: z.object({ bias: z.number(), scales: z.array(z.number().min(0)).length(COUNTED_GROUPS) }),
  correctionBias: z.number().int(),
  calibration: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('platt'), slope: z.number(), intercept: z.number() }),
    z.object({
      kind: z.literal('isotonic'),
      knots: z.array(z.number()).min(1),
      logits: z.array(z.number()).min(1),
    }),
  ]),
  thresholds: thresholdPair.extend({ payload: thresholdPair }),
  bound: z
    .object({ maxHamBlocked: share, confidence: share, heldBackHam: whole, needed: whole, missing: whole })
    .nullable(),
  metrics: z.object({
    samples: whole,
    ham: whole,
    spam: whole,
    measuredHam: whole,
    measuredSpam: whole,
    measuredOn: z.enum(['held-back', 'left-out']),
    accuracy: share.nullable(),
    mcc: z.number().min(-1).max(1).nullable(),
    auc: share.nullable(),
    hamBlocked: share.nullable(),
    spamCaught: share.nullable(),
    brier: share.nullable(),
    ece: share.nullable(),
  }),
  provenance: z.record(z.string(), z.unknown()),
});

/** The bytes of a model; {@link parseModel} gives back the same model. Equal models give equal bytes. */
export function serialiseModel(model: Model): Uint8Array {
  const { version, starterWeight, counts, starter, combination, calibration, thresholds } = model;
  const header = new TextEncoder().encode(
    JSON.stringify({
      version,
      starterWeight,
      samples: { ham: counts.hamSamples, spam: counts.spamSamples },
      starterSamples: starter === null ? null : { ham: starter.hamSamples, spam: starter.spamSamples },
      combination,
      correctionBias: model.corrections.bias,
      calibration,
      thresholds,
      bound: model.bound,
      metrics: model.metrics,
      provenance: model.provenance,
    }),
  );
  const tables = [counts, ...(starter === null ? [] : [starter])];
  const corrections = packCorrections(model.corrections);
  const before = PREFIX_BYTES + header.length + corrections.length;
  const size = tables.reduce((sum, table) => sum + tableBytes(table), before);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, model.formatVersion, true);
  view.setUint32(16, header.length, true);
  bytes.set(header, PREFIX_BYTES);
  let at = PREFIX_BYTES + header.length;
  for (const table of tables) at = writeTable(table, bytes, at);
  bytes.set(corrections, at);
  const [low, high] = checksum(bytes.subarray(16));
  view.setUint32(8, low, true);
  view.setUint32(12, high, true);
  return bytes;
}

/**
 * The model in some bytes. Throws {@link ModelFormatError} when they are too many, damaged, of another format, or
 * hold figures that no training gives.
 */
export function parseModel(bytes: Uint8Array): Model {
  if (bytes.length > MAX_MODEL_BYTES)
    throw new ModelFormatError(`model of ${bytes.length} bytes is too large`);
  if (bytes.length < PREFIX_BYTES) throw new ModelFormatError('model is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new ModelFormatError('not a model');
  const formatVersion = view.getUint32(4, true);
  if (formatVersion !== MODEL_FORMAT_VERSION) {
    throw new ModelFormatError(
      `model has format ${formatVersion}, this program reads ${MODEL_FORMAT_VERSION}`,
    );
  }
  const [low, high] = checksum(bytes.subarray(16));
  if (view.getUint32(8, true) !== low || view.getUint32(12, true) !== high) {
    throw new ModelFormatError('model is damaged: its checksum does not fit');
  }
  const headerEnd = PREFIX_BYTES + view.getUint32(16, true);
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, headerEnd));
  const reader = { bytes, at: headerEnd };
  const counts = readTable(reader, header.samples);
  const starter = header.starterSamples === null ? null : readTable(reader, header.starterSamples);
  const corrections = { bias: header.correctionBias, table: readCorrections(reader) };
  if (reader.at !== bytes.length) throw new ModelFormatError('model has bytes left over');
  const { samples: _samples, starterSamples: _starterSamples, correctionBias: _bias, ...parts } = header;
  return createModel({ ...parts, counts, starter, corrections });
}

function parseHeader(bytes: Uint8Array): z.infer<typeof headerSchema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelFormatError('model has no readable header', { cause: error });
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) {
    const issue = header.error.issues[0];
    throw new ModelFormatError(`model header: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return header.data;
}

function tableBytes(counts: FeatureCounts): number {
  let size = 0;
  let entries = 0;
  let last = -1;
  for (let bucket = 0; bucket < COUNTED_BUCKETS; bucket++) {
    const ham = counts.ham[bucket];
    const spam = counts.spam[bucket];
    if (ham === 0 && spam === 0) continue;
    size += integerBytes(bucket - last) + integerBytes(ham) + integerBytes(spam);
    entries += 1;
    last = bucket;
  }
  return size + integerBytes(entries);
}

function writeTable(counts: FeatureCounts, bytes: Uint8Array, start: number): number {
  let entries = 0;
  for (let bucket = 0; bucket < COUNTED_BUCKETS; bucket++) {
    if (counts.ham[bucket] !== 0 || counts.spam[bucket] !== 0) entries += 1;
  }
  let at = writeInteger(bytes, start, entries);
  let last = -1;
  for (let bucket = 0; bucket < COUNTED_BUCKETS; bucket++) {
    const ham = counts.ham[bucket];
    const spam = counts.spam[bucket];
    if (ham === 0 && spam === 0) continue;
    at = writeInteger(bytes, at, bucket - last);
    at = writeInteger(bytes, at, ham);
    at = writeInteger(bytes, at, spam);
    last = bucket;
  }
  return at;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readTable(reader: Reader, samples: { ham: number; spam: number }): FeatureCounts {
  const counts = createCounts();
  counts.hamSamples = samples.ham;
  counts.spamSamples = samples.spam;
  let left = readInteger(reader);
  let bucket = -1;
  for (; left > 0; left--) {
    bucket += readInteger(reader);
    const ham = readInteger(reader);
    const spam = readInteger(reader);
    if (bucket >= COUNTED_BUCKETS) throw new ModelFormatError('model counts a feature outside the table');
    if (ham > samples.ham || spam > samples.spam) {
      throw new ModelFormatError('model counts a feature more often than it has samples');
    }
    counts.ham[bucket] = ham;
    counts.spam[bucket] = spam;
  }
  for (let group = 0; group < COUNTED_GROUPS; group++) {
    const start = GROUP_BASES[group];
    const end = start + 2 ** GROUP_BITS[group];
    counts.hamMass[group] = sumOf(counts.ham, start, end);
    counts.spamMass[group] = sumOf(counts.spam, start, end);
  }
  return counts;
}

/** Like the counts: how many, then distance and value, the sign in the lowest bit. */
function packCorrections({ table }: Corrections): Uint8Array {
  const entries: number[] = [];
  let last = -1;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const value = table[bucket];
    if (value === 0) continue;
    entries.push(bucket - last, value > 0 ? 2 * value : -2 * value - 1);
    last = bucket;
  }
  entries.unshift(entries.length / 2);
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + integerBytes(entry), 0));
  let at = 0;
  for (const entry of entries) at = writeInteger(bytes, at, entry);
  return bytes;
}

function readCorrections(reader: Reader): Int32Array {
  const table = new Int32Array(BUCKETS);
  let bucket = -1;
  for (let left = readInteger(reader); left > 0; left--) {
    bucket += readInteger(reader);
    if (bucket >= BUCKETS) throw new ModelFormatError('model corrects a feature outside the table');
    const packed = readInteger(reader);
    if (packed > MAX_CORRECTION) throw new ModelFormatError('model holds a correction that is too large');
    table[bucket] = packed % 2 === 0 ? packed / 2 : -(packed + 1) / 2;
  }
  return table;
}

function sumOf(table: Uint32Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) sum += table[at];
  return sum;
}

function integerBytes(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

function writeInteger(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    bytes[at] = (rest % 128) + 128;
    at += 1;
  }
  bytes[at] = rest;
  return at + 1;
}

function readInteger(reader: Reader): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 35; factor *= 128) {
    const byte = reader.bytes[reader.at];
    if (byte === undefined) throw new ModelFormatError('model is cut short');
    reader.at += 1;
    value += (byte & 127) * factor;
    if (byte < 128) {
      if (value > MAX_COUNT) break;
      return value;
    }
  }
  throw new ModelFormatError('model holds a count that is too large');
}

/** Two 32-bit FNV-like sums over 4-byte steps: finds damage, not forgery. */
function checksum(bytes: Uint8Array): [number, number] {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b) + 1;
  }
  return [low >>> 0, high >>> 0];
}
