import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMessagePattern, numberOf, RuleFault } from './message-pattern.ts';

const extract = (pattern: string, message: string) => {
  const values = compileMessagePattern(pattern).extract(message);
  return values && Object.fromEntries(values);
};

describe('a pattern', () => {
  test.each([
    [
      'High response time for {endpoint}: {ms} ms',
      'High response time for /cart: 3500 ms',
      { endpoint: '/cart', ms: '3500' },
    ],
    [
      'High response time for {endpoint}: {ms} ms',
      'WARN 12:00 High response time for a b: 1 ms (slow)',
      { endpoint: 'a b', ms: '1' },
    ],
    ['took {ms}', 'it took 12.5\nand more', { ms: '12.5' }],
    ['{user} logged in', 'ann logged in', { user: 'ann' }],
    ['High response time for {endpoint}: {ms} ms', 'High response time', undefined],
    ['High response time for {endpoint}: {ms} ms', 'High response time for : 3 ms', undefined],
    ['took {ms}', 'it took ', undefined],
    ['took {ms} ms', `took ${'9'.repeat(257)} ms`, undefined],
    ['a {__proto__}', 'a b', 'a name of letters'],
    ['a {constructor} b', 'a x b', { constructor: 'x' }],
  ])('%j reads %j', (pattern, message, expected) => {
    if (typeof expected === 'string') expect(() => extract(pattern, message)).toThrow(expected);
    else expect(extract(pattern, message)).toEqual(expected);
  });

  test.each([
    ['no names', 'with 1 to 10 names'],
    ['{a}{b}', 'words between two names'],
    ['{a} and {a}', 'each name in braces once'],
    ['{a', 'no other brace'],
    ['{a} and }', 'no other brace'],
    ['{1st} x', 'no other brace'],
    ['{a}', 'words beside the names'],
    [` {a} `, 'words beside the names'],
    ['x'.repeat(501), 'at most 500 characters'],
  ])('%j is refused with what was expected', (pattern, message) => {
    expect(() => compileMessagePattern(pattern)).toThrow(message);
  });

  test('finds what was put in, wherever it stands', () => {
    const word = fc.stringMatching(/^[a-z/]{1,20}$/);
    const around = fc.string({ maxLength: 30 }).filter((text) => !text.includes('took'));
    fc.assert(
      fc.property(word, fc.nat(), around, around, (path, ms, before, after) => {
        const message = `${before}took ${path}: ${ms} ms${after}`;
        expect(extract('took {path}: {ms} ms', message)).toEqual({ path, ms: String(ms) });
      }),
    );
  });

  test('takes any text, and any message, and never throws anything but what it expected', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), fc.string(), (pattern, message) => {
        try {
          const values = compileMessagePattern(`x{name}${pattern}`).extract(`x${message}`);
          return [...(values?.values() ?? [])].every((value) => message.includes(value));
        } catch (fault) {
          return fault instanceof RuleFault && fault.message.startsWith('expected ');
        }
      }),
    );
  });

  test('reads a long hostile message in time that grows with it, not faster', () => {
    const pattern = compileMessagePattern('a{b}a{c}a{d}a{e}a{f}a{g}a{h}ab');
    const time = (length: number) => {
      const message = 'a'.repeat(length);
      const start = performance.now();
      for (let n = 0; n < 200; n++) pattern.extract(message);
      return performance.now() - start;
    };
    time(1_000);
    expect(time(1_000_000)).toBeLessThan(500);
  });
});

test.each([
  ['3500', 3_500],
  ['3,500', 3_500],
  ['1,234,567.5', 1_234_567.5],
  [' -0.5 ', -0.5],
  ['35,00', undefined],
  ['1e9', undefined],
  ['0x10', undefined],
  ['Infinity', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is the number %j', (text, number) => {
  expect(numberOf(text)).toBe(number);
});
