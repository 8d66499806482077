import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertPolicy, NEVER, routingTree, WINDOWS } from '../../test/support/alert-events.ts';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintEvent } from '../events/fingerprint.ts';
import { LEVELS } from '../events/levels.ts';
import { NoticeComparison } from './compare-notices.ts';
import { compileInhibition } from './inhibition.ts';
import { parseMatcher } from './matcher.ts';
import { AlertRehearsal, type ArrivedAlert } from './rehearse.ts';
import type { RouteSettings, RoutingTree } from './routing-tree.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const addresses = new Map(['ops', 'shop', 'nobody'].map((name) => [name, name === 'nobody' ? [] : [`${name}:sns:0`]]));

function alert(seconds: number, part: Partial<LogEvent> = {}, late = 0): ArrivedAlert {
  const at = NOON + seconds * 1_000;
  const event = logEvent({ id: `at-${seconds}`, time: new Date(at).toISOString(), ...part });
  return { event, ...fingerprintEvent(event), arrivedAt: at + late * 1_000 };
}

function rehearsed(alerts: readonly ArrivedAlert[], tree: RoutingTree) {
  const told: [string, string, number][] = [];
  const rehearsal = new AlertRehearsal(alertPolicy(tree), (receiver, { id, count }) =>
    told.push([receiver, id, count]),
  );
  for (const one of alerts) rehearsal.take(one);
  rehearsal.finish();
  return told;
}

const tree = (root: RouteSettings, resolveTimeout = NEVER) => routingTree(root, { addresses, resolveTimeout });

describe('a rehearsal', () => {
  test('tells a burst once, sums it up when its window closes, and says when it is over', () => {
    const burst = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => alert(n));
    expect(rehearsed(burst, tree({}, WINDOWS))).toEqual([
      ['level-topic error', 'at-0/first', 1],
      ['level-topic error', 'at-0/summary', 10],
      ['level-topic error', 'at-0/resolved', 10],
    ]);
  });

  test('closes windows on the way: the next event opens one of its own', () => {
    expect(rehearsed([alert(0), alert(1), alert(400)], tree({}))).toEqual([
      ['level-topic error', 'at-0/first', 1],
      ['level-topic error', 'at-0/summary', 2],
      ['level-topic error', 'at-400/repeat', 1],
    ]);
  });

  test('decides on the times of the events: one that comes late counts in the window of its time', () => {
    expect(rehearsed([alert(0), alert(10, {}, 3_600)], tree({}))).toEqual([
      ['level-topic error', 'at-0/first', 1],
      ['level-topic error', 'at-0/summary', 2],
    ]);
  });

  test('tells every receiver on the way, and nobody where a receiver has no addresses', () => {
    const routes = [
      { matchers: [parseMatcher('source=shop')], receiver: 'ops', name: 'ops', continue: true },
      { matchers: [parseMatcher('level=error')], receiver: 'shop', name: 'shop' },
    ];
    expect(rehearsed([alert(0)], tree({ routes }))).toEqual([
      ['ops', 'at-0/first@ops', 1],
      ['shop', 'at-0/first@shop', 1],
    ]);
    expect(rehearsed([alert(0)], tree({ receiver: 'nobody' }))).toEqual([]);
  });

  test('waits for what group_wait holds back', () => {
    const told: string[] = [];
    const rehearsal = new AlertRehearsal(
      alertPolicy(tree({ groupWait: 120, groupBy: ['source'] })),
      (_, { id, count }) => told.push(`${id} ${count}`),
    );
    rehearsal.take(alert(0));
    rehearsal.take(alert(90, { message: 'another' }));
    expect(told).toEqual([]);
    rehearsal.take(alert(200, { source: 'other' }));
    expect(told).toEqual(['at-0/first 2']);
  });
});

function compared(alerts: readonly ArrivedAlert[], before: RoutingTree, after: RoutingTree) {
  const comparison = new NoticeComparison();
  for (const [side, of] of [
    ['before', before],
    ['after', after],
  ] as const) {
    const rehearsal = new AlertRehearsal(alertPolicy(of), (receiver, notice) => comparison.add(side, receiver, notice));
    for (const one of alerts) rehearsal.take(one);
    rehearsal.finish();
  }
  return comparison.byReceiver(2);
}

