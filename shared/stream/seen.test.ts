import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NewlySeen, NOTHING_SEEN, remember, SEEN_LIMITS, type Seen, type SeenLimits } from './seen.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-11-21T12:00:00.000Z');

/** Takes batches in one after the other, and keeps the pages as the ledger does. */
function memory(limits: SeenLimits = SEEN_LIMITS) {
  const ledger = new Map<string, readonly number[]>();
  let seen: Seen = NOTHING_SEEN;
  let version = 0;
  return {
    take(hashes: number[], { needed, ...batch }: Partial<NewlySeen> & { needed?: ReadonlySet<string> } = {}) {
      version++;
      const added = { hashes, newestArrival: NOON, shardId: 'shard-a', version, ...batch };
      const next = remember(seen, added, { contents: ledger, needed, limits });
      for (const page of next.sealed) ledger.set(page.id, page.hashes);
      for (const page of next.forgotten) ledger.delete(page.id);
      seen = next.seen;
      return next;
    },
    get seen() {
      return seen;
    },
    /** Every id that a fold would know. */
    known: () => [...seen.pages.flatMap(({ id }) => ledger.get(id) ?? []), ...seen.open.hashes],
    ledger,
  };
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe('ids of a group', () => {
  test('stand in the item up to 63', () => {
    const { take, seen } = memory();
    const next = take(range(0, 63));
    expect(next.sealed).toEqual([]);
    expect(next.seen.open.hashes).toEqual(range(0, 63));
    expect(seen).toEqual(NOTHING_SEEN);
  });

  test('are sealed into a page from the 64th on, and the item is empty again', () => {
    const group = memory();
    group.take(range(0, 63));
    const { sealed, seen } = group.take([63], { newestArrival: NOON + 5, shardId: 'shard-b' });
    expect(sealed.map(({ hashes }) => hashes)).toEqual([range(0, 64)]);
    expect(seen.pages).toEqual([
      { id: sealed[0]?.id, count: 64, newestArrival: NOON + 5, shards: { 'shard-a': NOON, 'shard-b': NOON + 5 } },
    ]);
    expect(seen.open).toEqual({ hashes: [], newestArrival: NOON + 5, shards: {} });
  });

  test('that a batch brings again are not pushed out by what else it brings: the batch may come once more', () => {
    const small = { ...SEEN_LIMITS, events: 4, open: 2, redelivery: 0 };
    const later = { newestArrival: NOON + 60 * MINUTE };
    const [replayed, other] = [memory(small), memory(small)];
    for (const group of [replayed, other]) {
      group.take([1, 2]);
      group.take([3, 4], later);
    }
    const [oldest] = replayed.seen.pages;
    replayed.take([5, 6], { ...later, needed: new Set([oldest?.id ?? '']) });
    other.take([5, 6], later);
    expect([replayed.known(), other.known()]).toEqual([
      [1, 2, 3, 4, 5, 6],
      [3, 4, 5, 6],
    ]);
    replayed.take([7, 8], later);
    expect(replayed.known()).not.toContain(1);
  });

  test('of one large batch are sealed into pages that fit an item of the table', () => {
    const { sealed } = memory().take(range(0, 70_000));
    expect(sealed.map(({ hashes }) => hashes.length)).toEqual([32_000, 32_000, 6_000]);
    expect(sealed.flatMap(({ hashes }) => hashes)).toEqual(range(0, 70_000));
    expect(new Set(sealed.map(({ id }) => id)).size).toBe(3);
  });

  test('make different pages when two writers race for one version with different events', () => {
    const [one, other] = [memory().take(range(0, 64)), memory().take(range(1, 64))];
    expect(one.sealed[0]?.id).not.toBe(other.sealed[0]?.id);
  });
});

describe('what is forgotten', () => {
  /** 64 ids at noon, then as many as are told, so much later; what of the first is still known? */
  function knownAfter(count: number, later: number, batch: Partial<NewlySeen> = {}) {
    const group = memory();
    group.take(range(0, 64));
    group.take(range(64, count), { newestArrival: NOON + later, ...batch });
    return group.known().includes(0);
  }

  test('is a page that has 1,024 newer ids and is older than 10 minutes', () => {
    expect(knownAfter(1_024, 10 * MINUTE + 1)).toBe(false);
  });

  test('is nothing with fewer than 1,024 newer ids, however old', () => {
    expect(knownAfter(1_023, 600 * MINUTE)).toBe(true);
  });

  test('is nothing of the last 10 minutes, however many came since', () => {
    expect(knownAfter(100_000, 10 * MINUTE)).toBe(true);
  });

  test('is not the newest page of a shard, whose batch may still come again, for a day', () => {
    expect(knownAfter(5_000, 24 * 60 * MINUTE, { shardId: 'shard-b' })).toBe(true);
    expect(knownAfter(5_000, 24 * 60 * MINUTE + 1, { shardId: 'shard-b' })).toBe(false);
  });

  test('is no part of the newest batch of a shard, although some of its pages were merged with later ones', () => {
    const group = memory({ ...SEEN_LIMITS, events: 20, open: 4, page: 16 });
    group.take(range(0, 34), { shardId: 'shard-b' });
    for (let n = 0; n < 40; n++) group.take(range(100 + n * 8, 8), { newestArrival: NOON + 60 * MINUTE });
    const known = new Set(group.known());
    expect(range(0, 34).filter((hash) => !known.has(hash))).toEqual([]);
  });

  test('is no part of a batch that comes again in part, with an id that is new: a retry beyond the promise', () => {
    const group = memory();
    group.take(range(0, 64), { newestArrival: NOON + 7 });
    // Its other half comes again, and holds an event that the group has forgotten.
    group.take([9_000], { newestArrival: NOON + 3 });
    group.take(range(10_000, 5_000), { shardId: 'shard-b', newestArrival: NOON + 60 * MINUTE });
    const known = new Set(group.known());
    expect([...range(0, 64), 9_000].filter((hash) => !known.has(hash))).toEqual([]);
  });

  test('is what a later batch of its shard has left behind', () => {
    const group = memory();
    group.take(range(0, 64), { newestArrival: NOON });
    group.take(range(64, 64), { newestArrival: NOON + 1 });
    group.take(range(10_000, 5_000), { shardId: 'shard-b', newestArrival: NOON + 60 * MINUTE });
    const known = new Set(group.known());
    expect(range(0, 128).filter((hash) => known.has(hash))).toEqual(range(64, 64));
  });

  test('is named, so that it can be deleted once the item no longer names it', () => {
    const group = memory();
    const [first] = group.take(range(0, 64)).sealed;
    const { forgotten, seen } = group.take(range(64, 1_024), { newestArrival: NOON + 11 * MINUTE });
    expect(forgotten.map(({ id }) => id)).toEqual([first?.id]);
    expect(seen.pages.map(({ count }) => count)).toEqual([1_024]);
  });
});

describe('pages', () => {
  test('of like size are merged by eight, so that the item names few', () => {
    const group = memory();
    for (let batch = 0; batch < 7; batch++) group.take(range(batch * 64, 64));
    expect(group.seen.pages.map(({ count }) => count)).toEqual(Array(7).fill(64));
    const { sealed, forgotten, seen } = group.take(range(7 * 64, 64), { newestArrival: NOON + 1, shardId: 'shard-b' });
    const shards = { 'shard-a': NOON, 'shard-b': NOON + 1 };
    expect(seen.pages).toEqual([{ id: sealed[0]?.id, count: 512, newestArrival: NOON + 1, shards }]);
    expect(sealed.map(({ hashes }) => hashes)).toEqual([range(0, 512)]);
    expect(forgotten.map(({ count }) => count)).toEqual(Array(7).fill(64));
  });

  test('stay few enough for the item in a storm of an hour, every id written at most four times', () => {
    const group = memory();
    let written = 0;
    let mostNamed = 0;
    for (let batch = 0; batch < 36_000; batch++) {
      const { sealed, seen } = group.take(range(batch * 64, 64), { newestArrival: NOON + batch * 100 });
      for (const { hashes } of sealed) written += hashes.length;
      mostNamed = Math.max(mostNamed, seen.pages.length);
    }
    expect(mostNamed).toBeLessThan(60);
    expect(written / (36_000 * 64)).toBeLessThanOrEqual(4);
  }, 30_000);

  test('never lose an id that is promised, and the ledger holds just those that the item names', () => {
    const limits = { events: 20, milliseconds: 10 * MINUTE, open: 3, page: 40, redelivery: 30 * MINUTE };
    const step = fc.record({
      count: fc.integer({ min: 1, max: 12 }),
      wait: fc.constantFrom(0, MINUTE, 11 * MINUTE, 40 * MINUTE),
      shardId: fc.constantFrom('shard-a', 'shard-b'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const group = memory(limits);
        const all: { hash: number; at: number }[] = [];
        let at = NOON;
        for (const { count, wait, shardId } of steps) {
          at += wait;
          const hashes = range(all.length, count);
          all.push(...hashes.map((hash) => ({ hash, at })));
          group.take(hashes, { newestArrival: at, shardId });
          const known = group.known();
          const promised = all.filter(
            (id, index) => index >= all.length - limits.events || id.at >= at - limits.milliseconds,
          );
          expect(promised.filter(({ hash }) => !known.includes(hash))).toEqual([]);
          expect(new Set(known).size).toBe(known.length);
          expect([...group.ledger.keys()].sort()).toEqual(group.seen.pages.map(({ id }) => id).sort());
        }
      }),
    );
  });
});
