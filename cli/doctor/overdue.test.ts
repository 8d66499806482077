import { describe, expect, test } from 'vitest';
import { SILENCE_KEY, type SilenceState, silenceProjection } from '../../shared/alerts/silence.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { modelTables } from '../../test/support/model-tables.ts';
import { countOverdue, type DueState, overdueIn } from './overdue.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;
/** A group whose latest event arrived and happened so many minutes ago. */
const group = (arrived: number, happened: number) => ({
  group: `${arrived}/${happened}`,
  arrivedAt: NOW - arrived * MINUTE,
  window: { lastSeen: new Date(NOW - happened * MINUTE).toISOString() },
});
const overdue = (...items: (DueState & { group: string })[]) =>
  overdueIn(items, { now: NOW, overdue: 5 * MINUTE }).map((item) => item.group);

describe('a group that is due is overdue', () => {
  test('when its events arrived long enough ago for a minute to look at it', () => {
    expect(overdue(group(6, 6), group(6, 600))).toEqual(['6/6', '6/600']);
  });

  test('although events still come, as long as they are of now', () => {
    expect(overdue(group(1, 1))).toEqual(['1/1']);
  });

  test('not when its events are of the past and came a moment ago', () => {
    expect(overdue(group(1, 600))).toEqual([]);
  });

  test('when it says nothing of arrivals, as a storm or a silence', () => {
    expect(overdue({ group: 'storm#' })).toEqual(['storm#']);
  });
});

test.each([
  ['in force', { announced: undefined }, -60, 0],
  ['over for a moment', { announced: undefined }, 6, 0],
  ['over, whose end should have been told', { announced: undefined }, 8, 1],
  ['over, whose end a receiver does not take', { pending: [{ id: 'n' }] as SilenceState['pending'] }, 8, 1],
  ['over and told', {}, 8, 0],
])('a silence that is %s', async (_, part: Partial<SilenceState>, minutesOver, expected) => {
  const { alertGroups } = modelTables();
  const endsAt = new Date(NOW - minutesOver * MINUTE).toISOString();
  const silence = { id: 's1', matchers: [], author: 'ann', reason: 'r', startsAt: endsAt, endsAt };
  const told: SilenceState = { id: 's1', silence, hidden: 3, announced: 3, level: 'error', sources: [], pending: [] };
  const item = silenceProjection.toItem({ ...told, ...part });
  await alertGroups.putMany([{ ...item, group: `${SILENCE_KEY}s1`, version: 1, seen: {} }]);
  expect(await countOverdue(alertGroups, manualClock(new Date(NOW).toISOString()))).toBe(expected);
});
