import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemBytes } from '../../test/simulation/models/table-item.ts';
import { type Arrivals, NOTHING_SEEN, type PageReference, type Seen } from './seen.ts';
import { seenFromItem, seenToItem } from './seen-item.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const SHARD = 'shardId-000000000000';
const OTHER = 'shardId-000000000001';
const seen: Seen = {
  open: { hashes: [1, Number.MAX_SAFE_INTEGER], newestArrival: NOON, shards: { [SHARD]: NOON - 36 } },
  pages: [
    { id: '000000000007-0-18a63157', count: 64, newestArrival: NOON - 360, shards: { [SHARD]: NOON - 360 } },
    {
      id: '000000000012-32000-f',
      count: 32_000,
      newestArrival: NOON,
      shards: { [SHARD]: NOON - 1, [OTHER]: NOON },
    },
  ],
};

describe('the memory of a group in its item', () => {
  test('names shards once and each page in a line, for the item is written with every batch', () => {
    expect(seenToItem(seen)).toEqual({
      hashes: new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]),
      at: NOON,
      shards: [`${SHARD} 10`, OTHER],
      pages: ['7-0-18a63157 1s a0 0', '12-32000-f oow 0 0:1 1'],
    });
  });

  test('comes back as it was', () => {
    expect(seenFromItem(seenToItem(seen))).toEqual(seen);
    expect(seenFromItem(undefined)).toEqual(NOTHING_SEEN);
  });

  test('comes back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(memories(), (memory) => {
        expect(seenFromItem(seenToItem(memory))).toEqual(memory);
      }),
    );
  });

  test('takes less than a write unit with as many ids and pages as a busy group has', () => {
    const hashes = Array.from({ length: 63 }, (_, index) => Number.MAX_SAFE_INTEGER - index);
    const page = seen.pages[0] as PageReference;
    const busy = { open: { ...seen.open, hashes }, pages: Array<PageReference>(14).fill(page) };
    expect(itemBytes(seenToItem(busy))).toBeLessThan(850);
  });

  test('comes back from an item of the first deployments, with its doubles and pages as maps', () => {
    expect(seenFromItem(firstItem())).toEqual(seen);
  });

  test('comes back from an item of the very first, which name the shards alone', () => {
    const pages = [{ id: '000000000001-0-1', count: 64, newestArrival: NOON - 1, shards: [SHARD, OTHER], since: '0' }];
    const item = { ...firstItem(), shards: [SHARD], pages };
    expect(seenFromItem(item)).toEqual({
      open: { ...seen.open, shards: { [SHARD]: NOON } },
      pages: [
        {
          id: '000000000001-0-1',
          count: 64,
          newestArrival: NOON - 1,
          shards: { [SHARD]: NOON - 1, [OTHER]: NOON - 1 },
        },
      ],
    });
  });
});

function firstItem() {
  const { open, pages } = seen;
  const ids = new Uint8Array(Float64Array.from(open.hashes).buffer);
  return { ids, newestArrival: open.newestArrival, shards: open.shards, pages };
}

function memories(): fc.Arbitrary<Seen> {
  const time = fc.integer({ min: 0, max: NOON * 2 });
  const shard = fc.integer({ min: 0, max: 50 }).map((number) => `shardId-${String(number).padStart(12, '0')}`);
  const shards = fc.dictionary(shard, time, { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Arrivals>;
  const version = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.maxSafeNat());
  const id = fc
    .tuple(version, fc.nat(), fc.nat({ max: 0xffffffff }))
    .map(([made, start, sum]) => `${String(made).padStart(12, '0')}-${start}-${sum.toString(16)}`);
  return fc.record({
    open: fc.record({ hashes: fc.array(fc.maxSafeNat(), { maxLength: 63 }), newestArrival: time, shards }),
    pages: fc.array(fc.record({ id, count: fc.nat({ max: 32_000 }), newestArrival: time, shards }), { maxLength: 20 }),
  });
}
