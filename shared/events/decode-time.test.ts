import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIsoTime } from './decode-iso-time.ts';
import { isNearArrival, parseTime } from './decode-time.ts';

const iso = (value: unknown) => {
  const milliseconds = parseTime(value);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
};

describe('a stamp', () => {
  test.each([
    ['2026-11-21T10:00:00.123Z', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21T12:00:00.123456+02:00', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21T12:00:00+0200', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T12:00:00+02', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00:00,123', '2026-11-21T10:00:00.123Z'],
    ['2026-11-21 10:00', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21 10:00:00 UTC', '2026-11-21T10:00:00.000Z'],
    ['Sat, 21 Nov 2026 10:00:00 GMT', '2026-11-21T10:00:00.000Z'],
    [1795255200, '2026-11-21T10:00:00.000Z'],
    [1795255200.25, '2026-11-21T10:00:00.250Z'],
    [1795255200123, '2026-11-21T10:00:00.123Z'],
    ['1795255200123', '2026-11-21T10:00:00.123Z'],
    [1795255200123456, '2026-11-21T10:00:00.123Z'],
    ['1795255200123456789', '2026-11-21T10:00:00.123Z'],
  ])('is read from %j as %s', (value, expected) => {
    expect(iso(value)).toBe(expected);
  });

  test.each([
    [''],
    ['yesterday'],
    ['2026-13-01T00:00:00Z'],
    ['2026-11-21T25:00:00Z'],
    ['12'],
    [0],
    [-5],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e300],
    [null],
    [{}],
    ['Sat Nov 21 10:00:00 2026'],
    ['9'.repeat(1000)],
  ])('is not read from %j', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  test('is near its arrival within a day, to the millisecond', () => {
    expect([0, 86_400_000, -86_400_000, 86_400_001, -86_400_001].map((off) => isNearArrival(1e12 + off, 1e12))).toEqual(
      [true, true, true, false, false],
    );
  });
});

describe('the stamp of the schema', () => {
  test('is read as Date.parse reads it, from the year 0 to 9999', () => {
    const min = new Date('0000-01-01T00:00:00.000Z');
    const max = new Date('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
        expect(readIsoTime(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 2_000 },
    );
  });

  test('is exact on each day of four hundred years', () => {
    const start = Date.UTC(1900, 0, 1);
    for (let day = 0; day < 146_097; day++) {
      const time = start + day * 86_400_000;
      if (readIsoTime(new Date(time).toISOString()) !== time)
        throw new Error(`wrong on ${new Date(time).toISOString()}`);
    }
  });

  test.each([
    ['2026-02-29T00:00:00.000Z'],
    ['1900-02-29T00:00:00.000Z'],
    ['2026-04-31T00:00:00.000Z'],
    ['2026-00-01T00:00:00.000Z'],
    ['2026-01-00T00:00:00.000Z'],
    ['2026-01-01T24:00:00.000Z'],
    ['2026-01-01T00:60:00.000Z'],
    ['2026-01-01T00:00:60.000Z'],
    ['2026-01-01T00:00:00.00Z'],
    ['2026-01-01T00:00:00.000z'],
    ['2026-01-01 00:00:00.000Z'],
    ['2026-01-01T00:00:00.0a0Z'],
    ['202a-01-01T00:00:00.000Z'],
    ['２026-01-01T00:00:00.000Z'],
  ])('is not %s', (text) => {
    expect(readIsoTime(text)).toBeNaN();
  });
});
