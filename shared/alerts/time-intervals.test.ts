import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, mutedUntil, offsetOf, type TimeInterval, type TimeSpan } from './time-intervals.ts';

const interval = (...spans: Partial<TimeSpan>[]): TimeInterval => ({
  name: 'any',
  spans: spans.map((span) => ({ location: 'Europe/Berlin', ...span })),
});
const at = (text: string) => Date.parse(text);
const OFFICE = interval({ times: [[540, 1_020]], weekdays: [[1, 5]] });

describe('a time interval', () => {
  test.each([
    ['2026-11-20T07:59:59Z', false],
    ['2026-11-20T08:00:00Z', true],
    ['2026-11-20T15:59:59Z', true],
    ['2026-11-20T16:00:00Z', false],
    ['2026-11-21T12:00:00Z', false],
    // In summer the office opens an hour earlier as the world counts.
    ['2026-07-01T07:00:00Z', true],
    ['2026-07-01T15:00:00Z', false],
  ])('of the office in Berlin at %s: %s', (moment, expected) => {
    expect(isWithin(OFFICE, at(moment))).toBe(expected);
  });

  test.each([
    [{ daysOfMonth: [[-1, -1]] }, '2028-02-29T12:00:00Z', true],
    [{ daysOfMonth: [[-1, -1]] }, '2028-02-28T12:00:00Z', false],
    [{ daysOfMonth: [[1, 5]] }, '2026-11-05T23:30:00Z', false],
    [{ months: [[12, 12]] }, '2026-11-30T23:30:00Z', true],
    [{ years: [[2027, 2028]] }, '2026-12-31T23:30:00Z', true],
    [{ years: [[2027, 2028]] }, '2026-12-31T22:30:00Z', false],
  ] as [Partial<TimeSpan>, string, boolean][])('%j at %s: %s', (span, moment, expected) => {
    expect(isWithin(interval(span), at(moment))).toBe(expected);
  });

  test('of a zone that is none is a fault', () => {
    expect(() => offsetOf('Europe/Atlantis', 0)).toThrow(RangeError);
  });
});

describe('a route that is muted', () => {
  const NIGHT = interval({ times: [[0, 360]] }, { times: [[1_320, 1_440]] });
  test.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00Z'],
    ['2026-11-20T21:30:00Z', '2026-11-21T05:00:00Z'],
    // The night in which the clock goes forward is an hour shorter.
    ['2026-03-28T21:30:00Z', '2026-03-29T04:00:00Z'],
    ['2026-10-24T20:30:00Z', '2026-10-25T05:00:00Z'],
  ])('at night at %s may tell at %s', (moment, expected) => {
    expect(new Date(mutedUntil({ mute: [NIGHT], active: [] }, at(moment))).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
  });

  test('but for office hours waits over the weekend', () => {
    expect(mutedUntil({ mute: [], active: [OFFICE] }, at('2026-11-20T16:30:00Z'))).toBe(at('2026-11-23T08:00:00Z'));
  });

  test('for ever answers thirty days on', () => {
    expect(mutedUntil({ mute: [interval({})], active: [] }, 0)).toBe(30 * 86_400_000);
  });

  test('waits exactly as long as minute after minute is muted', () => {
    const minute = fc.integer({ min: 0, max: 1_440 });
    const times = fc.array(
      fc.tuple(minute, minute).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      { maxLength: 3 },
    );
    const location = fc.constantFrom(
      'Europe/Berlin',
      'Asia/Kathmandu',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'UTC',
    );
    const start = fc
      .integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') })
      .map((ms) => ms - (ms % 60_000));
    fc.assert(
      fc.property(times, location, start, fc.boolean(), (ranges, zone, moment, isMute) => {
        const one = interval({ times: ranges, location: zone });
        const route = isMute ? { mute: [one], active: [] } : { mute: [], active: [one] };
        const until = mutedUntil(route, moment);
        const isMuted = (ms: number) => isWithin(one, ms) === isMute;
        for (let ms = moment; ms < Math.min(until, moment + 3 * 86_400_000); ms += 60_000)
          expect(isMuted(ms)).toBe(true);
        if (until < moment + 30 * 86_400_000) expect(isMuted(until)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
