import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatternError, planRenames, replaceInNames } from './plan.ts';

const plan = (names: string[], search: string, replace: string, others: string[] = []) =>
  planRenames(names, [...names, ...others], { search, replace });

describe('a pattern', () => {
  test('replaces what it finds, by number and by name', () => {
    const pattern = { search: '^IMG_(?<y>\\d{4})-(\\d\\d)', replace: '$2.$<y>' };
    expect(replaceInNames(['IMG_2026-11.jpg', 'other.jpg'], pattern)).toEqual(['11.2026.jpg', 'other.jpg']);
  });

  test('does not mind letter case when it is told so', () => {
    const pattern = { search: 'img', replace: 'photo' };
    expect(replaceInNames(['IMG_1'], pattern)).toEqual(['IMG_1']);
    expect(replaceInNames(['IMG_1'], { ...pattern, ignoreCase: true })).toEqual(['photo_1']);
  });

  test('that would take for ever is stopped after a second', () => {
    const started = performance.now();
    const slow = () => replaceInNames([`${'a'.repeat(60)}!`], { search: '^(a+)+$', replace: '' });
    expect(slow).toThrow('expected a pattern that matches within 1000 ms: this one was stopped');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.each([
    ['(', 'expected a regular expression: Invalid regular expression'],
    ['', 'expected a pattern and a replacement of at most 500 characters'],
    ['a'.repeat(501), 'expected a pattern and a replacement of at most 500 characters'],
  ])('that cannot be used is said so: %j', (search, message) => {
    expect(() => replaceInNames(['a'], { search, replace: '' })).toThrow(PatternError);
    expect(() => replaceInNames(['a'], { search, replace: '' })).toThrow(message);
  });
});

describe('a new name is refused', () => {
  test('when there is a file or a folder of this name', () => {
    expect(plan(['a1.txt'], '\\d', '', ['a.txt'])).toEqual({
      renames: [],
      refusals: [{ from: 'a1.txt', to: 'a.txt', reason: 'there is a file of this name' }],
    });
  });

  test('when it is the name of a file that is renamed itself: what comes first would decide', () => {
    const { renames, refusals } = plan(['1', '2'], '1', '2');
    expect([renames, refusals.map(({ from, to }) => [from, to])]).toEqual([[], [['1', '2']]]);
  });

  test('when two files would have it, also where a file system takes the two names for one', () => {
    for (const names of [
      ['a1.txt', 'a2.txt'],
      ['a1.txt', 'A2.txt'],
      ['\u00e41', 'a\u03082'],
    ]) {
      const { renames, refusals } = plan(names, '\\d', '');
      expect([renames, refusals.length]).toEqual([[], 2]);
    }
  });

  test.each(['', '.', '..', '.hidden', '../up', 'a/b', 'a\\b', 'a\0b', 'x'.repeat(256)])('when it is %j', (to) => {
    const { renames, refusals } = plan(['a'], 'a', to);
    expect([renames, refusals.map((refusal) => refusal.to)]).toEqual([[], [to]]);
  });
});

test('whatever is renamed as planned, in whatever order, no file takes the place of another', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '1', '2', '.', '-'), minLength: 1, maxLength: 4 });
  const search = fc.constantFrom('\\d', 'a', '^a', '.$', '[ab]', '-', '^(.)(.)');
  const replace = fc.constantFrom('', 'a', 'b', '$2$1', '1', '-$&');
  const check = (names: string[], find: string, put: string) => {
    const present = new Set(names);
    const { renames } = plan(names, find, put);
    for (const { from, to } of renames) {
      expect(present.has(to)).toBe(false);
      present.delete(from);
      present.add(to);
    }
    expect(present.size).toBe(names.length);
  };
  fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 8 }), search, replace, check));
});
