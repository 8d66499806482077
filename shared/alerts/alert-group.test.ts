import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertEvent, WINDOWS } from '../../test/support/alert-events.ts';
import type { LogEvent } from '../events/event.ts';
import { type AlertEvent, type AlertGroup, closeWindow, dueAt, evolve, ungroupedNotice } from './alert-group.ts';
import { withoutTaken } from './pending.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const at = (seconds: number) => new Date(NOON + seconds * 1_000).toISOString();

/** An event so many seconds after noon, which arrived as it happened unless told otherwise. */
function alert(seconds: number, event: Partial<LogEvent> = {}, arrivedAt = NOON + seconds * 1_000): AlertEvent {
  return alertEvent({ id: `at-${seconds}`, time: at(seconds), ...event }, undefined, arrivedAt);
}

const given = (...alerts: AlertEvent[]) =>
  alerts.reduce<AlertGroup | undefined>((group, event) => evolve(group, event), undefined) as AlertGroup;
const told = (group: AlertGroup) => group.pending.map(({ id, kind, count }) => [id, kind, count]);
const taken = (...ids: string[]) => new Map(ids.map((id) => [id, new Set(['level-topic'])]));
const sendAll = (group: AlertGroup) => withoutTaken(group, taken(...group.pending.map(({ id }) => id)));

describe('a burst', () => {
  test('is told once, at its first event', () => {
    const group = given(alert(0), alert(1), alert(299));
    expect(told(group)).toEqual([['at-0/first', 'first', 1]]);
    expect(group.total).toBe(3);
  });

  test('is summed up with its exact count when its window closes', () => {
    const group = closeWindow(sendAll(given(alert(10), alert(0), alert(20))));
    expect(group.pending).toEqual([
      {
        id: 'at-10/summary',
        kind: 'summary',
        level: 'error',
        source: 'shop',
        fingerprint: group.fingerprint,
        title: 'shop: the payment was refused',
        count: 3,
        firstSeen: at(0),
        lastSeen: at(20),
        sample: 'the payment was refused',
      },
    ]);
  });

  test('of one event needs no summary', () => {
    expect(closeWindow(sendAll(given(alert(0)))).pending).toEqual([]);
  });

  test('is summed up once, however often its window is closed', () => {
    const group = closeWindow(given(alert(0), alert(1)));
    expect(closeWindow(group)).toBe(group);
  });
});

describe('a window', () => {
  test.each(['critical', 'error', 'warning', 'info', 'debug'] as const)(
    'of %s lasts as long as configured',
    (level) => {
      const seconds = WINDOWS[level];
      expect(told(given(alert(0, { level }), alert(seconds - 0.001, { level }))).length).toBe(1);
      expect(told(given(alert(0, { level }), alert(seconds, { level })))).toEqual([
        ['at-0/first', 'first', 1],
        [`at-${seconds}/repeat`, 'repeat', 1],
      ]);
    },
  );

  test('that is over is summed up by the event after it, which opens the next', () => {
    expect(told(given(alert(0), alert(1), alert(300), alert(301)))).toEqual([
      ['at-0/first', 'first', 1],
      ['at-0/summary', 'summary', 2],
      ['at-300/repeat', 'repeat', 1],
    ]);
  });

  test('that was closed by the clock is not opened again by an event that comes late: that one opens its own', () => {
    const closed = sendAll(closeWindow(given(alert(0), alert(1))));
    expect(told(evolve(closed, alert(2)))).toEqual([['at-2/repeat', 'repeat', 1]]);
  });

  test('takes in an event from before it, and says so in its times', () => {
    const group = given(alert(100), alert(-50));
    expect(told(group).length).toBe(1);
    expect(group.window).toMatchObject({ count: 2, firstSeen: at(-50), lastSeen: at(100) });
  });

  test('is not opened into the future by a clock that runs ahead: it would silence the group until then', () => {
    const ahead = alert(6 * 3_600, { id: 'ahead' }, NOON);
    expect(told(given(ahead, alert(299)))).toEqual([['ahead/first', 'first', 1]]);
    expect(told(given(ahead, alert(300)))).toEqual([
      ['ahead/first', 'first', 1],
      ['at-300/repeat', 'repeat', 1],
    ]);
  });

  test('takes in the burst of a clock that runs ahead as one burst', () => {
    const burst = Array.from({ length: 50 }, (_, n) => alert(6 * 3_600 + n, { id: `ahead-${n}` }, NOON + n * 1_000));
    const group = given(...burst);
    expect(told(group)).toEqual([['ahead-0/first', 'first', 1]]);
    expect(group.window).toMatchObject({ count: 50, firstSeen: at(6 * 3_600), closesAt: at(300) });
  });
});

