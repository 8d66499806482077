import { describe, expect, test } from 'vitest';
import { alertEvent, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { at, NOON, story } from '../../test/support/alert-story.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintOf } from '../events/fingerprint.ts';
import { dueAt, evolve, settle } from './alert-group.ts';
import { groupKey } from './routing-tree.ts';

const HOUR = 3_600;
const looks = Array.from({ length: 10 * 60 }, (_, minute) => minute + 0.5);
/** An event a minute, from one minute to another. */
const minutes = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);

describe('a group that goes on', () => {
  test('is told of in its first window and then once in its repeat interval, with the exact count', () => {
    const { told, group } = story({ repeatInterval: HOUR }, minutes(0, 150, 2), { looks });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 3', 'at-6 repeat 30', 'at-66 repeat 30', 'at-126 repeat 13']);
    expect(group.total).toBe(76);
  });

  test('has the interval of its level', () => {
    const defaults = { repeatInterval: { ...NEVER, error: HOUR, info: 86_400 } };
    const times = minutes(0, 130, 10);
    const event = () => ({ level: 'info' as const });
    expect(story({}, times, { looks, defaults }).told.length).toBeGreaterThan(2);
    expect(story({}, times, { looks, defaults, event }).told).toEqual(['at-0 first 1', 'at-0 summary 6']);
  });

  test('decides the same when nobody looks until its next event', () => {
    const root = { repeatInterval: HOUR, resolveTimeout: 600 };
    const times = [0, 1, 6, 7, 30, 31, 33, 70, 71, 200];
    const alone = story(root, times).told;
    expect(alone).toEqual(story(root, times, { looks }).told.slice(0, alone.length));
  });
});

describe('the end of an incident within its repeat interval', () => {
  const root = { repeatInterval: 4 * HOUR, resolveTimeout: HOUR };

  test('is told when it is over, and sums up what was held back', () => {
    const { told, group } = story(root, [0, 1, 10, 20, 30], { looks });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-10 resolved 5']);
    expect(dueAt(group)).toBeUndefined();
  });

  test('is looked for although no event comes, before the interval is', () => {
    expect(dueAt(story(root, [0, 1, 10, 20], { looks: [5] }).group)).toBe(at(80));
    // Not at another time with each event: the index of what is due is not written anew with each.
    expect(dueAt(story(root, [0, 1, 10, 16], { looks: [5] }).group)).toBe(at(80));
  });

  test('is no reason to keep its return back: people heard that it was over', () => {
    const { told } = story(root, [0, 1, 10, 75, 76], { looks: looks.slice(0, 90) });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-10 resolved 3', 'at-75 first 1', 'at-75 summary 2']);
  });

  test('of a single event is told to nobody: its return waits for the interval, and is told then, although it is over', () => {
    const { told, group } = story(root, [0, 90, 91, 92], { looks });
    expect(told).toEqual(['at-0 first 1', 'at-90 first 3', 'at-90 resolved 3']);
    expect(group.total).toBe(4);
  });

  test('is not taken for told because an older episode was told after it began', () => {
    const late = (id: string, minute: number) => alertEvent({ id, time: at(minute) }, tree, NOON + 300 * 60_000);
    const tree = routingTree({ repeatInterval: HOUR, resolveTimeout: 60 });
    const one = settle(evolve(evolve(undefined, late('a', 0)), late('b', 10)), at(70));
    const back = evolve(evolve({ ...one, pending: [] }, late('c', 50)), late('d', 119));
    expect(settle({ ...back, pending: [] }, at(121)).pending.map(({ id, count }) => [id, count])).toEqual([
      ['c/first', 2],
      ['c/resolved', 2],
    ]);
  });
});

