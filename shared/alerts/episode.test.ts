import { describe, expect, test } from 'vitest';
import { alertEvent, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { at, story } from '../../test/support/alert-story.ts';
import { type AlertGroup, dueAt, evolve, settle } from './alert-group.ts';

describe('group_wait', () => {
  test('holds the first notice back, which then counts what came meanwhile', () => {
    const { told } = story({ groupWait: 30 }, [0, 0.1, 0.2, 1], { looks: [0.4, 0.6, 6] });
    expect(told).toEqual(['at-0 first 3', 'at-0 summary 4']);
  });

  test('is looked after although no event comes', () => {
    expect(dueAt(story({ groupWait: 30 }, [0]).group)).toBe(at(0.5));
  });
});

describe('repeat_interval', () => {
  test('lets a group that goes on be told again only so often, with all that came meanwhile', () => {
    const { told } = story({ repeatInterval: 3_600 }, [0, 1, 6, 20, 40, 80], { looks: [5, 30, 65, 70, 125] });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-6 repeat 3', 'at-80 repeat 1']);
  });

  test('does not hold an incident back that joins the group: group_interval does', () => {
    const root = { repeatInterval: 3_600, groupBy: ['source'], groupInterval: 300 };
    const event = (n: number) => (n === 4 ? { message: 'another one' } : {});
    const { told, notices } = story(root, [0, 1, 6, 7], { looks: [5, 11.9, 12], event });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-6 repeat 2']);
    expect(notices.at(-1)?.incidents?.map(({ title }) => title)).toEqual([
      'shop: the payment was refused',
      'shop: another one',
    ]);
  });
});

describe('a group that is quiet', () => {
  const root = { resolveTimeout: 600 };

  test('for resolve_timeout is told to be over, with the count of all of it; what comes then is a first one again', () => {
    const { told } = story(root, [0, 1, 6, 40], { looks: [5, 15, 16] });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-6 repeat 1', 'at-6 resolved 3', 'at-40 first 1']);
  });

  test('is looked after although no event comes', () => {
    const { group } = story(root, [0, 1], { looks: [5] });
    expect(dueAt(group)).toBe(at(11));
  });

  test('after a single event is over without a word: one error is one notice', () => {
    const { told, group } = story(root, [0], { looks: [5, 20, 60] });
    expect([told, dueAt(group)]).toEqual([['at-0 first 1'], undefined]);
  });

  test('decides the same when nobody looks until the next event', () => {
    const minutes = [0, 1, 6, 40, 41, 90];
    const looks = Array.from({ length: 100 }, (_, minute) => minute);
    expect(story(root, minutes).told).toEqual(
      story(root, minutes, { looks }).told.slice(0, story(root, minutes).told.length),
    );
  });
});

describe('a group that flaps', () => {
  /** Two events each half an hour: over after ten minutes, then back. */
  const flapping = Array.from({ length: 48 }, (_, n) => [n * 30, n * 30 + 1]).flat();
  const looks = Array.from({ length: 25 * 60 }, (_, minute) => minute);

  test('must be quiet for longer each time, and is told no more often than that: the rest is counted', () => {
    const { group, told } = story({ resolveTimeout: 600 }, flapping, { looks });
    const steady = story({}, flapping, { looks, defaults: { resolveTimeout: NEVER } });
    expect(steady.told.length).toBeGreaterThan(90);
    // Once in 40 minutes: four times its resolve_timeout, at which it is never quiet for long enough.
    expect(told.length).toBeLessThan(45);
    expect(steady.group.total).toBe(group.total);
    expect(told.slice(0, 4)).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-0 resolved 2', 'at-30 first 1']);
  });

  test('starts afresh after a long quiet', () => {
    const { told } = story({ resolveTimeout: 600 }, [0, 1, 30, 31, 2_000], { looks: looks.slice(0, 200) });
    expect(told.at(-1)).toBe('at-2000 first 1');
  });
});

describe('a route that is muted', () => {
  const night = { name: 'night', spans: [{ times: [[780, 1_440]] as const, location: 'UTC' }] };
  const options = { defaults: { timeIntervals: [night], resolveTimeout: { ...NEVER, error: 600 } } };

  test('tells when the mute ends, with the exact count, and sums nothing up before', () => {
    const root = { routes: [{ mute: ['night'] }] };
    const looks = [66, 90, 600, 719, 721];
    const { told } = story(root, [58, 59, 61, 70], { ...options, looks });
    // The window that opened at 12:58 would have closed at 13:03.
    expect(told).toEqual(
      ['at-58 first 1', 'at-58 summary 4', 'at-70 resolved 4'].map((one) => one.replace('at-70', 'at-58')),
    );
  });

  test('is told of at the end when all of it fell into the mute', () => {
    const { told, group } = story({ routes: [{ mute: ['night'] }] }, [61, 62], { ...options, looks: [100, 700] });
    expect([told, dueAt(group)]).toEqual([[], at(720)]);
    expect(settle(group, at(721)).pending.map(({ kind, count }) => [kind, count])).toEqual([
      ['first', 2],
      ['resolved', 2],
    ]);
  });
});

describe('a group with several receivers', () => {
  const addresses = new Map([['both', ['a:sns:0', 'b:webhook:0']]]);
  const one = (n: number) =>
    alertEvent({ id: `e${n}`, time: at(n * 10) }, routingTree({ receiver: 'both' }, { addresses }));
  const alive = (group: AlertGroup): AlertGroup => ({
    ...group,
    pending: group.pending.map((notice) => ({ ...notice, to: ['b:webhook:0'] })),
  });

  test('goes on for one of them when the other takes nothing, and counts what that one did not get', () => {
    let group: AlertGroup | undefined;
    for (let n = 0; n < 30; n++) group = alive(evolve(group, one(n)));
    const last = evolve(group, one(30));
    expect([last.pending.length, last.pending.at(-1)?.to]).toEqual([31, ['a:sns:0']]);
    expect(last.givenUp).toBe(11);
  });
});
