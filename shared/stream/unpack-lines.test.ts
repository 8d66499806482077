import { describe, expect, test } from 'vitest';
import { textEvents } from './unpack-lines.ts';

const split = (...lines: string[]) => textEvents(lines.join('\n'), 100);

describe('a text of several lines', () => {
  test('is an event for each line that begins as the first one does', () => {
    const lines = ['<14>Nov 21 10:00:00 web-1 shop: a', '<14>Nov 21 10:00:01 web-1 shop: b'];
    expect(split(...lines)).toStrictEqual(lines);
    const requests = [1, 2, 3].map((n) => `127.0.0.1 - - [21/Nov/2026:06:31:09 +0000] "GET /${n} HTTP/1.1" 200 3`);
    expect(split(...requests)).toStrictEqual(requests);
    expect(split('level=info msg=a', 'level=warn msg="b c"')).toStrictEqual([
      'level=info msg=a',
      'level=warn msg="b c"',
    ]);
  });

  test('keeps a trace with the line before it', () => {
    const failed =
      '2026-11-21 10:00:00,123 ERROR shop: failed\nTraceback (most recent call last):\n\n  File "a.py"\nX: y';
    const next = '2026-11-21 10:00:01,000 INFO shop: next';
    expect(split(failed, next, failed)).toStrictEqual([failed, next, failed]);
  });

  test.each([
    ['TypeError: x\n    at f (a.js:1:1)\n2026-11-21 10:00:00 INFO next'],
    ['first\nsecond'],
    ['<999>no priority\n<14>one'],
    ['Nov 21 was a day\nNov 22 too'],
    ['one line'],
  ])('is one event when its first line begins none: %j', (text) => {
    expect(textEvents(text, 100)).toStrictEqual([text]);
  });

  test('of more events than allowed is none', () => {
    const lines = new Array(3).fill('<14>a');
    expect([textEvents(lines.join('\n'), 3), textEvents(lines.join('\n'), 2)]).toStrictEqual([lines, undefined]);
  });
});
