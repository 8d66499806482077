/**
 * How large an event may be, in bytes of UTF-8 unless said otherwise. What is over is cut and marked, see `cutText`.
 * `event`, `details` and `attributes` are measured as JSON text, because that is how they travel.
 */
export const LIMITS = {
  message: 64 * 1024,
  /** details and attributes together */
  extras: 128 * 1024,
  event: 256 * 1024,
  errorMessage: 16 * 1024,
  stack: 32 * 1024,
} as const;

/** The short fields, in UTF-16 units as JavaScript and the schema count them. */
export const LENGTHS = {
  id: 256,
  type: 64,
  source: 256,
  locator: 256,
  traceId: 64,
  spanId: 32,
  errorType: 256,
} as const;

/**
 * How many levels JSON may nest. JSON.parse reads any depth, but JSON.stringify of Node 24 overflows the stack somewhere
 * between 3,000 and 5,000 levels: what nobody can write again must not go on.
 */
export const MAX_DEPTH = 1_000;

/** A text this short holds no field over its limit in bytes: three bytes a character, and the smallest limit is 16 KiB. */
export const NEVER_LARGE_CHARACTERS = 5_000;

export interface CutText {
  text: string;
  cut: boolean;
}

/** Long enough for `… [cut 9007199254740991 bytes]`. */
const MARKER_BYTES = 40;

export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** The end of the last whole code point that ends at or before `index`. */
function boundary(text: string, index: number): number {
  const before = text.charCodeAt(index - 1);
  const splits = before >= 0xd800 && before <= 0xdbff && index < text.length;
  return splits ? index - 1 : index;
}

function bytesOfUnit(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  // Half of a surrogate pair: four bytes for two units.
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
}

/** The longest prefix of at most `maxBytes` that ends at a code point boundary. */
function prefixOf(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  while (end < text.length) {
    bytes += bytesOfUnit(text.charCodeAt(end));
    if (bytes > maxBytes) break;
    end++;
  }
  return text.slice(0, boundary(text, end));
}

/**
 * Cuts a text to at most `maxBytes` bytes of UTF-8, the marker `… [cut N bytes]` included, exactly at a code point
 * boundary. N counts what was taken away. A limit too small for the marker gives the bare prefix.
 */
export function cutText(text: string, maxBytes: number): CutText {
  // A UTF-16 unit takes three bytes at most.
  if (text.length * 3 <= maxBytes) return { text, cut: false };
  const bytes = utf8Bytes(text);
  if (bytes <= maxBytes) return { text, cut: false };
  if (maxBytes < MARKER_BYTES) return { text: prefixOf(text, Math.max(0, maxBytes)), cut: true };
  const kept = prefixOf(text, maxBytes - MARKER_BYTES);
  return { text: `${kept}… [cut ${bytes - utf8Bytes(kept)} bytes]`, cut: true };
}

/** Cuts a short field to at most `maxUnits` UTF-16 units, an ellipsis included, at a code point boundary. */
export function cutUnits(text: string, maxUnits: number): CutText {
  if (text.length <= maxUnits) return { text, cut: false };
  return { text: `${text.slice(0, boundary(text, maxUnits - 1))}…`, cut: true };
}
