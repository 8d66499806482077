import { describe, expect, test } from 'vitest';
import { firstRise } from './model-alarm.ts';

const MINUTE = 60_000;
const ALARM = {
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 3,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 10,
  TreatMissingData: 'notBreaching',
};
/** One value a minute; undefined is none. */
const minutes = (...values: (number | undefined)[]) =>
  values.flatMap((value, minute) => (value === undefined ? [] : [{ at: minute * MINUTE + 1, value }]));

describe('an alarm', () => {
  test('rises when the last of its periods is over', () => {
    expect(firstRise(ALARM, minutes(1, 10, 11, 12, 13))).toBe(4 * MINUTE);
  });

  test('stays silent while one of its periods is well, or has no data', () => {
    expect(firstRise(ALARM, minutes(10, 11, 9, 12, 13))).toBeUndefined();
    expect(firstRise(ALARM, minutes(10, undefined, undefined, 11, undefined, undefined, 12))).toBeUndefined();
    expect(firstRise(ALARM, [])).toBeUndefined();
  });

  test('takes no data for bad, or fewer periods for enough, where it is told so', () => {
    expect(firstRise({ ...ALARM, TreatMissingData: 'breaching' }, minutes(10, undefined, 11))).toBe(MINUTE);
    expect(firstRise({ ...ALARM, DatapointsToAlarm: 2 }, minutes(10, undefined, 11))).toBe(3 * MINUTE);
  });

  test('adds up what one period holds, or takes the least of it', () => {
    const points = [...minutes(6), ...minutes(6)];
    const once = { ...ALARM, EvaluationPeriods: 1, DatapointsToAlarm: 1 };
    expect(firstRise({ ...once, Statistic: 'Sum' }, points)).toBe(MINUTE);
    expect(firstRise({ ...once, Statistic: 'Minimum' }, points)).toBeUndefined();
  });

  test('of a kind that nobody has modelled is a fault', () => {
    expect(() => firstRise({ ...ALARM, Statistic: 'p99' }, minutes(1))).toThrow(
      'expected one of Sum, Maximum, Minimum in an alarm, got p99: add it to model-alarm.ts',
    );
  });
});
