import { describe, expect, test } from 'vitest';
import { crashViolation } from '../crash.ts';
import type { RunOptions } from '../plan.ts';
import type { RunResult } from '../run-seed.ts';
import { isCaughtByCheck, isHarm, kindOfViolation, shrink } from './shrink.ts';

const LOST = '2027-03-22T03:16:01.887Z group v1:6c8f: counts 5 events again, such as 01a4-6b14';
const STRAY = '2027-03-22T03:16:01.887Z fault 9 never struck: two poisons in a batch';

/** A run that answers what goes wrong with so many events, without these faults. */
const runs = (violationsOf: (options: RunOptions) => string[]) => async (options: RunOptions) =>
  ({
    active: [8, 9, 56].filter((fault) => !options.without?.includes(fault)),
    violations: violationsOf(options),
  }) as unknown as RunResult;

describe('a failing run', () => {
  test('shrinks to the faults and the events that it needs', async () => {
    const run = runs(({ without = [], events }) => (without.includes(8) || events < 100 ? [] : [LOST]));
    const { options } = await shrink({ seed: 7, events: 1_000 }, run);
    expect(options).toEqual({ seed: 7, events: 125, without: [9, 56] });
  });

  test('does not shrink to another failure, such as a fault that has no chance to strike in a smaller run', async () => {
    const run = runs(({ events }) => (events < 500 ? [STRAY] : [LOST]));
    const { options, result } = await shrink({ seed: 7, events: 1_000 }, run);
    expect(options.events).toBe(500);
    expect(result.violations).toEqual([LOST]);
  });

  test('in which nothing but a fault is missing shrinks to that', async () => {
    const { options } = await shrink(
      { seed: 7, events: 40 },
      runs(() => [STRAY]),
    );
    expect(options.events).toBe(10);
    expect(isHarm(STRAY)).toBe(false);
  });
});

test('a planted bug that merely makes the simulation crash is caught by no check, and a crash of the product is a failure', () => {
  const crash = `2027-03-22T03:16:01.887Z ${crashViolation(new TypeError('x is not a function'))}`;
  expect([LOST, STRAY, crash].map(isCaughtByCheck)).toEqual([true, false, false]);
  expect(isHarm(crash)).toBe(true);
});

test('violations are of one kind whatever their time, ids and numbers', () => {
  const later = '2027-04-01T00:00:00.000Z group v1:77aa: counts 1 events again, such as 77-b';
  expect(kindOfViolation(later)).toBe(kindOfViolation(LOST));
  expect(kindOfViolation(later)).not.toBe(kindOfViolation(STRAY));
});
