import { expect, test } from 'vitest';
import type { World } from '../world.ts';
import { checkOwnWarnings, OWN_WARNING } from './check-own-warnings.ts';

const MINUTE = 60_000;

/** What is said against a run whose faults end at 0, in which warnings came in at these times, of so many batches. */
function saidOf(
  arrivals: readonly number[],
  { batches = arrivals.length, parcel = () => ({ kind: OWN_WARNING }) } = {},
) {
  const said: string[] = [];
  checkOwnWarnings({
    accepted: arrivals.map((arrivedAt) => ({ parcel: parcel(), record: { arrivedAt } })),
    reports: Array.from({ length: batches }, () => ({ outcome: { failures: ['busy'] } })),
    plan: { faultsEnd: 0 },
    violate: (what: string) => said.push(what),
  } as unknown as World);
  return said;
}

test('a warning for each batch, while there are faults, is no loop', () => {
  expect(saidOf([-MINUTE, 9 * MINUTE])).toEqual([]);
});

test('more warnings than batches are one, save for what was put twice', () => {
  expect(saidOf([-MINUTE, -1], { batches: 1 })).toEqual(['our own logs: 2 warnings came in, of 1 batches']);
  const once = { kind: OWN_WARNING };
  expect(saidOf([-MINUTE, -1], { batches: 1, parcel: () => once })).toEqual([]);
});

test('warnings that go on after all faults are one', () => {
  expect(saidOf([11 * MINUTE])).toEqual(['our own logs: 1 warnings came in after all faults were over']);
});
