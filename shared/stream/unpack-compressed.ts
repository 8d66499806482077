/** The outcome of decompressing one record. */
export type Decompressed =
  | { ok: true; data: Uint8Array }
  | { ok: false; code: 'too-large' | 'bad-compression'; reason: string };

interface Options {
  maxOutputLength: number;
  info: true;
}
/** What node:zlib answers with `info: true`; the types of Node do not say so. */
interface WithInfo {
  buffer: Buffer;
  engine: { bytesWritten: number };
}
type DecompressSync = (data: Uint8Array, options: Options) => WithInfo;

interface Codec {
  name: string;
  magic: readonly number[];
  decompress: () => DecompressSync;
}

/** Loaded with the first compressed record: it takes longer than all of this file. */
const zlib = () => process.getBuiltinModule('node:zlib');

/** One row a format. Sources: RFC 1952, section 2.3.1; RFC 8878, section 3.1.1. */
const CODECS: readonly Codec[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], decompress: () => zlib().gunzipSync as unknown as DecompressSync },
  {
    name: 'zstd',
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    decompress: () => zlib().zstdDecompressSync as unknown as DecompressSync,
  },
];

/** The codec whose magic bytes the data begins with. */
export function codecOf(data: Uint8Array): Codec | undefined {
  for (const codec of CODECS) {
    if (data[0] === codec.magic[0] && codec.magic.every((byte, index) => data[index] === byte)) return codec;
  }
  return undefined;
}

/** gzip of Node reads all members in one go, zstd stops after each frame: go on until all of the input is read. */
function decompressAll(codec: Codec, data: Uint8Array, maxBytes: number): Uint8Array {
  const parts: Buffer[] = [];
  let room = maxBytes;
  for (let at = 0; at < data.length; ) {
    // maxOutputLength of 0 is not allowed: one byte too many shows in the sum.
    const { buffer, engine } = codec.decompress()(data.subarray(at), {
      maxOutputLength: Math.max(1, room),
      info: true,
    });
    parts.push(buffer);
    room -= buffer.length;
    at += engine.bytesWritten;
    if (room < 0 || engine.bytesWritten === 0) throw new RangeError('over the limit');
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/** Decompresses all members of the data, to `maxBytes` at most together. Never throws. */
export function decompress(codec: Codec, data: Uint8Array, maxBytes: number): Decompressed {
  try {
    return { ok: true, data: decompressAll(codec, data, maxBytes) };
  } catch (error) {
    const isOver = error instanceof RangeError;
    if (isOver) return { ok: false, code: 'too-large', reason: `${codec.name} unpacks to more than ${maxBytes} bytes` };
    const cause = error instanceof Error ? error.message : 'unknown';
    return { ok: false, code: 'bad-compression', reason: `${codec.name} cannot be unpacked: ${cause}` };
  }
}
