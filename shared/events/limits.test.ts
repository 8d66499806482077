import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutText, cutUnits, utf8Bytes } from './limits.ts';

describe('a cut text', () => {
  test('at the limit is whole, one byte over it is cut and says how much', () => {
    expect(cutText('a'.repeat(100), 100)).toEqual({ text: 'a'.repeat(100), cut: false });
    expect(cutText('a'.repeat(101), 100)).toEqual({ text: `${'a'.repeat(60)}… [cut 41 bytes]`, cut: true });
  });

  test('never ends in half a character', () => {
    for (let limit = 0; limit < 120; limit++) {
      const { text } = cutText('😀é€'.repeat(30), limit);
      expect(text.isWellFormed()).toBe(true);
      expect(utf8Bytes(text)).toBeLessThanOrEqual(limit);
    }
  });

  test('keeps to its limit, is a prefix and counts exactly, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 0, max: 400 }), (text, limit) => {
        const result = cutText(text, limit);
        expect(utf8Bytes(result.text)).toBeLessThanOrEqual(limit);
        expect(result.cut).toBe(utf8Bytes(text) > limit);
        const marker = /… \[cut (\d+) bytes\]$/.exec(result.text);
        const kept = marker === null ? result.text : result.text.slice(0, marker.index);
        expect(text.startsWith(kept)).toBe(true);
        if (marker !== null && result.cut) expect(Number(marker[1])).toBe(utf8Bytes(text) - utf8Bytes(kept));
      }),
    );
  });

  test('by units keeps surrogate pairs together', () => {
    expect(cutUnits('ab😀cd', 5)).toEqual({ text: 'ab😀…', cut: true });
    expect(cutUnits('ab😀cd', 4)).toEqual({ text: 'ab…', cut: true });
    expect(cutUnits('ab😀', 4)).toEqual({ text: 'ab😀', cut: false });
  });
});
