import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, stampWriter } from './rendered-text.ts';

describe('a rendered stamp', () => {
  test.each([
    ['UTC', '2026-11-21T12:00:00.007Z', '2026-11-21T12:00:00.007+00:00'],
    ['Europe/Berlin', '2026-10-25T00:59:59.999Z', '2026-10-25T02:59:59.999+02:00'],
    ['Europe/Berlin', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000+01:00'],
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', '2026-03-29T01:59:59.999+01:00'],
    ['Europe/Berlin', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00.000+02:00'],
    ['America/New_York', '2026-11-01T05:59:59.999Z', '2026-11-01T01:59:59.999-04:00'],
    ['America/New_York', '2026-11-01T06:00:00.000Z', '2026-11-01T01:00:00.000-05:00'],
    ['America/St_Johns', '2026-07-01T00:00:00.000Z', '2026-06-30T21:30:00.000-02:30'],
    ['Asia/Kolkata', '2026-02-28T20:00:00.000Z', '2026-03-01T01:30:00.000+05:30'],
    ['Asia/Kathmandu', '2028-02-28T18:30:00.000Z', '2028-02-29T00:15:00.000+05:45'],
    ['Australia/Lord_Howe', '2026-10-03T15:29:59.999Z', '2026-10-04T01:59:59.999+10:30'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00.000Z', '2026-10-04T02:30:00.000+11:00'],
    ['Pacific/Chatham', '2026-01-01T00:00:00.000Z', '2026-01-01T13:45:00.000+13:45'],
  ])('in %s of %s is %s', (zone, utc, text) => {
    expect(stampWriter(zone)(Date.parse(utc))).toBe(text);
  });

  test('names the moment that it is of, in every zone, in whatever order moments come', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const moments = fc.array(fc.integer({ min: Date.UTC(1973), max: Date.UTC(2100) }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(zones, moments, (zone, times) => {
        const write = stampWriter(zone);
        for (const time of times) {
          expect(Date.parse(write(time))).toBe(time);
          const hour = new Intl.DateTimeFormat('en', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(
            time,
          );
          expect(write(time).slice(11, 13)).toBe(hour.padStart(2, '0'));
        }
      }),
    );
  });

  test('has a zone that there is', () => {
    expect(['Europe/Berlin', 'Mars/Olympus', '', undefined, 7].map(isTimeZone)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
