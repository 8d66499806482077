import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashesFromBytes, hashesToBytes } from './hash-bytes.ts';

test('hashes come back from their bytes as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), (hashes) => {
      expect(hashesToBytes(hashes).byteLength).toBe(hashes.length * 8);
      expect(hashesFromBytes(hashesToBytes(hashes))).toEqual(hashes);
    }),
  );
});

test('bytes in the midst of a larger buffer, as an SDK hands them over, are read from where they begin', () => {
  const larger = new Uint8Array(40);
  larger.set(hashesToBytes([1, Number.MAX_SAFE_INTEGER]), 11);
  expect(hashesFromBytes(larger.subarray(11, 27))).toEqual([1, Number.MAX_SAFE_INTEGER]);
});

test('the bytes are little-endian doubles on every machine, because they are stored', () => {
  expect([...hashesToBytes([1])]).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
});
