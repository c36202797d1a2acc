/** The bytes of an uploaded file as text. */
import { setImmediate as breathe } from 'node:timers/promises';
import { ImportFormatError } from './import-record.ts';

/** Parsed in one go: some milliseconds, in which nobody gets an answer, nor the next batch to the database. */
export const PIECE_BYTES = 32 * 1024;
/** A small file may unpack to anything: beyond this it is no export. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024 * 1024;
/** Exports unpack to some ten times their size. */
const MAX_RATIO = 200;
const MAX_UNMEASURED_BYTES = 64 * 1024 * 1024;

/**
 * The text of a stream of bytes, unpacked when it begins like gzip. Between two pieces of it others get a turn: the parts
 * of a file wait for nothing, and neither a request nor the answer of the database would come in between.
 *
 * @throws {ImportFormatError} when it is damaged, or neither UTF-8, UTF-16 with its mark, nor what XML says of itself.
 */
export async function* readText(source: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decode = createDecoder();
  let packed = 0;
  let bytes = 0;
  try {
    for await (const chunk of await unpack(source, (length) => {
      packed += length;
    })) {
      bytes += chunk.length;
      if (bytes > MAX_TEXT_BYTES) throw new ImportFormatError('it unpacks to more than 16 GiB');
      if (bytes > packed * MAX_RATIO + MAX_UNMEASURED_BYTES) {
        throw new ImportFormatError(`it unpacks to more than ${MAX_RATIO} times its size`);
      }
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        yield decode(chunk.subarray(at, at + PIECE_BYTES), false);
        await breathe();
      }
    }
    yield decode(new Uint8Array(), true);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new ImportFormatError('it is not UTF-8: save it as that');
    if (/^(Z_|ERR_.*ZLIB)/.test(code)) throw new ImportFormatError('it is damaged gzip');
    throw error;
  }
}

type Decoder = InstanceType<typeof TextDecoder>;

const DECLARED = /^\s*<\?xml[^>]*\sencoding=["']([\w.:-]+)["']/;

/**
 * UTF-8 until that fails, and from there what the XML says of itself: WordPress writes UTF-8 also where it declares the
 * Latin-1 of an old database.
 */
function createDecoder(): (piece: Uint8Array, last: boolean) => string {
  let decoder: Decoder | null = null;
  let declared: Decoder | null = null;
  /** The end of the last piece, where a letter may have begun. */
  let open: Uint8Array = new Uint8Array();
  return (piece, last) => {
    if (decoder === null && piece.length > 0) {
      decoder = new TextDecoder(unicodeOf(piece), { fatal: true });
      declared = declaredDecoder(piece);
    }
    if (decoder === null) return '';
    try {
      const text = decoder.decode(piece, { stream: !last });
      open = openLetter(piece);
      return text;
    } catch (error) {
      if (declared === null) throw error;
      const rest = open;
      [decoder, declared, open] = [declared, null, new Uint8Array()];
      return decoder.decode(rest, { stream: true }) + decoder.decode(piece, { stream: !last });
    }
  };
}

function unicodeOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function declaredDecoder(piece: Uint8Array): Decoder | null {
  const name = DECLARED.exec(new TextDecoder('latin1').decode(piece.subarray(0, 200)))?.[1];
  try {
    return name === undefined || /^utf/i.test(name) ? null : new TextDecoder(name, { fatal: true });
  } catch {
    return null;
  }
}

/** The bytes of a letter of UTF-8 that the piece ends in the middle of. */
function openLetter(piece: Uint8Array): Uint8Array {
  for (let length = 1; length <= Math.min(3, piece.length); length++) {
    const byte = piece[piece.length - length] ?? 0;
    if (byte < 0x80) break;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (whole > 0) return whole > length ? piece.slice(piece.length - length) : new Uint8Array();
  }
  return new Uint8Array();
}

async function unpack(
  source: ReadableStream<Uint8Array>,
  onRead: (bytes: number) => void,
): Promise<AsyncIterable<Uint8Array>> {
  const reader = source.getReader();
  const first = await reader.read();
  onRead(first.value?.length ?? 0);
  const rest = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (first.value) controller.enqueue(first.value);
    },
    pull: async (controller) => {
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
        return;
      }
      onRead(value.length);
      controller.enqueue(value);
    },
  });
  const gzip = first.value?.[0] === 0x1f && first.value[1] === 0x8b;
  return gzip ? rest.pipeThrough(new DecompressionStream('gzip')) : rest;
}
