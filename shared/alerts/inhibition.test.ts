import { describe, expect, test } from 'vitest';
import { alertEvent } from '../../test/support/alert-events.ts';
import type { LogEvent } from '../events/event.ts';
import { compileInhibition, evolveInhibitor, type Inhibitor, inhibitorProjection, inhibits } from './inhibition.ts';
import { parseMatcher } from './matcher.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
const rule = {
  source: [parseMatcher('level=critical')],
  target: [parseMatcher('level=~"error|warning"')],
  equal: ['attributes.cluster'],
  seconds: 300,
};
const { sourcesOf, targetsOf } = compileInhibition([rule]);
const alert = (minute: number, part: Partial<LogEvent> = {}) =>
  alertEvent({ time: at(minute), attributes: { cluster: 'a' }, ...part });
const source = (minute: number) => {
  const one = alert(minute, { level: 'critical' });
  return { ...one, ...(sourcesOf(one)[0] as { inhibitor: string; seconds: number }) };
};
const fold = (...minutes: number[]) =>
  minutes.map(source).reduce<Inhibitor | undefined>(evolveInhibitor, undefined) as Inhibitor;

describe('an inhibitor', () => {
  test('is that of the events with the same values, and of no others', () => {
    expect(targetsOf(alert(0))).toContain(source(0).inhibitor);
    expect(targetsOf(alert(0, { attributes: { cluster: 'b' } }))).not.toContain(source(0).inhibitor);
    expect([targetsOf(alert(0, { level: 'info' })), sourcesOf(alert(0))]).toEqual([[], []]);
  });

  test('goes on until its time is over after its latest event', () => {
    const state = fold(0, 4);
    expect([-1, 0, 5, 8.9, 9].map((minute) => inhibits(state, alert(minute)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('that comes back hides nothing of the time between', () => {
    const state = fold(0, 20);
    expect([10, 21].map((minute) => inhibits(state, alert(minute)))).toEqual([false, true]);
  });

  test('takes in an event that comes late', () => {
    expect(inhibits(fold(4, 0), alert(1))).toBe(true);
    expect(fold(0, 4, 2)).toEqual(fold(0, 4));
  });

  test('has the spells of its events in whatever order they come, and hides by the spell of an event', () => {
    const inOrder = fold(0, 4, 10, 20, 24);
    expect([fold(20, 0, 24, 10, 4), fold(24, 20, 10, 4, 0)]).toEqual([inOrder, inOrder]);
    const minutes = [-1, 0, 8.9, 9, 10, 14.9, 15, 20, 28.9, 29];
    expect(minutes.filter((minute) => inhibits(inOrder, alert(minute)))).toEqual([0, 8.9, 10, 14.9, 20, 28.9]);
  });

  test('joins two spells by an event between them', () => {
    expect(fold(0, 8, 4)).toEqual(fold(0, 4, 8));
    expect(inhibits(fold(0, 8, 4), alert(7))).toBe(true);
  });

  test('forgets all but its fifty newest spells', () => {
    const spells = fold(...Array.from({ length: 60 }, (_, n) => n * 10));
    expect([91, 101, 591].map((minute) => inhibits(spells, alert(minute)))).toEqual([false, true, true]);
  });

  test('comes back from its item as it was, and from one that has only its newest spell', () => {
    const item = { ...inhibitorProjection.toItem(fold(0, 20)), group: 'x', version: 1 };
    expect(inhibitorProjection.fromItem(item)).toEqual(fold(0, 20));
    const { earlier: _, ...stored } = item as typeof item & { earlier: unknown };
    expect(inhibitorProjection.fromItem(stored)).toEqual(fold(20));
  });
});

describe('what matches both sides of a rule', () => {
  const { sourcesOf, targetsOf } = compileInhibition([{ ...rule, target: [parseMatcher('source=shop')] }]);
  const both = (minute: number) => alert(minute, { level: 'critical' });
  const sourceOnly = (minute: number) => alert(minute, { level: 'critical', source: 'database' });
  const targetOnly = (minute: number) => alert(minute);
  const isHidden = (one: ReturnType<typeof alert>, going: readonly ReturnType<typeof alert>[]) => {
    const states = new Map<string, Inhibitor>();
    for (const each of going)
      for (const one of sourcesOf(each))
        states.set(one.inhibitor, evolveInhibitor(states.get(one.inhibitor), { ...each, ...one }));
    const found = targetsOf(one).map((key) => states.get(key));
    return found.some((state) => state !== undefined && inhibits(state, one));
  };

  test('is not hidden by itself, nor by others that match both', () => {
    expect(isHidden(both(1), [both(0), both(1)])).toBe(false);
  });

  test('is hidden by what matches the source side alone, as in Alertmanager', () => {
    expect([1, 6].map((minute) => isHidden(both(minute), [sourceOnly(0), both(minute)]))).toEqual([true, false]);
  });

  test('hides what matches the target side alone', () => {
    expect([both(0), sourceOnly(0)].map((one) => isHidden(targetOnly(1), [one]))).toEqual([true, true]);
    expect(isHidden(sourceOnly(1), [both(0), sourceOnly(0)])).toBe(false);
  });
});
