import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowListed, EMAIL_SOURCE, type Email, emailOf, isAllowed, isAllowListEntry } from './email.ts';
import type { Notice } from './notice.ts';

const NOTICE: Notice = {
  id: 'event-1/first',
  kind: 'first',
  level: 'critical',
  source: 'shop',
  fingerprint: 'v1:abc',
  title: 'shop: down',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: 'down',
};

describe('the allow-list', () => {
  test.each([
    ['an address in it', 'oncall@example.org', true],
    ['an address in other letter case', 'OnCall@Example.ORG', true],
    ['an address of a domain in it', 'anybody@ops.example.com', true],
    ['an address of a domain below', 'anybody@mail.ops.example.com', false],
    ['an address of a domain that ends alike', 'anybody@evilops.example.com', false],
    ['another address', 'somebody@example.org', false],
    ['an address with a header after it', 'oncall@example.org\r\nBcc: all@example.net', false],
    ['two addresses', 'oncall@example.org,all@example.net', false],
    ['a display name', 'On call <oncall@example.org>', false],
    ['two signs', 'all@example.net@ops.example.com', false],
    ['letters that look like others', 'oncall@ex\u0430mple.org', false],
    ['a letter that becomes ASCII in lower case', 'o\u212a@ops.example.com', false],
    ['nothing', '', false],
  ])('%s', (_, address, allowed) => {
    expect(isAllowed(address, ['oncall@example.org', '@ops.example.com'])).toBe(allowed);
  });

  test('an empty one allows nobody', () => {
    fc.assert(fc.property(fc.emailAddress(), (address) => !isAllowed(address, [])));
  });

  test('whatever is allowed is one address that no header can be made of', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress());
    const address = fc.tuple(text, fc.constantFrom('@example.org', '', '\r\n')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(address, (one) => {
        if (isAllowed(one, ['@example.org'])) expect(one).toMatch(/^[\x21-\x7e]+@example\.org$/i);
      }),
    );
  });

  test.each([
    ['a@example.org', true],
    ['@example.org', true],
    ['example.org', false],
    ['@', false],
    ['*@example.org', true],
    ['@*', false],
    ['@example', false],
    ['a@example.org, b@example.org', false],
  ])('takes the entry %j: %j', (entry, taken) => {
    expect(isAllowListEntry(entry)).toBe(taken);
  });
});

test('nothing is sent to an address outside of the allow-list', async () => {
  const sent: Email[] = [];
  const port = allowListed(
    {
      send: async (email) => {
        sent.push(email);
        return { status: 'accepted' };
      },
    },
    ['oncall@example.org'],
  );
  expect(await port.send(emailOf(NOTICE, 'oncall@example.org'))).toEqual({ status: 'accepted' });
  expect(await port.send(emailOf(NOTICE, 'boss@example.org'))).toEqual({
    status: 'refused',
    reason: 'the address is not in the allow-list email.allowed of the configuration',
  });
  expect(sent.map(({ to }) => to)).toEqual(['oncall@example.org']);
});

test('an email has the same id whenever its notice is sent again, and another one for another address', () => {
  const [one, again, other] = ['a@example.org', 'a@example.org', 'b@example.org'].map((to) => emailOf(NOTICE, to).id);
  expect([one === again, one === other]).toEqual([true, false]);
});

test('an email that tells of emails is known as such', () => {
  expect(emailOf(NOTICE, 'a@example.org').isAboutEmail).toBe(false);
  expect(emailOf({ ...NOTICE, source: EMAIL_SOURCE }, 'a@example.org').isAboutEmail).toBe(true);
});
