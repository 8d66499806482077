import { describe, expect, test } from 'vitest';
import { median, roundRatio, spread } from './statistics.ts';

describe('statistics of a benchmark', () => {
  test('the median is the middle sample, however they come', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('there is no median of nothing', () => {
    expect(() => median([])).toThrow('expected at least one sample');
  });

  test('a ratio is taken within each round, so that a slow round changes nothing', () => {
    expect(roundRatio([10, 1000, 10], [5, 500, 5])).toBe(2);
  });

  test('samples of different numbers of rounds have no ratio', () => {
    expect(() => roundRatio([1, 2], [1])).toThrow('2 and 1');
  });

  test('the spread is the furthest value from the median', () => {
    expect(spread([90, 100, 130])).toBeCloseTo(0.3);
  });
});
