import { expect, test } from 'vitest';
import { countOption, jsonOption, levelOption, timeOption } from './option-values.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');

test.each([
  ['error', 'error'],
  ['WARN', 'warning'],
  ['Fatal', 'critical'],
])('level %s is %s', (text, level) => {
  expect(levelOption(text)).toBe(level);
});

test.each(['loud', '', 'errors', '__proto__'])('level %j is refused with a list of the levels', (text) => {
  expect(() => levelOption(text)).toThrow(
    `--level must be one of critical, error, warning, info, debug, got ${JSON.stringify(text)}`,
  );
});

test.each([
  ['90s', '2026-11-21T07:58:30.000Z'],
  ['5m', '2026-11-21T07:55:00.000Z'],
  ['2h', '2026-11-21T06:00:00.000Z'],
  ['7d', '2026-11-14T08:00:00.000Z'],
  ['2w', '2026-11-07T08:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T10:30', '2026-11-20T10:30:00.000Z'],
  ['2026-11-20T10:30:00+02:00', '2026-11-20T08:30:00.000Z'],
  ['2026-11-20T10:30:00.250Z', '2026-11-20T10:30:00.250Z'],
])('since %s is %s', (text, time) => {
  expect(timeOption('since', text, NOW).toISOString()).toBe(time);
});

test.each(['', 'yesterday', '5', '5y', '-5m', '2026-13-01', '2026-11-20 10:30', '9999999d'])(
  'since %j is refused',
  (text) => {
    expect(() => timeOption('since', text, NOW)).toThrow('--since must be like 90s, 5m, 2h, 7d or 2026-11-21T08:00');
  },
);

test.each(['0', '-1', '1.5', '1e2', 'x', '', '101'])('limit %j is refused', (text) => {
  expect(() => countOption('limit', 100)(text)).toThrow('--limit must be a whole number from 1 to 100');
});

test('limits are read as numbers, details as JSON', () => {
  expect(countOption('limit', 100)('100')).toBe(100);
  expect(jsonOption('details', '{"a":[1]}')).toEqual({ a: [1] });
  expect(() => jsonOption('details', '{a:1}')).toThrow('--details must be JSON such as');
});
