import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sequenceNumber } from '../../test/support/stream-records.ts';
import { compareSequenceNumbers, parseSequenceNumber, sortableSequenceNumber } from './sequence-number.ts';

const numbers = fc.bigInt({ min: 0n, max: 10n ** 129n - 1n });

describe('a sequence number', () => {
  test.each(['', ' 1', '1 ', '-1', '+1', '1e3', '0x1', '1.0', 'LATEST', '1'.repeat(130)])(
    'is not made of %j',
    (text) => {
      expect(parseSequenceNumber(text)).toBe(undefined);
    },
  );

  test.each(['0', '7', '49590338271490256608559692538361571095921575989136588898', '9'.repeat(129)])(
    'keeps the text %s as it came',
    (text) => {
      expect(parseSequenceNumber(text)).toBe(text);
    },
  );

  test('is ordered as the number that it is, not as text and not as a float', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const order = Math.sign(compareSequenceNumbers(sequenceNumber(a), sequenceNumber(b)));
        expect(order).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  test('is ordered without regard to leading zeros, which local clouds write', () => {
    expect(compareSequenceNumbers(sequenceNumber('0009'), sequenceNumber('10'))).toBeLessThan(0);
    expect(compareSequenceNumbers(sequenceNumber('0010'), sequenceNumber('10'))).toBe(0);
    expect(compareSequenceNumbers(sequenceNumber('000'), sequenceNumber('0'))).toBe(0);
  });

  test('becomes a text whose order is that of the numbers', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const [left, right] = [sortableSequenceNumber(sequenceNumber(a)), sortableSequenceNumber(sequenceNumber(b))];
        expect(left < right).toBe(a < b);
      }),
    );
    expect(sortableSequenceNumber(sequenceNumber('0042'))).toBe('00242');
  });
});
