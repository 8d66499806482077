import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime, MAX_AHEAD_MILLISECONDS, stampSequence } from './stamps.ts';

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));

test('stamps are unique and ordered, by the millisecond, when the clock stands or goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5_000, max: 50 }), { maxLength: 500 }), (steps) => {
      let now = Date.UTC(2026, 9, 25, 0, 59, 59, 990);
      const stamp = stampSequence(() => now, random);
      const stamps = steps.map((step) => {
        now += step;
        return stamp();
      });
      // Within the bound by which a burst may run ahead.
      const isAhead = stamps.findIndex(({ time }, index) => time === stamps[index - 1]?.time);
      const unique = isAhead < 0 ? stamps : stamps.slice(0, isAhead);
      expect(new Set(unique.map(({ time }) => time)).size).toBe(unique.length);
      expect(stamps.map(({ id }) => id)).toEqual(stamps.map(({ id }) => id).sort());
      expect(stamps.map(({ time }) => time)).toEqual(stamps.map(({ time }) => time).sort((a, b) => a - b));
      expect(new Set(stamps.map(({ id }) => id)).size).toBe(stamps.length);
    }),
  );
});

test('fifty thousand in one millisecond have stamps of their own, and no burst runs further ahead than a minute', () => {
  const now = Date.UTC(2026, 10, 21);
  const stamp = stampSequence(() => now, random);
  const stamps = Array.from({ length: 100_000 }, stamp);
  expect(new Set(stamps.slice(0, 50_000).map(({ time }) => time)).size).toBe(50_000);
  expect(stamps.at(-1)?.time).toBe(now + MAX_AHEAD_MILLISECONDS);
  expect(new Set(stamps.map(({ id }) => id)).size).toBe(100_000);
});

test('a stamp is written as Date writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (time) => {
      expect(isoTime(time)).toBe(new Date(time).toISOString());
    }),
  );
});
