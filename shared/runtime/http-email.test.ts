import { expect, test } from 'vitest';
import { emailSenderFault, httpEmail } from './http-email.ts';

test.each([
  ['https://mail.example.org/send', undefined],
  ['http://127.0.0.1:8025/send', undefined],
  ['http://localhost/send', undefined],
  ['http://[::1]:80/', undefined],
  ['http://mail.example.org/send', 'it is not HTTPS'],
  ['http://127.0.0.1.example.org/', 'it is not HTTPS'],
  ['ftp://mail.example.org/', 'it is not HTTPS'],
  ['https://key:secret@mail.example.org/', 'a user name or password is in it'],
  ['mail.example.org', 'it is no URL'],
  ['', 'it is no URL'],
])('the address %j of an email sender: %s', (url, fault) => {
  expect(emailSenderFault(url)).toBe(fault);
});

test('no sender is made for an address that is not HTTPS', () => {
  expect(() => httpEmail({ url: 'http://mail.example.org/', allowed: [] })).toThrow(
    'expected an HTTPS address of the email sender, got http://mail.example.org/: it is not HTTPS',
  );
});
