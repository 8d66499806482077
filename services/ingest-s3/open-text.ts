import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Unreadable } from './pieces.ts';

const GZIP = [0x1f, 0x8b] as const;
const CHUNK_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * The content of a file as it comes in: gunzipped if it is gzip, without a byte order mark. Throws `Unreadable` for gzip
 * that is broken, is in gzip again, or unpacks to more than `maxBytes`, with what came before it already answered.
 */
export async function* openText(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  const file = await peek(body, GZIP.length);
  if (!beginsWith(file.head, GZIP)) return yield* withoutMark(file.chunks);
  const text = await peek(gunzip(file.chunks, maxBytes), GZIP.length);
  if (beginsWith(text.head, GZIP)) {
    await text.chunks.return(undefined);
    throw new Unreadable('nested', 'gzip in gzip: one level is unpacked');
  }
  yield* withoutMark(text.chunks);
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** The first bytes, so many if there are, and all chunks, the first of them at least so long. */
async function peek(chunks: AsyncIterable<Uint8Array>, bytes: number) {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < bytes) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  return { head, chunks: continued(head, iterator) };
}

async function* continued(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const text = await peek(chunks, BYTE_ORDER_MARK.length);
  const skipped = beginsWith(text.head, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let isFirst = true;
  for await (const chunk of text.chunks) {
    yield isFirst ? chunk.subarray(skipped) : chunk;
    isFirst = false;
  }
}

/** All members of it. */
async function* gunzip(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let packed = 0;
  const counted = async function* () {
    for await (const chunk of body) {
      packed += chunk.length;
      yield chunk;
    }
  };
  const unpacking = createGunzip({ chunkSize: CHUNK_BYTES });
  // Whatever fails, here or in the body, rejects the iteration below.
  pipeline(Readable.from(counted()), unpacking, () => undefined);
  let unpacked = 0;
  try {
    for await (const chunk of unpacking as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length;
      if (unpacked > maxBytes) throw new Unreadable('too-large', `gzip unpacks to more than ${maxBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    throw isZlibError(error) ? new Unreadable('bad-compression', `gzip cannot be unpacked: ${error.message}`) : error;
  }
  // Node ends without a word where something follows that is no gzip.
  if (unpacking.bytesWritten < packed) {
    throw new Unreadable(
      'bad-compression',
      `gzip is followed by ${packed - unpacking.bytesWritten} bytes that are none`,
    );
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
