import { describe, expect, test } from 'vitest';
import { manualClock } from '../../test/support/manual-clock.ts';
import { backoffMilliseconds, withRetry } from './backoff.ts';
import { Fault } from './fault.ts';

/** Fails as often as it is told, then answers. */
function flaky(faults: unknown[]) {
  const call = async () => {
    call.calls++;
    const fault = faults[call.calls - 1];
    if (fault !== undefined) throw fault;
    return 'answer';
  };
  call.calls = 0;
  return call;
}

describe('the pause before another try', () => {
  test('doubles its upper bound from 50 ms to 5 s', () => {
    const nearlyOne = { random: () => 1 - Number.EPSILON };
    const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 60].map((attempt) => backoffMilliseconds(attempt, nearlyOne));
    expect(bounds).toEqual([49, 99, 199, 399, 799, 1_599, 3_199, 4_999, 4_999, 4_999]);
  });

  test('is spread down to nothing, so that writers which collided do not collide again', () => {
    expect(backoffMilliseconds(10, { random: () => 0 })).toBe(0);
    expect(backoffMilliseconds(10, { random: () => 0.5 })).toBe(2_500);
  });
});

describe('a call that is tried again', () => {
  test.each(['throttled', 'unavailable', 'contended'] as const)('passes over %s', async (code) => {
    const call = flaky([new Fault(code, 'not now'), new Fault(code, 'not now')]);
    const clock = manualClock();
    expect(await withRetry(call, clock)).toBe('answer');
    expect(clock.pauses).toEqual([25, 50]);
  });

  test.each(['denied', 'invalid', 'out-of-time'] as const)(
    'gives up at once on %s, which waiting does not mend',
    async (code) => {
      const fault = new Fault(code, 'never');
      const call = flaky([fault]);
      const clock = manualClock();
      await expect(withRetry(call, clock)).rejects.toBe(fault);
      expect({ calls: call.calls, pauses: clock.pauses }).toEqual({ calls: 1, pauses: [] });
    },
  );

  test('gives up at once on what is no fault of a service: a bug does not pass', async () => {
    const bug = new TypeError('x is not a function');
    const call = flaky([bug]);
    await expect(withRetry(call, manualClock())).rejects.toBe(bug);
    expect(call.calls).toBe(1);
  });

  test('rejects with the last fault after six tries, and does not pause after the last', async () => {
    const faults = Array.from({ length: 9 }, (_, index) => new Fault('throttled', `try ${index + 1}`));
    const call = flaky(faults);
    const clock = manualClock();
    await expect(withRetry(call, clock)).rejects.toBe(faults[5]);
    expect({ calls: call.calls, pauses: clock.pauses.length }).toEqual({ calls: 6, pauses: 5 });
  });
});
