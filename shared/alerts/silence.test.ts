import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertEvent } from '../../test/support/alert-events.ts';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { matcherText, parseMatcher } from './matcher.ts';
import { withoutAbandoned } from './pending.ts';
import {
  checkSilence,
  evolveSilence,
  type Silence,
  type SilenceState,
  settleSilence,
  silenceChange,
  silenceDecidedAt,
  silenceDetails,
  silenceProjection,
  silences,
} from './silence.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();
const SILENCE: Silence = {
  id: 's1',
  matchers: [parseMatcher('source=shop')],
  author: 'ann',
  reason: 'the database is moved',
  startsAt: at(0),
  endsAt: at(60),
};

const changed = (type: string, minute: number, details: unknown = silenceDetails(SILENCE)) => {
  const event = logEvent({ id: `${type} ${minute}`, type, time: at(minute), source: 'sluice', level: 'info', details });
  return { event, arrivedAt: NOON + minute * 60_000, change: silenceChange(event), silenceId: 's1' };
};
const created = (minute: number, part: Partial<Silence> = {}) =>
  changed('silence.created', minute, silenceDetails({ ...SILENCE, ...part }));
const ended = (minute: number) => changed('silence.ended', minute, { silence: { id: 's1', author: 'bob' } });
const hidden = (minute: number, part: Partial<LogEvent> = {}, to = ['level-topic']) => ({
  ...alertEvent({ id: `at ${minute}`, time: at(minute), ...part }),
  silenceId: 's1',
  to,
});
const fold = (...events: Parameters<typeof evolveSilence>[1][]) =>
  events.reduce<SilenceState | undefined>(evolveSilence, undefined) as SilenceState;
const hides = (state: SilenceState, minute: number, part: Partial<LogEvent> = {}) =>
  silences(state)(alertEvent({ time: at(minute), ...part }));

describe('a silence', () => {
  test('hides what its matchers match from its start until before its end, by the time of the event', () => {
    const state = fold(created(0));
    expect([-1, 0, 59, 60].map((minute) => hides(state, minute))).toEqual([false, true, true, false]);
    expect(hides(state, 5, { source: 'web' })).toBe(false);
  });

  test('that is ended hides nothing from then on; made anew it hides again', () => {
    expect([10, 29, 30].map((minute) => hides(fold(created(0), ended(30)), minute))).toEqual([true, true, false]);
    expect(hides(fold(created(0), ended(30), created(40)), 41)).toBe(true);
  });

  test('is the same in whatever order its events come', () => {
    const events = [created(0), ended(30), created(40, { endsAt: at(90) }), ended(50)];
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: 4 }), (shuffled) => {
        for (const minute of [10, 35, 45, 55])
          expect(hides(fold(...shuffled), minute)).toBe(hides(fold(...events), minute));
      }),
    );
  });

  test('comes back from its item as it was', () => {
    const state = fold(created(0), hidden(1));
    const item = silenceProjection.toItem(state);
    expect(silenceProjection.fromItem({ ...item, group: 'silence#s1', version: 1, seen: {} }, NOON)).toEqual(state);
  });
});

