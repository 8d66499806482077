import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { emailOf } from '../alerts/email.ts';
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

/** What becomes of an email whose sender answers with a status. */
async function answeredWith(status: number): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const time = '2026-11-21T12:00:00.000Z';
  const notice = { id: 'n', kind: 'first', level: 'error', source: 'shop', fingerprint: 'f', title: 't' } as const;
  const email = emailOf({ ...notice, count: 1, firstSeen: time, lastSeen: time, sample: 's' }, 'a@example.org');
  try {
    return (await httpEmail({ url, allowed: ['a@example.org'] }).send(email)).status;
  } catch (error) {
    return `waits: ${(error as { code?: string }).code}`;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test.each([
  [202, 'accepted'],
  [400, 'refused'],
  [413, 'refused'],
  [415, 'refused'],
  [422, 'refused'],
  [401, 'waits: denied'],
  // Said of the sender's address, or of a repeat: the email itself may be good.
  [404, 'waits: unavailable'],
  [405, 'waits: unavailable'],
  [409, 'waits: unavailable'],
  [410, 'waits: unavailable'],
  [429, 'waits: throttled'],
  [500, 'waits: unavailable'],
])('of an email whose sender answers %i becomes: %s', async (status, outcome) => {
  expect(await answeredWith(status)).toBe(outcome);
});
