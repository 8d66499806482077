import { describe, expect, test } from 'vitest';
import { alertEvent, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { at, NOON, story } from '../../test/support/alert-story.ts';
import type { LogEvent } from '../events/event.ts';
import { dueAt, evolve } from './alert-group.ts';
import { decidedAt, withoutAbandoned } from './pending.ts';
import { alertGroupToItem } from './projection.ts';
import { intoStorm } from './storm.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const REPEATS = { critical: HOUR, error: 4 * HOUR, warning: DAY, info: DAY, debug: DAY };
const RESOLVE = { ...NEVER, critical: HOUR, error: HOUR, warning: HOUR };
const defaults = { repeatInterval: REPEATS, resolveTimeout: RESOLVE };
const bySource = { groupBy: ['source'] };
const looks = Array.from({ length: 26 * 60 }, (_, minute) => minute + 0.5);
const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('a group of several levels', () => {
  const levels = (critical: readonly number[], warnings: readonly number[]) => {
    const isWarning = new Set(warnings);
    const times = [...critical, ...warnings].sort((a, b) => a - b);
    const byTime = new Map(times.map((time) => [time, isWarning.has(time) ? 'warning' : 'critical'] as const));
    const steps = [...times, ...looks].sort((a, b) => a - b);
    const event = (n: number): Partial<LogEvent> => ({ level: byTime.get(steps[n] as number) ?? 'critical' });
    return story(bySource, times, { looks, defaults, event }).told;
  };

  test('that is held back for a warning is told of the critical events that join it, as often as these are', () => {
    const told = levels([0, ...minutes(40, 280)], [1, 20]);
    expect(told).toEqual([
      'at-0 first 1',
      'at-1 repeat 1',
      'at-20 repeat 36',
      'at-75 repeat 60',
      'at-135 repeat 60',
      'at-195 repeat 60',
      'at-255 repeat 26',
      'at-255 resolved 244',
    ]);
  });

  test('tells by its end what a warning alone has held back', () => {
    expect(levels([0], [1, 20, 40])).toEqual(['at-0 first 1', 'at-1 repeat 1', 'at-20 resolved 4']);
  });
});

describe('a group of several incidents', () => {
  const event = (messages: readonly string[], times: readonly number[]) => {
    const byTime = new Map(times.map((time, n) => [time, messages[n]]));
    const steps = [...times, ...looks].sort((a, b) => a - b);
    return (n: number): Partial<LogEvent> => ({ message: byTime.get(steps[n] as number) ?? 'the usual' });
  };
  const toldOf = (messages: readonly string[], times: readonly number[]) =>
    story(bySource, times, { looks, defaults, event: event(messages, times) }).told;

  test('ends when it is quiet, not when what it held back would have been told', () => {
    const told = toldOf(['the usual', 'the usual', 'another one', 'the usual'], [0, 6, 12, 150]);
    expect(told.slice(0, 4)).toEqual(['at-0 first 1', 'at-6 repeat 2', 'at-6 resolved 3', 'at-150 first 1']);
  });

  test('that is over has known nothing: each of its incidents is told when it comes back', () => {
    const told = toldOf(['the usual', 'another one', 'the usual', 'another one'], [0, 10, 600, 610]);
    expect(told).toEqual([
      'at-0 first 1',
      'at-10 repeat 1',
      'at-10 resolved 2',
      'at-600 first 1',
      'at-610 repeat 1',
      'at-610 resolved 2',
    ]);
  });

  test('is told of by itself in a storm that does not name them all', () => {
    const tree = routingTree(bySource);
    const join = (messages: readonly string[]) =>
      messages.reduce(
        (group, message, n) => evolve(group, alertEvent({ id: `e${n}`, message, time: at(n / 60) }, tree)),
        evolve(undefined, alertEvent({ id: 'opener', message: 'the usual', time: at(0) }, tree)),
      );
    const inStorm = { openedBy: 'opener', until: at(5) };
    const both = join(['another one']);
    expect(intoStorm(both, inStorm)).toBe(both);
    expect(intoStorm(join(['the usual']), inStorm).pending).toEqual([]);
  });

  test('is told of what came after the storm, although one batch brought both', () => {
    const tree = routingTree({});
    const first = evolve(undefined, alertEvent({ id: 'opener', time: at(0) }, tree));
    const group = evolve(first, alertEvent({ id: 'later', time: at(4) }, tree));
    expect(intoStorm(group, { openedBy: 'opener', until: at(3) })).toBe(group);
  });
});

describe('what rules and restarts say', () => {
  const event = () => ({
    source: 'sluice.rules',
    message: 'Rule quiet: no event for 10m',
    attributes: { rule: 'quiet' },
  });

  test('is told each time, and never to be over because it was quiet: it tells of a moment', () => {
    const { told } = story({}, [0, 120, 180], { looks, defaults, event });
    expect(told).toEqual(['at-0 first 1', 'at-120 first 1', 'at-180 first 1']);
  });

  test('is held back where the route says so', () => {
    const { told } = story({ repeatInterval: 4 * HOUR }, [0, 30, 180], { looks, defaults, event });
    expect(told).toEqual(['at-0 first 1', 'at-30 repeat 2']);
  });
});

describe('a notice that was held back for long', () => {
  const root = { repeatInterval: 10 * 86_400, resolveTimeout: 0 };
  const { group } = story(root, [0, 30], { looks: [10] });
  const days = (count: number) => NOON + count * 86_400_000;

  test('is given up a week after it was decided, and no sooner', () => {
    const decided = evolve(group, alertEvent({ id: 'late', time: at(10 * 24 * 60 + 1) }, routingTree(root)));
    const waits = { ...decided, arrivedAt: NOON };
    expect(waits.pending.map(({ id }) => id)).toEqual(['at-30/repeat']);
    expect(withoutAbandoned(waits, decidedAt(waits), days(16))).toBe(waits);
    expect(withoutAbandoned(waits, decidedAt(waits), days(18))).toMatchObject({ pending: [], givenUp: 1 });
  });

  test('is not forgotten before it is due', () => {
    const late = story({ ...root, repeatInterval: 30 * 86_400 }, [0, 30], { looks: [10] }).group;
    const due = Date.parse(dueAt(late) ?? '');
    expect(due).toBeGreaterThan(days(29));
    expect((alertGroupToItem(late).expiry as number) * 1_000).toBeGreaterThan(due + 86_400_000);
  });
});
