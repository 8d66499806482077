import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inert, inertLines } from './inert-text.ts';

test.each([
  ['ANSI escapes', '\u001b[31mred\u001b]0;title\u0007', '\\u001b[31mred\\u001b]0;title\\u0007'],
  ['C1 controls, which some terminals take for an escape', '\u009b31m', '\\u009b31m'],
  ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['line and paragraph separators', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['marks of direction', 'user\u202etxt.exe\u2066', 'user\\u202etxt.exe\\u2066'],
  ['zero-width characters and the byte order mark', 'pay\u200bpal\ufeff', 'pay\\u200bpal\\ufeff'],
  ['tags outside of the first plane', 'a\u{e0041}', 'a\\u{e0041}'],
  ['NUL, backspace, delete', '\0\b\u007f', '\\u0000\\u0008\\u007f'],
  ['half a surrogate pair', 'a\ud800', 'a\\ud800'],
])('%s are shown and not acted upon', (_, text, shown) => {
  expect(inert(text)).toBe(shown);
});

test('letters of any script, accents and emoji stay', () => {
  const text = 'Ärger 支払い失敗 Ошибка خطأ 💥 e\u0301 {"a": 1} \\n';
  expect(inert(text)).toBe(text);
});

test('text of several lines keeps its line feeds and nothing else', () => {
  expect(inertLines('a\r\nb\u001b[2J\nc\rd')).toBe('a\nb\\u001b[2J\nc\\rd');
});

test('whatever comes, the terminal gets nothing active', () => {
  const active = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(active.test(inert(text))).toBe(false);
    }),
  );
});
