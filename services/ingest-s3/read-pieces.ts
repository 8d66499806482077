import { isUtf8 } from 'node:buffer';
import type { Payload } from '../../shared/events/decode.ts';
import { isBlank, type Piece, type Splitter, Unreadable } from './pieces.ts';
import { arraySplitter } from './split-array.ts';
import { lineSplitter } from './split-lines.ts';

export interface ReadLimits {
  /** The beginning of a file that is looked at to tell what it is; a file that is one document fits into it. */
  headBytes: number;
  /** One line or one element. */
  pieceBytes: number;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Cuts the text of a file into its pieces: one JSON document, the elements of a JSON array, or lines of JSON. Which of
 * them it is shows in its beginning. Throws `Unreadable` for anything else, and where the file breaks off. A file that is
 * no larger than its beginning is refused as a whole or not at all.
 */
export async function* readPieces(text: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<Piece> {
  const iterator = text[Symbol.asyncIterator]();
  try {
    const { head, isWhole } = await readHead(iterator, limits.headBytes);
    const form = formOf(head, isWhole, limits);
    if (form === 'document') return yield { index: 0, place: 'the document', bytes: head };
    const splitter = splitterOf(form, limits);
    yield* splitter.push(head);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield* splitter.push(next.value);
    yield* splitter.end();
  } finally {
    await iterator.return?.();
  }
}

async function readHead(iterator: AsyncIterator<Uint8Array>, bytes: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size <= bytes) {
    const next = await iterator.next();
    if (next.done) return { head: Buffer.concat(chunks), isWhole: true };
    chunks.push(next.value);
    size += next.value.length;
  }
  return { head: Buffer.concat(chunks), isWhole: false };
}

type Form = 'document' | 'array' | 'lines';

const splitterOf = (form: 'array' | 'lines', { pieceBytes }: ReadLimits): Splitter =>
  form === 'array' ? arraySplitter(pieceBytes) : lineSplitter(pieceBytes);

function formOf(head: Buffer, isWhole: boolean, limits: ReadLimits): Form {
  const first = head.find((byte) => !BLANKS.has(byte));
  const array = first === BRACKET && isWhole ? arrayFault(head, limits) : undefined;
  if (first === BRACKET && array === undefined) return 'array';
  if (first === BRACE && isWhole && !isObject(firstLine(head)) && isObject(head)) return 'document';
  if (hasObjectLine(head, limits)) return 'lines';
  throw array ?? faultOf(head, isWhole, limits);
}

function faultOf(head: Buffer, isWhole: boolean, { headBytes }: ReadLimits): Unreadable {
  if (isBlank(head) && isWhole) return new Unreadable('empty', 'a file without content');
  if (!isUtf8(head) && isWhole)
    return new Unreadable('not-utf8', `${head.length} bytes that are neither text nor gzip`);
  const expected = 'expected a JSON document, a JSON array or lines of JSON, gzipped or not';
  return new Unreadable('not-json', isWhole ? expected : `${expected}, found none in the first ${headBytes} bytes`);
}

const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Lines that are looked at: what is no JSON for so long is none. */
const LOOKED_AT = 1_000;

function hasObjectLine(head: Uint8Array, { pieceBytes }: ReadLimits): boolean {
  const splitter = lineSplitter(pieceBytes);
  const found = (pieces: Iterable<Piece>) => {
    for (const { bytes, index } of pieces) {
      if (isObject(bytes)) return true;
      if (index >= LOOKED_AT) return false;
    }
    return false;
  };
  try {
    return found(splitter.push(head)) || found(splitter.end());
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

function arrayFault(head: Uint8Array, { pieceBytes }: ReadLimits): Unreadable | undefined {
  const splitter = arraySplitter(pieceBytes);
  try {
    for (const _ of splitter.push(head));
    for (const _ of splitter.end());
    return undefined;
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function firstLine(head: Buffer): Uint8Array {
  const start = head.indexOf(BRACE);
  const end = head.indexOf('\n', start);
  return head.subarray(start, end < 0 ? head.length : end);
}

function isObject(bytes: Uint8Array): boolean {
  const text = bytes[0] === undefined || !isUtf8(bytes) ? '' : Buffer.from(bytes).toString('utf8').trim();
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The JSON of a piece, or why it is none. */
export function payloadOf({
  bytes,
}: Piece): { ok: true; payload: Payload } | { ok: false; code: string; reason: string } {
  if (!isUtf8(bytes)) return { ok: false, code: 'not-utf8', reason: 'it is not UTF-8' };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').trim();
  try {
    return { ok: true, payload: { json: JSON.parse(text), text } };
  } catch (error) {
    return { ok: false, code: 'not-json', reason: reasonOf(error) };
  }
}

/** V8 quotes what it could not parse: the payload itself stands beside the reason. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'it cannot be parsed';
  return message.length > 200 ? `${message.slice(0, 199)}…` : message;
}
