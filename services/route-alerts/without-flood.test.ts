import { describe, expect, test } from 'vitest';
import type { LogEvent } from '../../shared/events/event.ts';
import { alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld } from '../../test/support/alert-world.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';
import { MOST_QUIET_GROUPS } from './without-flood.ts';

/** A word without digits, which are masked. */
const word = (n: number) =>
  [n % 26, Math.floor(n / 26) % 26, Math.floor(n / 676)].map((digit) => 'abcdefghijklmnopqrstuvwxyz'[digit]).join('');
const kinds = (count: number, part: Partial<LogEvent> = {}) =>
  Array.from({ length: count }, (_, n) => ({
    message: `the page ${word(n)} was read`,
    level: 'info' as const,
    ...part,
  }));
let ids = 0;
const batch = (...events: Partial<LogEvent>[]) =>
  events.map((event, place) => recordOfEvents(place, [{ id: `event-${ids++}`, ...event }]));
/** No storms: each group is told by itself. */
const setup = () => alertWorld({ policy: alertPolicy(routingTree(), { storm: { incidents: 0, window: 300 } }) });
const TOO_MANY = MOST_QUIET_GROUPS + 10;

describe('a source that says more kinds of things at info and debug in a batch than anybody reads', () => {
  test('is told in so many groups, each with all of its events, and the others are counted as filtered', async () => {
    const { run, sweep, told, outcomes, clock } = setup();
    await run(batch(...kinds(TOO_MANY), ...kinds(TOO_MANY)));
    clock.advance(3_601_000);
    await sweep();
    expect(
      told()
        .map(([, kind, count]) => `${kind} ${count}`)
        .sort(),
    ).toEqual([
      ...Array<string>(MOST_QUIET_GROUPS).fill('first 1'),
      ...Array<string>(MOST_QUIET_GROUPS).fill('summary 2'),
    ]);
    expect(outcomes[0]?.counts).toMatchObject({
      received: 2 * TOO_MANY,
      projected: 2 * MOST_QUIET_GROUPS,
      filtered: 20,
    });
  });

  test.each(['warning', 'error', 'critical'] as const)('at %s is told of all', async (level) => {
    const { run, told, outcomes } = setup();
    await run(batch(...kinds(TOO_MANY, { level })));
    expect([told().length, outcomes[0]?.counts.filtered]).toEqual([TOO_MANY, 0]);
  });

  test('takes nothing from another, nor from what it says at other levels', async () => {
    const { run, sent } = setup();
    const others = [...kinds(3, { source: 'web' }), ...kinds(3, { level: 'warning' })];
    await run(batch(...kinds(TOO_MANY), ...others));
    const heard = sent.filter(({ source, level }) => source === 'web' || level === 'warning');
    expect(heard.length).toBe(others.length);
  });

  test('is told alike when the batch comes again', async () => {
    const { run, told, outcomes } = setup();
    const records = batch(...kinds(TOO_MANY));
    const killed = { publish: () => Promise.reject(new TypeError('killed here')) };
    await expect(run(records, killed)).rejects.toThrow('killed here');
    await run(records);
    await run(records);
    expect(new Set(told().map(([id]) => id)).size).toBe(MOST_QUIET_GROUPS);
    expect(outcomes.map(({ counts: { filtered } }) => filtered)).toEqual([10, 0]);
  });
});
