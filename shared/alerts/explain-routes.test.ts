import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routingTree } from '../../test/support/alert-events.ts';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintOf } from '../events/fingerprint.ts';
import { LEVELS } from '../events/levels.ts';
import { explainRoutes } from './explain-routes.ts';
import { parseMatcher } from './matcher.ts';
import { decideRoutes, type RouteSettings } from './routing-tree.ts';

const on = (...matchers: string[]) => ({ matchers: matchers.map(parseMatcher) });
const addresses = new Map(['all', 'oncall', 'shop', 'pay', 'late'].map((name) => [name, [`${name}:sns:0`]]));
const routable = (part: Partial<LogEvent>) => {
  const event = logEvent(part);
  return { event, fingerprint: fingerprintOf(event) };
};

const TREE: RouteSettings = {
  receiver: 'all',
  routes: [
    { ...on('level=critical'), receiver: 'oncall', continue: true },
    {
      ...on('source=~"shop.*"', 'level!=debug'),
      receiver: 'shop',
      routes: [{ ...on('attributes.team=pay'), receiver: 'pay' }],
    },
    { ...on('level=critical'), receiver: 'late' },
  ],
};

describe('why an event takes its ways', () => {
  const steps = explainRoutes(routable({ source: 'shop-1', level: 'critical' }), routingTree(TREE, { addresses }));

  test('every route is named in its order, with what became of the event there', () => {
    expect(steps.map(({ depth, outcome, route }) => [depth, outcome, route.receiver])).toEqual([
      [0, 'entered', 'all'],
      [1, 'taken', 'oncall'],
      [1, 'taken', 'shop'],
      [2, 'unmatched', 'pay'],
      [1, 'not reached', 'late'],
    ]);
  });

  test('each matcher says whether it is met and what the event has; one that was not looked at says neither yes nor no', () => {
    expect(steps.map(({ matchers }) => matchers)).toEqual([
      [],
      [{ text: 'level="critical"', value: 'critical', isMet: true }],
      [
        { text: 'source=~"shop.*"', value: 'shop-1', isMet: true },
        { text: 'level!="debug"', value: 'critical', isMet: true },
      ],
      [{ text: 'attributes.team="pay"', value: '', isMet: false }],
      [{ text: 'level="critical"', value: 'critical' }],
    ]);
  });
});

const matcher = fc.constantFrom('level=error', 'level!=error', 'source=a', 'source=~"a|b"', 'attributes.x!=1');
const route: fc.Arbitrary<RouteSettings> = fc.letrec<{ route: RouteSettings }>((tie) => ({
  route: fc.record({
    matchers: fc.array(matcher.map(parseMatcher), { maxLength: 2 }),
    continue: fc.boolean(),
    receiver: fc.constantFrom(...addresses.keys()),
    routes: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('route'), { maxLength: 3 })),
  }),
})).route;

test('whatever the tree, what is taken is what is decided', () => {
  const event = fc.record({
    level: fc.constantFrom(...LEVELS),
    source: fc.constantFrom('a', 'b', 'c'),
    attributes: fc.record({ x: fc.constantFrom('1', '2') }, { requiredKeys: [] }),
  });
  fc.assert(
    fc.property(route, event, (root, part) => {
      const tree = routingTree({ ...root, matchers: [] }, { addresses });
      const matched = routable(part);
      const taken = explainRoutes(matched, tree).filter(({ outcome }) => outcome === 'taken');
      expect(taken.map((step) => step.route)).toEqual(decideRoutes(matched, tree, 0).map((way) => way.route));
    }),
  );
});
