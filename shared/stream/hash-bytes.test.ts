import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashesFromBytes, hashesToBytes, storedHashes } from './hash-bytes.ts';

const hashes = fc.array(fc.maxSafeNat());

test('hashes come back from their bytes as they were, 7 bytes each', () => {
  fc.assert(
    fc.property(hashes, (some) => {
      expect(hashesToBytes(some).byteLength).toBe(some.length * 7);
      expect(hashesFromBytes(hashesToBytes(some))).toEqual(some);
    }),
  );
});

test('bytes in the midst of a larger buffer, as an SDK hands them over, are read from where they begin', () => {
  const larger = new Uint8Array(40);
  larger.set(hashesToBytes([1, Number.MAX_SAFE_INTEGER]), 11);
  expect(hashesFromBytes(larger.subarray(11, 25))).toEqual([1, Number.MAX_SAFE_INTEGER]);
});

test('the bytes are little-endian on every machine, because they are stored', () => {
  expect([...hashesToBytes([0x1f_0203_0405_0607])]).toEqual([7, 6, 5, 4, 3, 2, 0x1f]);
});

test('what the first deployments stored as doubles of 8 bytes is read as well', () => {
  fc.assert(
    fc.property(hashes, (some) => {
      expect(storedHashes({ doubles: new Uint8Array(Float64Array.from(some).buffer) })).toEqual(some);
      expect(storedHashes({ hashes: hashesToBytes(some) })).toEqual(some);
    }),
  );
  expect(storedHashes({})).toEqual([]);
});
