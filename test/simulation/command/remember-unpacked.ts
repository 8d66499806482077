import zlib from 'node:zlib';

interface Unpacked {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
type Unpack = (data: Uint8Array, options: { maxOutputLength: number; info: true }) => Unpacked;

/** What unpacks to more is not kept: bombs are among the records. */
const MOST_KEPT = 64 * 1_024;

/**
 * Node's own functions, which a record's bytes go through once instead of some five times: each consumer unpacks it, each
 * retry does, and so does the oracle. A call takes 13 µs of gzip and 37 µs of zstd, of which a run has 800: 4 % of its
 * time. All that is of the product runs each time. Nobody changes a record's bytes: mappings share them too.
 */
export function rememberUnpacked(): void {
  Object.assign(zlib, {
    gunzipSync: remembering(zlib.gunzipSync as unknown as Unpack),
    zstdDecompressSync: remembering(zlib.zstdDecompressSync as unknown as Unpack),
  });
}

/** By which bytes they are, not by what they hold: parts of an aggregate are other views of them each time. */
function remembering(unpack: Unpack): Unpack {
  const known = new WeakMap<ArrayBufferLike, Map<string, Unpacked>>();
  return (data, options) => {
    const own = known.get(data.buffer) ?? new Map<string, Unpacked>();
    known.set(data.buffer, own);
    const place = `${data.byteOffset} ${data.byteLength}`;
    const before = own.get(place);
    if (before !== undefined && before.buffer.length <= options.maxOutputLength) return before;
    const { buffer, engine } = unpack(data, options);
    // The engine itself would hold its memory.
    const unpacked = { buffer, engine: { bytesWritten: engine.bytesWritten } };
    if (buffer.length <= MOST_KEPT) own.set(place, unpacked);
    return unpacked;
  };
}
