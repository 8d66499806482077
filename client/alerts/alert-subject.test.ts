import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiSubject, subjectOfMessage } from './alert-subject.ts';

test.each([
  ['is left as it is when it is plain', 'Disk full on web-1', 'Disk full on web-1'],
  ['is one line', ' Disk full\r\nBcc: all@example.com\u2028', 'Disk full Bcc: all@example.com'],
  ['loses its accents, not its letters', 'Prüfung für Ångström', 'Prufung fur Angstrom'],
  ['says that there was something else', 'Диск 满 voll 😀', '? ? voll ?'],
  ['shows no text that runs backwards', 'gpj.\u202eexe', 'gpj. exe'],
  ['is cut', 'x'.repeat(200), `${'x'.repeat(96)}...`],
  ['is none when nothing is left', '\u0000 \u200b\n', undefined],
])('a subject %s', (_, text, subject) => {
  expect(asciiSubject(text)).toBe(subject);
});

test('a message without a subject has its level and its first line', () => {
  expect(subjectOfMessage('\n  payment 4711 failed\nat checkout', 'critical')).toBe('[CRITICAL] payment 4711 failed');
  expect(subjectOfMessage('payment 4711 failed', undefined)).toBe('payment 4711 failed');
});

test('whatever a text holds, SNS takes its subject', () => {
  const check = (text: string) => {
    expect(asciiSubject(text) ?? 'none').toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  };
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), check));
});