describe('notices that nobody takes', () => {
  /** As many windows as told, none of whose notices was sent. */
  const unsent = (windows: number) => given(...Array.from({ length: windows }, (_, n) => alert(n * 300)));

  test('wait up to twenty, so that the item keeps its size', () => {
    expect(unsent(20).pending.length).toBe(20);
    expect(unsent(500).pending.length).toBe(20);
    const closed = Array.from({ length: 200 }).reduce<AlertGroup>(
      (group, _, n) => closeWindow(evolve(group, alert(90_000 + n * 300))),
      unsent(20),
    );
    expect(closed.pending.length).toBe(20);
  });

  test('lose no count: the open window counts on, and is summed up when they are sent', () => {
    const group = closeWindow(sendAll(unsent(500)));
    expect(group.pending.map(({ id, kind, count }) => [id, kind, count])).toEqual([
      ['at-5700/summary', 'summary', 481],
    ]);
    expect(group.total).toBe(500);
  });

  test('do not make a window that is summed up count again: an event after it has a window of its own', () => {
    const full = closeWindow(evolve(unsent(19), alert(18 * 300 + 1)));
    expect([full.pending.length, full.window.status]).toEqual([20, 'closed']);
    const later = evolve(full, alert(30_000));
    expect(later.pending).toEqual(full.pending);
    expect(dueAt(later)).toBe(at(30_000));
    expect(told(closeWindow(sendAll(later)))).toEqual([['at-30000/summary', 'summary', 1]]);
  });

  test('count every event exactly once, whatever is sent and closed when', () => {
    const step = fc.oneof(
      fc.record({ wait: fc.integer({ min: 0, max: 400 }) }),
      fc.constant('send' as const),
      fc.constant('close' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const receiver = receiverOf();
        let group = given(alert(0, { id: 'event-0' }));
        let seconds = 0;
        let events = 1;
        const next = (one: (typeof steps)[number]) => {
          if (one === 'send') return receiver.take(group);
          if (one === 'close') return closeWindow(group);
          seconds += one.wait;
          return evolve(group, alert(seconds, { id: `event-${events++}` }));
        };
        for (const one of steps) {
          group = next(one);
          expect(group.pending.length).toBeLessThanOrEqual(21);
        }
        receiver.take(closeWindow(receiver.take(group)));
        expect(receiver.counted()).toBe(events);
      }),
    );
  });
});

/** A receiver that adds up: the summary of a window has its count, a window without one has that of its only notice. */
function receiverOf() {
  const byWindow = new Map<string, number>();
  return {
    take(group: AlertGroup) {
      for (const { id, kind, count } of group.pending) {
        const window = id.slice(0, id.lastIndexOf('/'));
        if (kind === 'summary' || !byWindow.has(window)) byWindow.set(window, count);
      }
      return sendAll(group);
    },
    counted: () => [...byWindow.values()].reduce((sum, count) => sum + count, 0),
  };
}

describe('a group is looked at although no event comes', () => {
  test('at once while notices wait', () => {
    expect(dueAt(given(alert(0)))).toBe(at(0));
  });

  test('at once, also when the clock that made it runs ahead', () => {
    expect(dueAt(given(alert(6 * 3_600, {}, NOON)))).toBe(at(0));
  });

  test('when a window with a count to tell closes', () => {
    expect(dueAt(sendAll(given(alert(0), alert(1))))).toBe(at(300));
  });

  test('never when there is nothing to tell', () => {
    expect(dueAt(sendAll(given(alert(0))))).toBe(undefined);
    expect(dueAt(sendAll(closeWindow(given(alert(0), alert(1)))))).toBe(undefined);
  });
});

describe('the outbox', () => {
  test('is cleared of what was sent and of nothing else', () => {
    const group = given(alert(0), alert(1), alert(300));
    const rest = withoutTaken(group, taken('at-0/first', 'of another group'));
    expect(told(rest).map(([id]) => id)).toEqual(['at-0/summary', 'at-300/repeat']);
  });

  test('is the very same group when nothing of it was sent, so that nothing is written', () => {
    const group = given(alert(0));
    expect(withoutTaken(group, taken('at-1/first'))).toBe(group);
  });

  test('is the very same group when what was sent waits for others, and another sweep has cleared it already', () => {
    const group = { ...given(alert(0)), to: ['pager:webhook:0', 'level-topic'] };
    const rest = withoutTaken(group, taken('at-0/first'));
    expect(rest.pending.map(({ to }) => to)).toEqual([['pager:webhook:0']]);
    expect(withoutTaken(rest, taken('at-0/first'))).toBe(rest);
  });
});

test('a group is one fingerprint at one level', () => {
  const [error, critical] = [alert(0), alert(0, { level: 'critical' })];
  expect(error.way.group).toBe(`${error.fingerprint}#error`);
  expect(critical.way.group).toBe(`${error.fingerprint}#critical`);
});

test('without state a batch is told as one notice with its count and the id that its first notice would have', () => {
  const first = alert(5);
  const notice = ungroupedNotice(first, [alert(0), alert(9)]);
  expect(notice).toEqual({ ...given(first).pending[0], count: 3, firstSeen: at(0), lastSeen: at(9) });
});
