import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintEvent } from '../events/fingerprint.ts';
import { LEVELS } from '../events/levels.ts';
import {
  type ApplicationLogRules,
  applicationLogRow,
  datePartitions,
  grantRow,
  type RowsByHour,
  wantsRow,
} from './application-log.ts';

const RULES: ApplicationLogRules = {
  minLevel: 'warning',
  sources: {},
  rowsPerFingerprintAndHour: 1_000,
  retentionDays: 60,
};
const rowOf = (event: Partial<LogEvent>, rules = RULES) => {
  const whole = logEvent(event);
  return applicationLogRow({ event: whole, ...fingerprintEvent(whole) }, rules);
};

describe('an event gets a row', () => {
  test('from warning up by default', () => {
    expect(LEVELS.filter((level) => wantsRow({ level, source: 'shop' }, RULES))).toEqual([
      'critical',
      'error',
      'warning',
    ]);
  });

  test('from its source’s own level, which may ask for more or for less', () => {
    const rules: ApplicationLogRules = { ...RULES, sources: { chatty: 'critical', csv: 'debug' } };
    expect(LEVELS.filter((level) => wantsRow({ level, source: 'chatty' }, rules))).toEqual(['critical']);
    expect(LEVELS.filter((level) => wantsRow({ level, source: 'csv' }, rules))).toEqual([...LEVELS]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('by the common rule when its source is called %s', (source) => {
    expect(LEVELS.filter((level) => wantsRow({ level, source }, RULES))).toEqual(['critical', 'error', 'warning']);
  });
});

describe('a row', () => {
  test('has the names that others rely on, and no expiry when it is of category error', () => {
    const row = rowOf({ id: 'a', details: { order: 7 } });
    expect(row).toEqual({
      source_application: 'shop',
      period: '2026-11-21T12:00:00.000Z#a',
      log_level: 'error',
      message: 'the payment was refused',
      details: '{"order":7}',
      fingerprint: row.fingerprint,
      date: '2026-11-21#01',
      stamp_mod: '2026-11-21T12:00:00.000Z#a',
    });
  });

  test.each(LEVELS)('of %s expires only when it is informational', (level) => {
    const expiry = ['critical', 'error'].includes(level)
      ? undefined
      : Date.parse('2026-11-21T12:00:00Z') / 1_000 + 60 * 86_400;
    expect(rowOf({ level }).expiry).toBe(expiry);
    expect('expiry' in rowOf({ level })).toBe(expiry !== undefined);
  });

  test('expires in whole seconds after as many days as configured', () => {
    const { expiry } = rowOf({ level: 'info', time: '2026-11-21T12:00:00.999Z' }, { ...RULES, retentionDays: 1 });
    expect(expiry).toBe(Date.parse('2026-11-22T12:00:00Z') / 1_000);
  });

  test('keeps details that are text as they are, and has none when there are none', () => {
    expect(rowOf({ details: 'a text' }).details).toBe('a text');
    expect('details' in rowOf({})).toBe(false);
  });

  test('is the same each time it is made, so that writing it again changes nothing', () => {
    expect(rowOf({ id: 'a' })).toEqual(rowOf({ id: 'a' }));
  });

  test('lies in one of the partitions of its day, and a day is spread over all of them', () => {
    const ids = Array.from(
      { length: 2_000 },
      (_, index) => `0197a000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    );
    expect(new Set(ids.map((id) => rowOf({ id }).date))).toEqual(new Set(datePartitions('2026-11-21')));
  });
});

describe('the rows of an hour', () => {
  const grantAll = (times: string[], limit: number) => {
    let granted: RowsByHour = {};
    const answers = times.map((time) => {
      const step = grantRow(granted, time, limit);
      granted = step.granted;
      return step.isGranted;
    });
    return { granted, answers };
  };

  test('are granted up to the limit, and anew in the next hour', () => {
    const { answers, granted } = grantAll(
      ['2026-11-21T07:00', '2026-11-21T07:59', '2026-11-21T07:30', '2026-11-21T08:00'],
      2,
    );
    expect(answers).toEqual([true, true, false, true]);
    expect(granted).toEqual({ '2026-11-21T07': 2, '2026-11-21T08': 1 });
  });

  test('are none when the limit is 0', () => {
    expect(grantAll(['2026-11-21T07:00'], 0)).toEqual({ granted: {}, answers: [false] });
  });

  test('are as many as the limit in every hour, in whatever order events come', () => {
    const times = fc.array(
      fc.integer({ min: 0, max: 5 }).map((hour) => `2026-11-21T0${hour}:00:00.000Z`),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 8 }), (all, limit) => {
        const { answers } = grantAll(all, limit);
        for (const hour of new Set(all)) {
          const [came, got] = [
            all.filter((time) => time === hour),
            all.filter((time, n) => time === hour && answers[n]),
          ];
          expect(got.length).toBe(Math.min(came.length, limit));
        }
      }),
    );
  });

  test('are remembered for the last 50 hours, so that the item keeps its size', () => {
    const hours = Array.from({ length: 80 }, (_, hour) => new Date(Date.UTC(2026, 10, 21, hour)).toISOString());
    const { granted } = grantAll(hours, 5);
    expect(Object.keys(granted).sort()).toEqual(hours.slice(30).map((time) => time.slice(0, 13)));
  });
});