describe('a comparison', () => {
  const day = Array.from({ length: 20 }, (_, n) => alert(n * 600, { id: `day-${n}` }));

  test('names what another receiver wins and what the present one loses, with some examples', () => {
    const [lost, won] = compared(day, tree({}), tree({ receiver: 'ops', groupInterval: 3_600 }));
    expect(lost).toMatchObject({ receiver: 'level-topic error', before: 20, after: 0, won: 0, lost: 20 });
    expect(won).toMatchObject({ receiver: 'ops', before: 0, won: 8, lost: 0 });
    expect(lost?.examples.lost.map(({ firstSeen, kind }) => [firstSeen, kind])).toEqual([
      ['2026-11-21T12:00:00.000Z', 'first'],
      ['2026-11-21T15:10:00.000Z', 'repeat'],
    ]);
    expect([lost?.examples.won, won?.examples.lost, won?.examples.won.length]).toEqual([[], [], 2]);
  });

  test('a longer window loses repeats and wins summaries', () => {
    const [change] = compared(day.slice(0, 6), tree({}), tree({ groupInterval: 3_600 }));
    expect(change).toMatchObject({ before: 6, after: 2, won: 1, lost: 5 });
    expect(change?.examples.won).toMatchObject([{ kind: 'summary', count: 6 }]);
  });

  test('a summary with another count is the same notice, and so is an end after other windows', () => {
    const alerts = [0, 10, 20, 200, 310].map((n) => alert(n));
    const [change] = compared(alerts, tree({ groupInterval: 150 }, WINDOWS), tree({ groupInterval: 250 }, WINDOWS));
    expect(change).toMatchObject({ before: 5, after: 4, won: 1, lost: 2 });
  });
});

const events = fc.array(
  fc.record({
    seconds: fc.integer({ min: 0, max: 20_000 }),
    late: fc.constantFrom(0, 0, 5, 4_000),
    level: fc.constantFrom(...LEVELS),
    source: fc.constantFrom('shop', 'web', 'a/first@ops'),
    message: fc.constantFrom('one', 'two', 'three'),
  }),
  { maxLength: 60 },
);
const settings = fc.record(
  {
    receiver: fc.constantFrom('ops', 'shop'),
    groupBy: fc.constantFrom(['source'], ['...'], ['fingerprint', 'level']),
    groupWait: fc.constantFrom(0, 30),
    groupInterval: fc.constantFrom(60, 900),
    repeatInterval: fc.constantFrom(0, 3_600),
    resolveTimeout: fc.constantFrom(0, 600),
  },
  { requiredKeys: [] },
);

test('an incident that goes on while another inhibits it is rehearsed as going on', () => {
  const matchers = (text: string) => [parseMatcher(text)];
  const rule = { source: matchers('level=critical'), target: matchers('level=error'), equal: ['source'], seconds: 300 };
  const routing = tree({}, { ...NEVER, error: 1_800 });
  const kinds: string[] = [];
  const rehearsal = new AlertRehearsal(
    alertPolicy(routing, { inhibition: compileInhibition([rule]) }),
    (_, { kind, level }) => kinds.push(`${level} ${kind}`),
  );
  for (const one of [alert(0), alert(1)]) rehearsal.take(one);
  for (let second = 60; second < 4_000; second += 60) {
    rehearsal.take(alert(second, { id: `c-${second}`, level: 'critical', message: 'the disk is full' }));
    rehearsal.take(alert(second));
  }
  rehearsal.take(alert(5_000));
  rehearsal.finish();
  const ofErrors = kinds.filter((kind) => kind.startsWith('error'));
  expect(ofErrors).toEqual(['error first', 'error summary', 'error repeat', 'error resolved']);
});

test('the same configuration wins and loses nothing, whatever the events; one that tells nobody loses all and wins nothing', () => {
  fc.assert(
    fc.property(events, settings, (written, root) => {
      const alerts = written
        .map(({ seconds, late, ...part }, n) => alert(seconds, { ...part, id: `${part.source}/${n}` }, late))
        .sort((a, b) => a.arrivedAt - b.arrivedAt);
      for (const one of compared(alerts, tree(root), tree(root))) {
        expect(one).toMatchObject({ won: 0, lost: 0, examples: { won: [], lost: [] }, after: one.before });
      }
      for (const one of compared(alerts, tree(root), tree({ receiver: 'nobody' }))) {
        expect(one).toMatchObject({ won: 0, lost: one.before, after: 0 });
      }
    }),
  );
});

test('every event is in a notice once: first, or counted by a summary', () => {
  fc.assert(
    fc.property(events, (written) => {
      const alerts = written
        .map(({ seconds, ...part }, n) => alert(seconds, { ...part, id: `${n}` }))
        .sort((a, b) => a.arrivedAt - b.arrivedAt);
      const windows = new Map<string, number>();
      for (const [, id, count] of rehearsed(alerts, tree({}))) windows.set(id.slice(0, id.lastIndexOf('/')), count);
      expect([...windows.values()].reduce((sum, count) => sum + count, 0)).toBe(alerts.length);
    }),
  );
});
