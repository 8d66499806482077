import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashesFromBytes, hashesFromDoubles, hashesToBytes, sortedFromBytes, sortedToBytes } from './hash-bytes.ts';

const hashes = fc.array(fc.oneof(fc.maxSafeNat(), fc.nat({ max: 300 })));

test('hashes come back from their bytes as they were, 7 bytes each', () => {
  fc.assert(
    fc.property(hashes, (some) => {
      expect(hashesToBytes(some).byteLength).toBe(some.length * 7);
      expect(hashesFromBytes(hashesToBytes(some))).toEqual(some);
    }),
  );
});

test('hashes whose order tells nothing come back ascending, each as often as it was there', () => {
  fc.assert(
    fc.property(hashes, (some) => {
      expect(sortedFromBytes(sortedToBytes(some))).toEqual([...some].sort((a, b) => a - b));
    }),
  );
});

test('many hashes in order take 6 bytes each and one for all', () => {
  const spread = Array.from({ length: 512 }, (_, n) => Math.floor(((n * 0.618_033_988_75) % 1) * 2 ** 53));
  expect(sortedToBytes(spread).byteLength).toBe(1 + 6 * 512);
});

test('bytes in the midst of a larger buffer, as an SDK hands them over, are read from where they begin', () => {
  const larger = new Uint8Array(40);
  const some = [1, Number.MAX_SAFE_INTEGER];
  larger.set(hashesToBytes(some), 11);
  expect(hashesFromBytes(larger.subarray(11, 25))).toEqual(some);
  larger.set(sortedToBytes(some), 5);
  expect(sortedFromBytes(larger.subarray(5, 20))).toEqual(some);
});

test('the bytes are little-endian on every machine, because they are stored', () => {
  expect([...hashesToBytes([0x1f_0203_0405_0607])]).toEqual([7, 6, 5, 4, 3, 2, 0x1f]);
  expect([...sortedToBytes([0x01_0203, 0x02, 0x01])]).toEqual([3, 1, 0, 0, 1, 0, 0, 1, 2, 1]);
});

test('what the first deployments stored as doubles of 8 bytes is read as well', () => {
  fc.assert(
    fc.property(hashes, (some) => {
      expect(hashesFromDoubles(new Uint8Array(Float64Array.from(some).buffer))).toEqual(some);
    }),
  );
});
