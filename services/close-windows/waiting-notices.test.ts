import { describe, expect, test } from 'vitest';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import type { SendNotices } from '../../shared/alerts/outbox.ts';
import { alertGroupProjection } from '../../shared/alerts/projection.ts';
import { LEVEL_TOPIC } from '../../shared/alerts/routing-tree.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import { Random } from '../../test/simulation/random.ts';
import { alertEvent, alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld, denied } from '../../test/support/alert-world.ts';
import { interceptedTable } from '../../test/support/intercepted-table.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';
import { closeWindows } from './close-windows.ts';

const NOTHING = { due: 0, notices: 0, refused: {}, givenUp: 0, reasons: [] };

const PAGER = 'oncall:webhook:0';

describe('what waits for somebody who takes nothing', () => {
  test('has its turn within the hour although a run has time for a small part of it, wherever it stands', async () => {
    const { alertGroups } = modelTables();
    const random = new Random(7);
    const clock = { ...manualClock(), random: () => random.next() };
    const start = clock.now();
    const told = new Set<string>();
    const take: SendNotices = async (notices) => {
      for (const { id } of notices) told.add(id);
      return [];
    };
    const refuse: SendNotices = async (notices) => notices.map((_, index) => ({ index, reason: 'denied' }));
    const receivers = new Map([
      [PAGER, refuse],
      [LEVEL_TOPIC, take],
    ]);
    // A group each ten seconds over three hours, each with a dead place; three of them with a live one too.
    const live = [20, 500, 1_000];
    for (let n = 0; n < 1_080; n++) {
      const time = new Date(start + n * 10_000).toISOString();
      const group = alertGroupProjection.evolve(undefined, alertEvent({ id: `${n}`, time }));
      const to = live.includes(n) ? [PAGER, LEVEL_TOPIC] : [PAGER];
      const item = alertGroupProjection.toItem({ ...group, to });
      await alertGroups.putMany([{ ...item, ...alertGroupProjection.keyOf(`${n}`), version: 1, seen: {} }]);
    }
    clock.advance(3 * 3_600_000);
    for (let minute = 0; minute < 60; minute++) {
      // Each page takes a second, and what waits has two: 200 groups of 1,080.
      const table = interceptedTable(alertGroups, (call) => {
        if (call.method === 'query') clock.advance(1_000);
        return call.proceed();
      });
      await closeWindows({ alertGroups: table, receivers, clock }, clock.now() + 6_000);
      clock.advance(60_000);
    }
    expect([...told].sort()).toEqual(live.map((n) => `${n}/first`).sort());
  });

  test('of a storm is sent although it waited for days', async () => {
    const { run, sweep, sent, clock } = alertWorld({
      policy: alertPolicy(routingTree(), { storm: { incidents: 1, window: 300 } }),
    });
    const opens = (place: number, message: string) => recordOfEvents(place, [{ id: `event-${place}`, message }]);
    await run([opens(1, 'one fails'), opens(2, 'others break')], { publish: denied });
    clock.advance(3 * 86_400_000);
    expect(await sweep(denied)).toMatchObject({ notices: 0, givenUp: 0 });
    await sweep();
    expect(sent.map(({ id }) => id).sort()).toEqual([
      'event-1/first',
      'event-1/summary@#storm-1',
      'event-2/first@#storm',
    ]);
  });

  test('of a storm and of the announcement of a silence is counted after a week, and given up', async () => {
    const { run, sweep, clock } = alertWorld({
      policy: alertPolicy(routingTree(), { storm: { incidents: 1, window: 300 } }),
    });
    const time = (seconds: number) => new Date(clock.now() + seconds * 1_000).toISOString();
    const silence = {
      id: 's1',
      matchers: [parseMatcher('source=web')],
      author: 'ann',
      reason: 'a deployment',
      startsAt: time(0),
      endsAt: time(60),
    };
    const events = [
      { type: 'silence.created', time: time(0), source: 'sluice', details: silenceDetails(silence) },
      { time: time(1), source: 'web' },
      { time: time(1), message: 'one fails' },
      { time: time(1), message: 'others break' },
    ];
    const records = events.map((event, n) =>
      recordOfEvents(n, [{ id: `event-${n}`, ...event }], { arrivedAt: clock.now() + 1_000 }),
    );
    await run(records, { publish: denied });
    clock.advance(301_001);
    expect(await sweep(denied)).toMatchObject({ givenUp: 0 });
    clock.advance(7 * 86_400_000);
    // Of the silence, of the storm twice, and of the group of its first incident.
    expect(await sweep(denied)).toEqual({ ...NOTHING, due: 3, givenUp: 4 });
    expect(await sweep(denied)).toEqual(NOTHING);
  });
});
