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
    expect(targetsOf(alert(0))).toEqual([source(0).inhibitor]);
    expect(targetsOf(alert(0, { attributes: { cluster: 'b' } }))).not.toEqual([source(0).inhibitor]);
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

  test('comes back from its item as it was', () => {
    expect(inhibitorProjection.fromItem({ ...inhibitorProjection.toItem(fold(0)), group: 'x', version: 1 })).toEqual(
      fold(0),
    );
  });
});

test('what matches both sides of a rule is not inhibited by it: nothing hides itself', () => {
  const both = compileInhibition([{ ...rule, target: [] }]);
  expect(both.targetsOf(alert(0, { level: 'critical' }))).toEqual([]);
  expect(both.targetsOf(alert(0)).length).toBe(1);
});
