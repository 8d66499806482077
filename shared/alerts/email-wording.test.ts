import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emailHtml, emailSubject, emailText } from './email-wording.ts';
import type { Notice } from './notice.ts';

const notice = (part: Partial<Notice> = {}): Notice => ({
  id: 'event-1/first',
  kind: 'first',
  level: 'error',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: 'shop: the payment of <*> was refused',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:05:00.000Z',
  sample: 'the payment of 4711 was refused\n\tat pay (pay.ts:1)',
  link: 'https://sluice.example.org/incidents/v1:abc?a=1&b=2',
  ...part,
});

/** Any text, and the texts that attacks are made of. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        ...['\r\nBcc: all@example.com', '\n.\n', '<script>alert(1)</script>', '"><img src=x onerror=a>', "'", '&lt;'],
        ...['\u202e', '\u2066', '\u2028', '\u0000', '\u001b[2J', '\ud800', '😀', 'é', 'javascript:alert(1)', '</pre>'],
      ),
    )
    .map((parts) => parts.join('')),
);
const anyNotice = fc
  .record({
    title: hostile,
    source: hostile,
    sample: hostile,
    id: hostile,
    fingerprint: hostile,
    link: hostile,
    kind: fc.constantFrom('first', 'repeat', 'summary', 'resolved'),
    incidents: fc.array(fc.record({ fingerprint: hostile, title: hostile }), { maxLength: 2 }),
  })
  .map((part) => notice(part as Partial<Notice>));

describe('the subject', () => {
  test('says the level, what became of it and how often', () => {
    expect(emailSubject(notice())).toBe('[ERROR] shop: the payment of <*> was refused');
    expect(emailSubject(notice({ kind: 'summary', count: 12 }))).toBe(
      '[ERROR] (12 times) shop: the payment of <*> was refused',
    );
    expect(emailSubject(notice({ kind: 'resolved' }))).toBe('[ERROR] resolved shop: the payment of <*> was refused');
  });

  test('keeps the letters of every language, and halves no character where it is cut', () => {
    expect(emailSubject(notice({ title: '支払い: Größe' }))).toBe('[ERROR] 支払い: Größe');
    expect(emailSubject(notice({ title: '😀'.repeat(300) }))).toBe(`[ERROR] ${'😀'.repeat(141)}…`);
  });

  test('is one line of at most 150 characters without anything active, whatever the notice says', () => {
    fc.assert(
      fc.property(anyNotice, (one) => {
        const subject = emailSubject(one);
        expect([...subject].length).toBeLessThanOrEqual(150);
        expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });
});

describe('the plain text', () => {
  test('tells what happened, how often and since when, and where to look', () => {
    expect(emailText(notice({ count: 12, kind: 'summary' }))).toBe(
      [
        'shop: the payment of <*> was refused (was repeated)',
        'Level: error',
        'Source: shop',
        'Events: 12',
        'First seen: 2026-11-21T12:00:00.000Z',
        'Last seen: 2026-11-21T12:05:00.000Z',
        'Fingerprint: v1:abc',
        'Incident: https://sluice.example.org/incidents/v1:abc?a=1&b=2',
        '',
        'the payment of 4711 was refused',
        '\tat pay (pay.ts:1)',
        '',
        'sluice incidents show v1:abc tells more. Notice event-1/first',
        '',
      ].join('\n'),
    );
  });

  test('has no control character but line feeds and tabs, and is short, whatever the notice says', () => {
    fc.assert(
      fc.property(anyNotice, (one) => {
        const text = emailText(one).replaceAll(/[\n\t]/g, '');
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(emailText({ ...one, sample: one.sample.repeat(2_000) }).length).toBeLessThan(12_000);
      }),
    );
  });
});

describe('the HTML', () => {
  test('escapes what a log line says', () => {
    const html = emailHtml(notice({ title: '<img src=x onerror=alert(1)>', sample: '</pre><script>"\'&' }));
    expect(html).toContain('<h3>&lt;img src=x onerror=alert(1)&gt; (is new)</h3>');
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;&quot;&#39;&amp;</pre>');
    expect(html).toContain('href="https://sluice.example.org/incidents/v1:abc?a=1&amp;b=2"');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'https://admin:pw@example.org/', 'nonsense', ''])(
    'has no link to %s',
    (link) => {
      expect(emailHtml(notice({ link }))).not.toContain('href');
      expect(emailText(notice({ link }))).not.toContain('Incident:');
    },
  );

  test('is well formed, of these elements and attributes alone, whatever the notice says', () => {
    fc.assert(
      fc.property(anyNotice, (one) => {
        expect(faultsOf(emailHtml(one))).toEqual([]);
      }),
    );
  });
});

describe('the email of a storm', () => {
  const storm = notice({
    kind: 'summary',
    fingerprint: 'storm:shop',
    title: 'shop: storm, 2 more incidents',
    count: 2,
    sample: '',
    incidents: [
      { fingerprint: 'v1:a', title: 'shop: no <b>stock</b>' },
      { fingerprint: 'v1:b', title: 'shop: no price' },
    ],
  });
  const { link: _, ...unlinked } = storm;

  test('names the incidents that came in it, and counts them, not events', () => {
    expect(emailSubject(storm)).toBe('[ERROR] shop: storm, 2 more incidents');
    expect(emailText(unlinked)).toBe(`shop: storm, 2 more incidents (what the storm brought)
Level: error
Source: shop
Incidents: 2
First seen: 2026-11-21T12:00:00.000Z
Last seen: 2026-11-21T12:05:00.000Z


- shop: no <b>stock</b> (v1:a)
- shop: no price (v1:b)

sluice incidents list tells more. Notice event-1/first
`);
    expect(emailHtml(storm)).toContain('<li>shop: no &lt;b&gt;stock&lt;/b&gt; (v1:a)</li>');
  });

  test('says that it began', () => {
    expect(emailText(notice({ ...storm, kind: 'first' }))).toMatch(/^shop: storm, .* \(a storm began\)\n/);
  });
});

const VOID = ['<!DOCTYPE html>', '<meta charset="utf-8">'];
const OPENING = [
  ...['<html lang="en">', '<head>', '<title>', '<body>', '<h3>', '<table cellpadding="4">', '<tr>', '<td>', '<p>'],
  ...['<pre style="white-space:pre-wrap">', '<small>', '<ul>', '<li>'],
];
const LINK = /^<a href="https?:\/\/(?:[^"'&<>\s]|&(?:amp|#39);)+">$/;
const TEXT = /^(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)*$/;

/** Reads HTML strictly: every tag known as a whole and closed in order, every text escaped. */
function faultsOf(html: string): string[] {
  const open: string[] = [];
  const faultIn = (part: string): boolean => {
    if (part.startsWith('</')) return open.pop() !== part.slice(2, -1);
    if (!part.startsWith('<')) return !TEXT.test(part);
    if (VOID.includes(part)) return false;
    open.push(/^<(\w+)/.exec(part)?.[1] ?? '');
    return !OPENING.includes(part) && !LINK.test(part);
  };
  return [...html.split(/(<[^<>]*>)/).filter(faultIn), ...open];
}
