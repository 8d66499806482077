import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packConfiguration, unpackConfiguration } from './packed-configuration.ts';

test('a configuration comes out of its package as it went in, and one that was never packed stays as it is', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(unpackConfiguration(packConfiguration(json))).toBe(json);
      expect(unpackConfiguration(json)).toBe(json);
    }),
  );
});

test('fifty routes fit where a Lambda keeps its environment', () => {
  const routes = Array.from({ length: 50 }, (_, n) => ({
    matchers: [{ label: 'source', operator: '=~', value: `service-${n}-.*` }],
    receiver: `team-${n % 7}`,
    groupInterval: 300,
  }));
  expect(packConfiguration(JSON.stringify({ alerts: { route: { routes } } })).length).toBeLessThan(3_000);
});
