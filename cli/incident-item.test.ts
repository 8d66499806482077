import { expect, test } from 'vitest';
import { meansFingerprint, shortFingerprint } from './incident-item.ts';

const FINGERPRINT = 'v1:71b47ce661997f49d9d1c0b20c6ab398';

test('the short form of a fingerprint means it', () => {
  expect(shortFingerprint(FINGERPRINT)).toBe('v1:71b47ce661');
  expect(meansFingerprint(shortFingerprint(FINGERPRINT), FINGERPRINT)).toBe(true);
});

test.each(['v1:71', '71b47', '71B47CE6', FINGERPRINT])('%s means it', (typed) => {
  expect(meansFingerprint(typed, FINGERPRINT)).toBe(true);
});

test.each(['v1:72', 'b47', 'v2:71', `${FINGERPRINT}0`])('%s does not', (typed) => {
  expect(meansFingerprint(typed, FINGERPRINT)).toBe(false);
});
