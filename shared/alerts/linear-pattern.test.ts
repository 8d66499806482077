import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern } from './linear-pattern.ts';

const reference = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'u');

/** Patterns that both our reader and JavaScript's `u` mode take, over few letters so that texts match often. */
const pattern = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\W', '\\.', '7', '😀', '^', '$', 'é'),
    fc.array(tie('all'), { maxLength: 4 }).map((parts) => parts.join('')),
    fc.array(tie('all'), { minLength: 1, maxLength: 3 }).map((parts) => `(?:${parts.join('|')})`),
    fc
      .tuple(tie('all'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?', '+?'))
      .map(([part, sign]) => `(${part})${sign}`),
  ),
})).all;
const subject = fc
  .array(fc.constantFrom('a', 'b', 'c', '7', '.', ' ', '😀', 'é'), { maxLength: 12 })
  .map((all) => all.join(''));

describe('a linear pattern', () => {
  test('matches exactly what a backtracking one does', () => {
    fc.assert(
      fc.property(pattern, fc.array(subject, { minLength: 1, maxLength: 8 }), (text, subjects) => {
        const ours = compilePattern(text);
        for (const each of subjects) expect([each, ours.matches(each)]).toEqual([each, reference(text).test(each)]);
      }),
      { numRuns: 3_000 },
    );
  });

  test('takes any text for a pattern or says what it expected, and never hangs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 20 }), (text, each) => {
        try {
          expect(typeof compilePattern(text).matches(each)).toBe('boolean');
        } catch (fault) {
          expect(String(fault)).toMatch(/^PatternFault: expected .+ at character \d+$/);
        }
      }),
    );
  });

  test.each([
    ['(a+)+', 'a'],
    ['(a|a)*b', 'a'],
    ['(.*)*x', 'y'],
    ['(a?){200}a{200}', 'a'],
  ])('%s takes linear time on a text that does not match', (text, character) => {
    const ours = compilePattern(text);
    const start = performance.now();
    ours.matches(`${character.repeat(1_000)}!`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('ignores case, and lets a dot take a line break, when its flags say so', () => {
    expect(compilePattern('(?i)shop-[A-C]').matches('SHOP-b')).toBe(true);
    expect(compilePattern('shop').matches('SHOP')).toBe(false);
    expect([compilePattern('a.b').matches('a\nb'), compilePattern('(?s)a.b').matches('a\nb')]).toEqual([false, true]);
  });

  test.each([
    ['alnum', /[0-9A-Za-z]/],
    ['alpha', /[A-Za-z]/],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the class holds.
    ['ascii', /[\x00-\x7f]/],
    ['blank', /[ \t]/],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what the class holds.
    ['cntrl', /[\x00-\x1f\x7f]/],
    ['digit', /[0-9]/],
    ['graph', /[!-~]/],
    ['lower', /[a-z]/],
    ['print', /[ -~]/],
    ['punct', /[!-/:-@[-`{-~]/],
    ['space', /[\t\n\v\f\r ]/],
    ['upper', /[A-Z]/],
    ['word', /[0-9A-Za-z_]/],
    ['xdigit', /[0-9A-Fa-f]/],
  ])('knows the class [:%s:] within brackets, and what is not of it', (name, expected) => {
    for (const character of [...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)), '😀']) {
      const matches = ['', '^'].map((sign) => compilePattern(`[[:${sign}${name}:]]`).matches(character));
      expect([character, ...matches]).toEqual([character, expected.test(character), !expected.test(character)]);
    }
  });

  test('takes a class among other members of a set, and a [ that begins none as itself', () => {
    const set = compilePattern('[^[:upper:][:digit:]_]+');
    expect([set.matches('shop-a'), set.matches('shop_a'), set.matches('shop1')]).toEqual([true, false, false]);
    expect(compilePattern('[[:]+').matches('[:[')).toBe(true);
    expect(compilePattern('[:alpha:]+').matches('alpha:')).toBe(true);
  });

  test.each([
    ['[[:alphabet:]]', 'expected one of [:alnum:] [:alpha:] '],
    ['[a[:Alpha:]]', ' [:xdigit:], or \\[ for the sign itself, at character 3'],
    ['[[::]]', 'expected one of [:alnum:] '],
    ['(a', 'expected a ) at character 3'],
    ['a)', 'expected a ( before this ) at character 2'],
    ['[a', 'expected a ] at character 3'],
    ['*a', 'expected something to repeat before this sign at character 1'],
    ['a**', 'expected one sign of repetition, not two at character 4'],
    ['(?=a)', 'expected (?:…), for neither look-around nor names are known at character 3'],
    ['\\1', 'expected one of \\d \\w \\s \\t \\n \\r \\f \\v or a punctuation mark after \\ at character 2'],
    ['[z-a]', 'expected a range that does not run backwards at character 5'],
    ['a{2', 'expected {n}, {n,} or {n,m}, or \\{ for the sign itself at character 2'],
    ['a{5000}', 'expected numbers from 0 to 1000, the smaller first at character 2'],
    ['(a{1000}){1000}', 'expected a pattern of at most 2000 steps: repeat less at character 1'],
    ['((){1000}){1000}', 'expected a pattern of at most 2000 steps: repeat less at character 1'],
    ['a'.repeat(501), 'expected a pattern of at most 500 characters at character 501'],
  ])('that is none is refused with what was expected: %s', (text, message) => {
    expect(() => compilePattern(text)).toThrow(message);
  });
});
