/** A hash has 53 bits. */
const BYTES = 7;
const LOW_BYTES = 4;
const LOW = 2 ** 32;

/** Event-id hashes as bytes and back: 7 bytes each, whole numbers, little-endian. */
export function hashesToBytes(hashes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * BYTES);
  let at = 0;
  for (const hash of hashes) {
    const low = hash >>> 0;
    const high = (hash - low) / LOW;
    for (let byte = 0; byte < LOW_BYTES; byte++) bytes[at++] = low >>> (8 * byte);
    for (let byte = 0; byte < BYTES - LOW_BYTES; byte++) bytes[at++] = high >>> (8 * byte);
  }
  return bytes;
}

export function hashesFromBytes(bytes: Uint8Array): number[] {
  const at = (index: number) => bytes[index] ?? 0;
  return Array.from({ length: Math.floor(bytes.byteLength / BYTES) }, (_, index) => {
    const from = index * BYTES;
    const low = (at(from) | (at(from + 1) << 8) | (at(from + 2) << 16) | (at(from + 3) << 24)) >>> 0;
    return (at(from + 4) | (at(from + 5) << 8) | (at(from + 6) << 16)) * LOW + low;
  });
}

/** Where a table keeps hashes: `hashes` in bytes as above, or, as the first deployments wrote them, doubles of 8 bytes. */
export interface StoredHashes {
  hashes?: Uint8Array;
  doubles?: Uint8Array | undefined;
}

/** The hashes of an item, whichever deployment wrote it. */
export function storedHashes({ hashes, doubles }: StoredHashes): number[] {
  if (hashes !== undefined) return hashesFromBytes(hashes);
  return doubles === undefined ? [] : hashesFromDoubles(doubles);
}

function hashesFromDoubles(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength >> 3 }, (_, index) => view.getFloat64(index * 8, true));
}
