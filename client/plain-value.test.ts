import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainValue } from './plain-value.ts';
import { redactionOf } from './redaction.ts';

const hiding = (...paths: string[]) => redactionOf(paths, () => undefined);
const NOTHING = hiding();

describe('a plain value', () => {
  test('is JSON already when the value was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(
          plainValue(
            json,
            redactionOf([], () => undefined),
          ),
        ).toEqual(json);
      }),
    );
  });

  test.each<[string, unknown, unknown]>([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a bad date', new Date(Number.NaN), null],
    ['a big integer', 10n ** 20n, '100000000000000000000'],
    ['not a number', [Number.NaN, Number.POSITIVE_INFINITY], ['NaN', 'Infinity']],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, new Set([3])],
      ]),
      { a: 1, 2: [3] },
    ],
    ['bytes', Buffer.from('abc'), '[3 bytes]'],
    ['functions and undefined', { a: () => 1, b: undefined, c: [undefined] }, { c: [null] }],
    ['an URL', { at: new URL('https://example.org/') }, { at: 'https://example.org/' }],
    ['own toJSON', { toJSON: () => ({ made: true }) }, { made: true }],
  ])('of %s', (_, value, plain) => {
    expect(plainValue(value, NOTHING)).toEqual(plain);
  });

  test('of what is deep or large without end is cut where it says so', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = { deep };
    expect(JSON.stringify(plainValue(deep, NOTHING))).toContain('[nested deeper than 32]');
    const large = plainValue(
      Array.from({ length: 100_000 }, (_, index) => index),
      NOTHING,
    ) as unknown[];
    expect([large.length, large.at(-1)]).toEqual([10_001, '[90000 more]']);
  });

  test('keeps an own __proto__ as data', () => {
    const plain = plainValue(JSON.parse('{"__proto__": {"admin": true}}'), NOTHING) as object;
    expect([JSON.stringify(plain), Object.getPrototypeOf(plain)]).toEqual([
      '{"__proto__":{"admin":true}}',
      Object.prototype,
    ]);
  });
});

describe('a named path', () => {
  test.each([
    ['iban', { a: { IBAN: 1 } }, { a: { IBAN: '[redacted]' } }],
    ['user.email', { user: { Email: 1, name: 2 }, email: 3 }, { user: { Email: '[redacted]', name: 2 }, email: 3 }],
    ['items[*].price', { items: [{ price: 1, n: 2 }] }, { items: [{ price: '[redacted]', n: 2 }] }],
    ['a.*.c', { a: { b: { c: 1 }, c: 2 } }, { a: { b: { c: '[redacted]' }, c: 2 } }],
    [
      'a.**.z',
      { a: { z: 1, b: { c: { z: 2 } } }, z: 3 },
      { a: { z: '[redacted]', b: { c: { z: '[redacted]' } } }, z: 3 },
    ],
    ['user', { user: { deep: [1] } }, { user: '[redacted]' }],
    [
      'none',
      { password: 'p', 'Set-Cookie': 'c', monkey: 1 },
      { password: '[redacted]', 'Set-Cookie': '[redacted]', monkey: 1 },
    ],
  ])('%s hides what it names', (path, value, hidden) => {
    expect(plainValue(value, hiding(path))).toEqual(hidden);
  });

  test('of many ** takes time in proportion to its names', () => {
    const path = `${'**.a.'.repeat(15)}b`;
    let deep: unknown = { c: 1 };
    for (let level = 0; level < 30; level++) deep = { a: deep };
    const start = performance.now();
    plainValue(deep, hiding(path));
    expect(performance.now() - start).toBeLessThan(200);
  });
});
