import { describe, expect, test } from 'vitest';
import { categoryOf, isAtLeast, isLevel, LEVELS, parseLevel } from './levels.ts';

describe('a level', () => {
  test.each([
    ['ERROR', 'error'],
    ['Err', 'error'],
    ['severe', 'error'],
    [' warn ', 'warning'],
    ['WARNING', 'warning'],
    ['Fatal', 'critical'],
    ['ALARM', 'critical'],
    ['emerg', 'critical'],
    ['Panic', 'critical'],
    ['notice', 'info'],
    ['Informational', 'info'],
    ['trace', 'debug'],
    ['FINE', 'debug'],
    ['verbose', 'debug'],
  ])('is read from the name %j as %s', (name, level) => {
    expect(parseLevel(name)).toBe(level);
  });

  test('is read from the numbers of pino', () => {
    expect([10, 20, 30, 40, 50, 60, 35].map(parseLevel)).toEqual([
      'debug',
      'debug',
      'info',
      'warning',
      'error',
      'critical',
      'info',
    ]);
  });

  test('is read from the numbers of syslog', () => {
    const levels = ['critical', 'critical', 'critical', 'error', 'warning', 'info', 'info', 'debug'];
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(parseLevel)).toEqual(levels);
  });

  test('is read from a number as text', () => {
    expect(['50', '3', ' 40 '].map(parseLevel)).toEqual(['error', 'error', 'warning']);
  });

  test.each([
    [undefined],
    [null],
    [''],
    ['weird'],
    [8],
    [-1],
    [70],
    [3.5],
    [Number.NaN],
    [true],
    [{}],
    ['constructor'],
    ['x'.repeat(1e6)],
  ])('is not read from %j', (value) => {
    expect(parseLevel(value)).toBeUndefined();
  });

  test('is one of five names, exactly', () => {
    expect(LEVELS.every(isLevel)).toBe(true);
    expect(['ERROR', 'warn', '', 1, null].some(isLevel)).toBe(false);
  });

  test('is kept or expires by its category', () => {
    expect(LEVELS.map(categoryOf)).toEqual(['error', 'error', 'informational', 'informational', 'informational']);
  });

  test('is at least another when it is as severe', () => {
    expect(LEVELS.map((level) => isAtLeast(level, 'warning'))).toEqual([true, true, true, false, false]);
  });
});
