/** Event-id hashes as bytes and back: 8 bytes each, IEEE 754 doubles, little-endian. */
export function hashesToBytes(hashes: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(hashes.length * 8));
  for (const [index, hash] of hashes.entries()) view.setFloat64(index * 8, hash, true);
  return new Uint8Array(view.buffer);
}

export function hashesFromBytes(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength >> 3 }, (_, index) => view.getFloat64(index * 8, true));
}
