import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Notice, subjectOf, titleOf } from './notice.ts';

const notice = (part: Partial<Notice>): Notice => ({
  id: 'event-1/first',
  kind: 'first',
  level: 'error',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: 'shop: refused',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: 'refused',
  ...part,
});

describe('the subject of an email', () => {
  test('names the level and the title, and the count of a summary', () => {
    expect(subjectOf(notice({}))).toBe('[ERROR] shop: refused');
    expect(subjectOf(notice({ kind: 'summary', count: 12 }))).toBe('[ERROR] (12 times) shop: refused');
  });

  test('says that it is over', () => {
    expect(subjectOf(notice({ kind: 'resolved', count: 12 }))).toBe('[ERROR] resolved shop: refused');
  });

  test("leaves how many to a storm's title, which counts incidents", () => {
    const storm = {
      kind: 'summary',
      count: 30,
      fingerprint: 'storm:shop',
      title: 'shop: storm, 30 more incidents',
    } as const;
    expect(subjectOf(notice(storm))).toBe('[ERROR] shop: storm, 30 more incidents');
  });

  test('is cut to 99 characters', () => {
    expect(subjectOf(notice({ title: 'x'.repeat(91) }))).toBe(`[ERROR] ${'x'.repeat(91)}`);
    expect(subjectOf(notice({ title: 'x'.repeat(92) }))).toBe(`[ERROR] ${'x'.repeat(88)}...`);
  });

  test('is one line of printable ASCII that SNS takes, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
        expect(subjectOf(notice({ title }))).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
    );
  });
});

describe('the title of a notice', () => {
  test.each([
    ['a line break', 'one\r\nBcc: all@example.com', 'shop: one Bcc: all@example.com'],
    ['a bidirectional override', 'abc\u202Efdp.exe', 'shop: abc fdp.exe'],
    ['an escape sequence', '\x1b[31mred\x1b[0m', 'shop: [31mred [0m'],
    ['a line separator', 'one\u2028two', 'shop: one two'],
    ['a zero-width character', 'pass\u200Bword', 'shop: pass word'],
  ])('is one inert line in spite of %s', (_, template, title) => {
    expect(titleOf('shop', template)).toBe(title);
  });

  test('is cut to 200 characters and halves none', () => {
    expect(titleOf('shop', 'x'.repeat(194))).toBe(`shop: ${'x'.repeat(194)}`);
    expect(titleOf('shop', '😀'.repeat(195))).toBe(`shop: ${'😀'.repeat(193)}…`);
  });
});