describe('a group of several incidents', () => {
  const root = { repeatInterval: 4 * HOUR, groupBy: ['source'], groupInterval: 300 };
  const kinds =
    (...messages: Record<string, string>[]) =>
    (n: number): Partial<LogEvent> =>
      messages[n] ?? { message: 'the usual' };
  const usual = { message: 'the usual' };

  test('is told of a new one at once, although it was told of the others a while ago', () => {
    const event = kinds(usual, usual, usual, { message: 'another one' });
    const { told, notices } = story(root, [0, 1, 20, 30, 31], { event, looks: [] });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-20 repeat 2']);
    expect(notices.at(-1)?.incidents?.map(({ title }) => title)).toEqual(['shop: the usual', 'shop: another one']);
  });

  test('is told of a new one that opens a window', () => {
    const { told } = story(root, [0, 30], { event: kinds(usual, { message: 'another one' }) });
    expect(told).toEqual(['at-0 first 1', 'at-30 repeat 1']);
  });

  test('is told of a new one no sooner after its last notice than its group_interval', () => {
    const event = kinds(usual, usual, usual, { message: 'another one' });
    const { told } = story(root, [0, 1, 6], { event, looks: [5, 7, 9.9, 10] });
    expect(story(root, [0, 1, 6], { event, looks: [5, 7, 9.9] }).told).toEqual(['at-0 first 1', 'at-0 summary 2']);
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 2', 'at-6 repeat 1']);
  });

  test('is told of a level that is new in it, whatever window is open', () => {
    const defaults = { groupInterval: { critical: 60, error: 300, warning: 900, info: HOUR, debug: HOUR } };
    const byIncident = { repeatInterval: 86_400, groupBy: ['fingerprint'] };
    const event = (n: number) => ({ level: n < 2 ? ('info' as const) : ('critical' as const) });
    const { told, notices } = story(byIncident, [0, 1, 10], { event, defaults, looks: [10] });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 3']);
    expect(notices.at(-1)?.level).toBe('critical');
  });

  test('is not told of known ones as if they were new, however they take turns', () => {
    const event = (n: number) => ({ message: n % 2 === 0 ? 'the usual' : 'another one' });
    const { told } = story(root, minutes(0, 300), { event });
    expect(told).toEqual(
      ['at-0 first 1', 'at-0 summary 5', 'at-5 repeat 240', 'at-245 repeat 1'].slice(0, told.length),
    );
    expect(told.length).toBe(3);
  });

  test('does not end without telling of what is new in it', () => {
    const quick = { ...root, resolveTimeout: 60, groupInterval: 600 };
    const times = [...minutes(0, 10.5, 0.5), 10.8];
    const event = (n: number) => ({ message: n === times.length - 1 ? 'another one' : 'the usual' });
    const { told, notices } = story(quick, times, { event, looks: [19.9, 20] });
    expect(told).toEqual(['at-0 first 1', 'at-0 summary 20', 'at-10 repeat 3']);
    expect(notices[2]?.incidents?.length).toBe(2);
  });
});

describe("Sluice's own events", () => {
  const group = (part: Partial<LogEvent>, groupBy = ['fingerprint', 'level']) => {
    const event = alertEvent(part).event;
    return groupKey({ name: '', groupBy }, { event, fingerprint: fingerprintOf(event) });
  };
  const restart = (instance: string, request: string) => ({
    source: 'sluice.remediation',
    message: `Restart of ${instance} for rule slow failed: EC2 refused it; no`,
    attributes: { instance, request, cause: 'refused-by-ec2' },
  });
  const firing = (customer: string, count: string) => ({
    source: 'sluice.rules',
    message: `Rule slow: ${count} events within 10m, more than 5 (customer ${customer})`,
    attributes: { customer, rule: 'slow', count },
  });
  const refusal = (recipient: string) => ({
    source: 'sluice-email',
    message: `An email to ${recipient} came back: full`,
    attributes: { recipient },
  });

  test.each([
    ['two instances', restart('i-0123456789abcdef0', '1'), restart('i-0123456789abcdef1', '2')],
    ['two customers of a rule', firing('1001', '6'), firing('1002', '7')],
    ['two addresses', refusal('a1@example.org'), refusal('b2@example.org')],
  ])('of %s hide nothing of each other', (_, one, other) => {
    expect(group(one)).not.toBe(group(other));
    expect(group(one, ['fingerprint'])).not.toBe(group(other, ['fingerprint']));
    const tree = routingTree({ groupBy: ['source'], repeatInterval: 4 * HOUR });
    const [first, second] = [one, other].map((part, n) => alertEvent({ ...part, id: `${n}`, time: at(n * 30) }, tree));
    if (!first || !second) throw new Error('expected two events');
    expect(evolve(evolve(undefined, first), second).pending.map(({ id }) => id)).toEqual(['0/first', '1/repeat']);
  });

  test('of one of them are one group, whatever else differs', () => {
    expect(group(restart('i-0123456789abcdef0', '1'))).toBe(group(restart('i-0123456789abcdef0', '2')));
    expect(group(firing('1001', '6'))).toBe(group(firing('1001', '7')));
  });

  test('alone are told apart so: attributes of others make no groups', () => {
    const event = (instance: string) => ({ source: 'shop', attributes: { instance } });
    expect(group(event('i-0123456789abcdef0'))).toBe(group(event('i-0123456789abcdef1')));
  });
});
