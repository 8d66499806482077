/** A hash has 53 bits. */
const BYTES = 7;
const LOW_BYTES = 4;
const LOW = 2 ** 32;

/** Event-id hashes as bytes and back: 7 bytes each, whole numbers, little-endian. */
export function hashesToBytes(hashes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * BYTES);
  for (const [index, hash] of hashes.entries()) write(bytes, hash, { at: index * BYTES, width: BYTES });
  return bytes;
}

export function hashesFromBytes(bytes: Uint8Array): number[] {
  const count = Math.floor(bytes.byteLength / BYTES);
  return Array.from({ length: count }, (_, index) => read(bytes, { at: index * BYTES, width: BYTES }));
}

/**
 * Hashes whose order tells nothing: ascending, each as its distance to the one before, in as many bytes as the longest
 * distance takes, which the first byte says. Of 200 hashes and more that is 6 bytes each.
 */
export function sortedToBytes(hashes: readonly number[]): Uint8Array {
  const sorted = Float64Array.from(hashes).sort();
  const distances = sorted.map((hash, index) => hash - (sorted[index - 1] ?? 0));
  const width = widthOf(distances.reduce((most, distance) => Math.max(most, distance), 0));
  const bytes = new Uint8Array(1 + distances.length * width);
  bytes[0] = width;
  for (const [index, distance] of distances.entries()) write(bytes, distance, { at: 1 + index * width, width });
  return bytes;
}

export function sortedFromBytes(bytes: Uint8Array): number[] {
  const width = bytes[0] ?? 1;
  let hash = 0;
  return Array.from({ length: Math.floor((bytes.byteLength - 1) / width) }, (_, index) => {
    hash += read(bytes, { at: 1 + index * width, width });
    return hash;
  });
}

function widthOf(value: number): number {
  let width = 1;
  while (value >= 2 ** (8 * width)) width++;
  return width;
}

interface Place {
  at: number;
  /** Bytes. */
  width: number;
}

/** Bits end at 32 where JavaScript shifts, so the low four bytes and the others are apart. */
function write(bytes: Uint8Array, value: number, { at, width }: Place): void {
  const low = value >>> 0;
  const high = (value - low) / LOW;
  for (let byte = 0; byte < width; byte++) {
    bytes[at + byte] = byte < LOW_BYTES ? low >>> (8 * byte) : high >>> (8 * (byte - LOW_BYTES));
  }
}

function read(bytes: Uint8Array, { at, width }: Place): number {
  let value = 0;
  for (let byte = width - 1; byte >= 0; byte--) value = value * 256 + (bytes[at + byte] as number);
  return value;
}

/** As the first deployments stored hashes: doubles of 8 bytes. */
export function hashesFromDoubles(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength >> 3 }, (_, index) => view.getFloat64(index * 8, true));
}