describe('the end of a silence', () => {
  test('is announced to whom it kept something from, with the exact count, once', () => {
    const state = fold(
      created(0),
      hidden(1),
      hidden(5, { level: 'critical' }, ['a:sns:0']),
      hidden(9, { level: 'info' }),
    );
    expect(settleSilence(state, at(61))).toBe(state);
    const over = settleSilence(state, at(62));
    expect(over.to).toEqual(['level-topic', 'a:sns:0']);
    expect(over.pending).toEqual([
      {
        id: 'silence.created 0/summary@silence-3',
        kind: 'summary',
        level: 'critical',
        source: 'shop',
        fingerprint: 'silence:s1',
        title: 'silence ended: the database is moved (by ann)',
        count: 3,
        firstSeen: at(1),
        lastSeen: at(9),
        sample: `3 events were hidden where source="shop", until ${at(60)}. Sources: shop`,
      },
    ]);
    expect(settleSilence(over, at(90))).toBe(over);
  });

  test('says who ended it before its time', () => {
    const over = settleSilence(fold(created(0), hidden(1), ended(20)), at(22));
    expect(over.pending[0]?.title).toBe('silence ended: the database is moved (ended by bob)');
  });

  test('that hid nothing is told to nobody, and it is looked at no more', () => {
    const over = settleSilence(fold(created(0)), at(62));
    expect([over.pending, silenceProjection.toItem(over).due_bucket]).toEqual([[], 'silences-past']);
    expect(silenceProjection.toItem(fold(created(0)))).toMatchObject({
      due_bucket: 'silences',
      due_at: `${at(60)}#s1`,
    });
  });

  test('is announced no more while as many announcements wait as may, and then with all that it hid', () => {
    const announce = (state: SilenceState, n: number) =>
      settleSilence(evolveSilence(state, hidden(1 + n / 60)), at(62));
    const full = Array.from({ length: 30 }, (_, n) => n).reduce(announce, fold(created(0)));
    expect([full.pending.length, full.pending.at(-1)?.count, full.announced, full.hidden]).toEqual([20, 20, 20, 30]);
    expect(silenceProjection.toItem(full).due_bucket).toBe('silences');
    expect(settleSilence({ ...full, pending: [] }, at(63)).pending.map(({ count }) => count)).toEqual([30]);
  });

  test('that nobody takes is given up a week later, or a week after the last event that it hid came', () => {
    const over = settleSilence(fold(created(0), hidden(1, {}, ['level-topic', 'a:sns:0'])), at(62));
    const leftAfter = (days: number, state: SilenceState) =>
      withoutAbandoned(state, silenceDecidedAt(state), Date.parse(at(62)) + days * 86_400_000);
    expect(leftAfter(6.9, over)).toBe(over);
    expect(leftAfter(7, over)).toMatchObject({ pending: [], givenUp: 2 });
    // Items of before have no time of arrival.
    const { arrivedAt: _, ...old } = over;
    expect([leftAfter(6.9, old).pending.length, leftAfter(7, old).pending.length]).toEqual([1, 0]);
    const late = { ...hidden(2), arrivedAt: NOON + 40 * 86_400_000 };
    const again = settleSilence(evolveSilence(over, late), at(41 * 24 * 60));
    expect([leftAfter(46, again).pending.length, leftAfter(48, again).pending.length]).toEqual([2, 0]);
    expect((silenceProjection.toItem(again).expiry as number) * 1_000).toBe(late.arrivedAt + 30 * 86_400_000);
  });

  test('is announced again when an event that it hid comes to light late', () => {
    const over = settleSilence(fold(created(0), hidden(1)), at(62));
    const late = settleSilence(evolveSilence(over, hidden(2)), at(63));
    expect(late.pending.map(({ id, count }) => [id, count])).toEqual([
      ['silence.created 0/summary@silence-1', 1],
      ['silence.created 0/summary@silence-2', 2],
    ]);
  });
});

describe('a silence is refused', () => {
  test.each([
    [{ matchers: [] }, 'expected 1 to 20 matchers'],
    [{ matchers: [parseMatcher('source=~".*"')] }, 'this would hide everything'],
    [{ matchers: [parseMatcher('attributes.a=""'), parseMatcher('level!=debug')] }, 'this would hide everything'],
    [{ author: ' ' }, 'expected who silences'],
    [{ reason: '' }, 'expected a reason'],
    [{ reason: 'x'.repeat(501) }, 'expected a reason'],
    [{ endsAt: at(0) }, 'expected an end after the start'],
    [{ endsAt: 'tomorrow' }, 'expected an end after the start'],
    [{ endsAt: at(366 * 1_440) }, 'at most 365 days later'],
    [{ id: '../x' }, 'expected an id'],
  ])('with %j', (part, message) => {
    expect(() => checkSilence({ ...SILENCE, ...part })).toThrow(message);
  });

  test('or read, whatever an event says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('silence.created', 'silence.ended'),
        fc.jsonValue(),
        fc.boolean(),
        (type, value, inside) => {
          const details = inside ? { silence: value } : value;
          try {
            expect(['created', 'ended']).toContain(silenceChange({ type, details, time: at(0) }).kind);
          } catch (fault) {
            expect(String(fault)).toMatch(/expected /);
          }
        },
      ),
    );
  });

  test('and comes back from the event that carries it as it was', () => {
    const change = silenceChange({ type: 'silence.created', details: silenceDetails(SILENCE), time: at(0) });
    expect(change).toEqual({ kind: 'created', silence: SILENCE });
    expect(matcherText(SILENCE.matchers[0] as never)).toBe('source="shop"');
  });
});
