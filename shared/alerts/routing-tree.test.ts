import { describe, expect, test } from 'vitest';
import { NEVER } from '../../test/support/alert-events.ts';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintOf } from '../events/fingerprint.ts';
import { parseMatcher } from './matcher.ts';
import { compileTree, decideRoutes, type RouteSettings } from './routing-tree.ts';

const WINDOWS = { critical: 60, error: 300, warning: 900, info: 3_600, debug: 3_600 };
const NOON = Date.parse('2026-11-20T12:00:00.000Z');
const OFFICE = {
  name: 'office',
  spans: [{ times: [[540, 1_020]] as const, weekdays: [[1, 5]] as const, location: 'Europe/Berlin' }],
};

const REPEATS = { ...WINDOWS, error: 14_400 };

const treeOf = (root: RouteSettings) =>
  compileTree(root, {
    groupInterval: WINDOWS,
    repeatInterval: REPEATS,
    resolveTimeout: { ...WINDOWS, critical: 1_800 },
    timeIntervals: [OFFICE],
    addresses: new Map(
      ['all', 'oncall', 'shop', 'never after shop', 'pay', 'x'].map((name) => [name, [`${name}:sns`]]),
    ),
  });
const routable = (part: Partial<LogEvent> = {}) => {
  const event = logEvent(part);
  return { event, fingerprint: fingerprintOf(event) };
};
const waysOf = (root: RouteSettings, part: Partial<LogEvent> = {}, now = NOON) =>
  decideRoutes(routable(part), treeOf(root), now);
const receivers = (root: RouteSettings, part?: Partial<LogEvent>) =>
  waysOf(root, part).map(({ route }) => route.receiver);
const on = (...matchers: string[]) => ({ matchers: matchers.map(parseMatcher) });

describe('without routes', () => {
  test('an event goes to the topic of its level, grouped by fingerprint and level, in the windows of the levels', () => {
    const { fingerprint } = routable();
    expect(waysOf({})).toEqual([
      {
        group: `${fingerprint}#error`,
        tellFrom: NOON,
        route: {
          name: '',
          receiver: 'level-topic',
          to: ['level-topic'],
          groupBy: ['fingerprint', 'level'],
          groupWait: 0,
          groupInterval: WINDOWS,
          repeatInterval: REPEATS,
          ownRepeatInterval: NEVER,
          resolveTimeout: { ...WINDOWS, critical: 1_800 },
        },
      },
    ]);
  });
});

describe('the tree', () => {
  const tree: RouteSettings = {
    receiver: 'all',
    routes: [
      { ...on('level=critical'), receiver: 'oncall', continue: true },
      { ...on('source=~"shop.*"'), receiver: 'shop', routes: [{ ...on('attributes.team=pay'), receiver: 'pay' }] },
      { ...on('level=critical'), receiver: 'never after shop' },
    ],
  };

  test.each([
    [{ source: 'web' }, ['all']],
    [{ source: 'shop-1' }, ['shop']],
    [{ source: 'shop-1', attributes: { team: 'pay' } }, ['pay']],
    [{ source: 'shop-1', level: 'critical' }, ['oncall', 'shop']],
    [{ source: 'web', level: 'critical' }, ['oncall', 'never after shop']],
  ] as const)('sends %j to %j', (part, expected) => {
    expect(receivers(tree, part)).toEqual(expected);
  });

  test('hands down what a route does not say itself', () => {
    const root = { groupWait: 5, groupInterval: 30, repeatInterval: 3_600, groupBy: ['source'] };
    const [way] = waysOf({ ...root, routes: [{ ...on('level=error'), receiver: 'x', groupWait: 0 }] });
    expect(way?.route).toMatchObject({ receiver: 'x', groupWait: 0, groupBy: ['source'] });
    expect(way?.route.repeatInterval).toEqual({
      critical: 3_600,
      error: 3_600,
      warning: 3_600,
      info: 3_600,
      debug: 3_600,
    });
    expect(way?.route.groupInterval.critical).toBe(30);
  });

  test('keeps the groups of two routes apart, and those of one route through changes of other routes', () => {
    const both = { routes: [{ ...on('level=error'), continue: true }, on('source=shop')] };
    const groups = waysOf(both).map(({ group }) => group);
    expect(new Set(groups).size).toBe(2);
    expect(waysOf({ routes: [on('source=shop')] })[0]?.group).toBe(groups[1]);
    const twice = { routes: [{ ...on('level=error'), continue: true }, on('level=error')] };
    expect(new Set(waysOf(twice).map(({ group }) => group)).size).toBe(2);
  });

  test('knows a route by its name when its matchers change', () => {
    const named = (matcher: string) => waysOf({ routes: [{ ...on(matcher), name: 'shop' }] })[0]?.group;
    expect(named('source=shop')).toBe(named('source=~"shop.*"'));
  });
});

describe('a group', () => {
  const groupOf = (groupBy: string[], part: Partial<LogEvent> = {}) => waysOf({ groupBy }, part)[0]?.group;

  test('is made of the values of its labels, whatever they hold', () => {
    expect(groupOf(['source'], { source: 'a","b' })).not.toBe(groupOf(['source', 'level'], { source: 'a' }));
    expect(groupOf(['source'])).toBe(groupOf(['source'], { message: 'another', level: 'info' }));
    expect(groupOf([])).toBe(groupOf([], { source: 'other' }));
  });

  test('by all labels holds events with the same attributes, in any order', () => {
    const attributes = (all: Record<string, string>) => groupOf(['...'], { attributes: all });
    expect(attributes({ a: '1', b: '2' })).toBe(attributes({ b: '2', a: '1' }));
    expect(attributes({ a: '1' })).not.toBe(attributes({ a: '2' }));
  });

  test('has a key that DynamoDB takes, however long its values are', () => {
    const long = (end: string) => groupOf(['attributes.x'], { attributes: { x: `${'é'.repeat(9_000)}${end}` } }) ?? '';
    expect(Buffer.byteLength(long('a'))).toBeLessThan(2_048);
    expect(long('a')).not.toBe(long('b'));
  });
});

describe('a route with times', () => {
  const night = Date.parse('2026-11-20T20:00:00.000Z');
  const monday = Date.parse('2026-11-23T08:00:00.000Z');

  test('holds its notices back until it may tell them', () => {
    const root = { routes: [{ ...on('level=error'), active: ['office'] }] };
    expect(waysOf(root, {}, night)[0]?.tellFrom).toBe(monday);
    expect(waysOf(root, {}, NOON)[0]?.tellFrom).toBe(NOON);
  });

  test('does not hand them down', () => {
    const root = { routes: [{ ...on('level=error'), mute: ['office'], routes: [on('source=shop')] }] };
    expect(waysOf(root)[0]?.tellFrom).toBe(NOON);
    expect(waysOf(root, { source: 'web' })[0]?.tellFrom).toBe(Date.parse('2026-11-20T16:00:00.000Z'));
  });

  test('that are not defined is a fault', () => {
    expect(() => treeOf({ routes: [{ mute: ['never'] }] })).toThrow('expected one of office, got never');
  });
});
