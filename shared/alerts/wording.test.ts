import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notice } from './notice.ts';
import { webhookBody } from './webhook-body.ts';
import { cleanLine, cleanLines, inertJson } from './wording.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "javascript:alert('x')",
  'one\r\nBcc: all@example.org',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202Efdp.exe',
  'a\u2028b\u2029c\u0085d',
  '<!channel> <@U1> <https://evil.example|click>',
  '\ud800 lone',
  '\u0000\u0001',
  'x'.repeat(1_048_576),
];
const ACTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const notice = (part: Partial<Notice> = {}): Notice => ({
  id: 'event-1/first',
  kind: 'first',
  level: 'error',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: 'shop: refused',
  count: 3,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:05:00.000Z',
  sample: 'refused\nat line 3',
  ...part,
});
const everywhere = (text: string) =>
  notice({ title: text, sample: text, source: text, incidents: [{ fingerprint: 'v1:a', title: text }], link: text });
const anything = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 400 }));

test('a line is one line in which nothing is active, as long as asked for at most, and halves no character', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 1, max: 200 }), (text, most) => {
      const line = cleanLine(text, most);
      expect([ACTIVE.test(line), [...line].length <= most]).toEqual([false, true]);
      expect(ACTIVE.test(cleanLines(text, most).replaceAll('\n', ''))).toBe(false);
    }),
  );
  expect(cleanLine('😀'.repeat(10), 5)).toBe('😀😀😀😀…');
  expect(cleanLines('a\r\nb\n\n\n\nc', 99)).toBe('a\nb\n\nc');
});

test('JSON of whatever text is one line, or indented lines, in which nothing is active, and any reader gets the same value', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const value = { ...everywhere(text), [text]: [text] };
      const [json, indented] = [inertJson(value), inertJson(value, 2)];
      expect([ACTIVE.test(json), ACTIVE.test(indented.replaceAll('\n', ''))]).toEqual([false, false]);
      expect([JSON.parse(json), JSON.parse(indented)]).toEqual([value, value]);
    }),
  );
  expect(inertJson({ a: ['b\nc'] }, 2)).toBe('{\n  "a": [\n    "b\\nc"\n  ]\n}');
});

describe('a webhook', () => {
  test('gets the notices as they are, as JSON', () => {
    expect(JSON.parse(webhookBody('sluice', [notice()]))).toEqual({ version: 1, notices: [notice()] });
  });

  test.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
    'of Slack is sent no mention, link or escape by %j',
    (_, text) => {
      const body = webhookBody('slack', [everywhere(text), notice()]);
      const { text: fallback, attachments } = JSON.parse(body);
      expect(fallback).not.toMatch(/[<>]/);
      expect(attachments.length).toBe(2);
      for (const { blocks } of attachments) {
        expect(blocks.map(({ text: { type } }: { text: { type: string } }) => type)).toEqual([
          'plain_text',
          'plain_text',
        ]);
        expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
        expect([...blocks[1].text.text].length).toBeLessThanOrEqual(3_000);
        expect(ACTIVE.test(blocks[1].text.text.replaceAll('\n', ''))).toBe(false);
      }
    },
  );
});
