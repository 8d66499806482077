import { describe, expect, test } from 'vitest';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import { alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld, denied } from '../../test/support/alert-world.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';

const NOTHING = { due: 0, notices: 0, refused: {}, givenUp: 0, reasons: [] };

describe('what waits for somebody who takes nothing', () => {
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
