import { expect, test } from 'vitest';
import { ConfigurationError, parseConfiguration } from './configuration.ts';

/** What is wrong with a range of days; undefined for a good one. */
function faultOf(days: string): string | undefined {
  const spans = `[{ name: a, time_intervals: [{ days_of_month: ["${days}"] }] }]`;
  try {
    parseConfiguration(`alerts: { time_intervals: ${spans} }`);
    return undefined;
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults[0]?.path : String(error);
  }
}

test.each(['1', '-1', '31', '-31', '1:31', '-31:-1', '1:-1', '5:5', '10:-15', '31:-1', '1:-31'])(
  'the days %s are a range: some month has them',
  (days) => {
    expect(faultOf(days)).toBeUndefined();
  },
);

test.each(['31:-31', '2:-31', '10:-25', '-1:5', '-31:31', '5:1', '-1:-5', '0', '32', '1:-32', '1:2:3'])(
  'the days %s are refused: no month has them, or they run backwards in most',
  (days) => {
    expect(faultOf(days)).toBe('alerts.time_intervals.0.time_intervals.0.days_of_month.0');
  },
);
