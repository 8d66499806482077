import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintOf } from '../events/fingerprint.ts';
import { compileMatchers, matcherText, parseMatcher } from './matcher.ts';

const matches = (written: string[], part: Partial<LogEvent>) => {
  const event = logEvent(part);
  return compileMatchers(written.map(parseMatcher))({ event, fingerprint: fingerprintOf(event) });
};

describe('matchers', () => {
  test.each([
    ['level=error', {}, true],
    ['level = "error"', {}, true],
    ['level!=error', {}, false],
    ['source=~"shop|web"', {}, true],
    ['source=~sho', {}, false],
    ['source=~sho.*', {}, true],
    ['source!~"sho.*"', {}, false],
    ['attributes.region="eu"', { attributes: { region: 'eu' } }, true],
    ['attributes.region="eu"', {}, false],
    ['attributes.region=""', {}, true],
    ['attributes.region!=eu', {}, true],
    ['attributes.region!~".+"', {}, true],
    ['attributes.region!~".*"', {}, false],
    ['attributes.region!~eu', {}, true],
    ['attributes.__proto__=""', {}, true],
    ['attributes.constructor=~".+"', {}, false],
    ['source="a \\"quoted\\" \\\\ name"', { source: 'a "quoted" \\ name' }, true],
    ['source=~"a\\.b"', { source: 'a.b' }, true],
  ] as const)('%s of %j is %s', (written, part, expected) => {
    expect(matches([written], part)).toBe(expected);
  });

  test('of one list must all be fulfilled; none matches everything', () => {
    expect(matches(['level=error', 'source=shop'], {})).toBe(true);
    expect(matches(['level=error', 'source=web'], {})).toBe(false);
    expect(matches([], {})).toBe(true);
  });

  test('name an incident by its fingerprint', () => {
    expect(matches([`fingerprint=${fingerprintOf(logEvent())}`], {})).toBe(true);
    expect(matches([`fingerprint=${fingerprintOf(logEvent())}`], { message: 'another' })).toBe(false);
  });

  test.each([
    ['', 'expected a matcher such as source="shop"'],
    ['source', 'expected a matcher such as source="shop"'],
    ['severity=high', 'expected level, source, fingerprint or attributes.<name> before ='],
    ['attributes.=x', 'expected level, source, fingerprint or attributes.<name> before ='],
    ['source="shop', 'expected a closing " at the end of the value'],
    ['source=a,b', 'expected quotes around a value'],
    ['source=~"(a"', 'expected a ) at character 3'],
    [`source=${'x'.repeat(900)}`, 'at most 800 characters'],
  ])('%s is refused with what was expected', (written, message) => {
    expect(() => parseMatcher(written)).toThrow(message);
  });

  test('are read again from their text as they were', () => {
    const operator = fc.constantFrom('=' as const, '!=' as const);
    const label = fc.constantFrom('level', 'source', 'fingerprint', 'attributes.a-b_c.d');
    fc.assert(
      fc.property(label, operator, fc.string({ maxLength: 60 }), (name, sign, value) => {
        const matcher = { label: name, operator: sign, value };
        expect(parseMatcher(matcherText(matcher))).toEqual(matcher);
      }),
    );
  });

  test('take any text or say what they expected', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        try {
          expect(parseMatcher(`source=~${text}`).label).toBe('source');
        } catch (fault) {
          expect(String(fault)).toMatch(/expected /);
        }
      }),
    );
  });
});
