import { expect, test } from 'vitest';
import { describeFault, FAULT_CODES, Fault, remedyOf } from './fault.ts';

test('each code says whether the same call may succeed in a moment', () => {
  expect(FAULT_CODES.map((code) => [code, remedyOf(code)])).toEqual([
    ['throttled', 'retry-now'],
    ['unavailable', 'retry-now'],
    ['denied', 'retry-later'],
    ['invalid', 'retry-later'],
    ['missing', 'retry-later'],
    ['contended', 'retry-now'],
    ['out-of-time', 'retry-later'],
    ['resting', 'retry-later'],
  ]);
});

test('a fault carries its code, its cause and its context', () => {
  const cause = new Error('socket hang up');
  const fault = new Fault('unavailable', 'PutItem failed', { cause, context: { operation: 'PutItem' } });
  expect({ name: fault.name, code: fault.code, cause: fault.cause, context: fault.context }).toEqual({
    name: 'Fault',
    code: 'unavailable',
    cause,
    context: { operation: 'PutItem' },
  });
});

test.each([
  [new Fault('denied', 'PutItem failed'), 'denied: PutItem failed'],
  [new TypeError('x is not a function'), 'TypeError: x is not a function'],
  ['a thrown text', 'an unknown fault'],
  [undefined, 'an unknown fault'],
])('%s is described in one line', (error, line) => {
  expect(describeFault(error)).toBe(line);
});
