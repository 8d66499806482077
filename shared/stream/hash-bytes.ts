/** A hash has 53 bits. */
const BYTES = 7;
const LOW_BYTES = 4;
const LOW = 2 ** 32;

/** Event-id hashes as bytes and back: 7 bytes each, whole numbers, little-endian. By loops, since every batch has hundreds. */
export function hashesToBytes(hashes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * BYTES);
  for (let index = 0; index < hashes.length; index++) {
    write(bytes, hashes[index] as number, { at: index * BYTES, width: BYTES });
  }
  return bytes;
}

export function hashesFromBytes(bytes: Uint8Array): number[] {
  const hashes: number[] = [];
  for (let at = 0; at + BYTES <= bytes.byteLength; at += BYTES) hashes.push(read(bytes, { at, width: BYTES }));
  return hashes;
}

/**
 * Hashes whose order tells nothing: ascending, each as its distance to the one before, in as many bytes as the longest
 * distance takes, which the first byte says. Of 200 hashes and more that is 6 bytes each.
 */
export function sortedToBytes(hashes: readonly number[]): Uint8Array {
  const sorted = Float64Array.from(hashes).sort();
  const distanceAt = (index: number) => (sorted[index] as number) - (sorted[index - 1] ?? 0);
  let longest = 0;
  for (let index = 0; index < sorted.length; index++) longest = Math.max(longest, distanceAt(index));
  const width = widthOf(longest);
  const bytes = new Uint8Array(1 + sorted.length * width);
  bytes[0] = width;
  for (let index = 0; index < sorted.length; index++) write(bytes, distanceAt(index), { at: 1 + index * width, width });
  return bytes;
}

export function sortedFromBytes(bytes: Uint8Array): number[] {
  const width = bytes[0] ?? 1;
  if (width === 0) throw new RangeError('expected hashes of at least a byte each, got a width of 0');
  const hashes: number[] = [];
  let hash = 0;
  for (let at = 1; at + width <= bytes.byteLength; at += width) {
    hash += read(bytes, { at, width });
    hashes.push(hash);
  }
  return hashes;
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
