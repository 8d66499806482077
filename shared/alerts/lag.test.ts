import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertEvent, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { at, NOON } from '../../test/support/alert-story.ts';
import { type AlertGroup, dueAt, evolve, settleAtSweep } from './alert-group.ts';
import { compileInhibition } from './inhibition.ts';
import type { Notice } from './notice.ts';
import { decidedAt, withoutAbandoned } from './pending.ts';
import { alertGroupToItem } from './projection.ts';
import { AlertRehearsal } from './rehearse.ts';
import type { RouteSettings } from './routing-tree.ts';

const MINUTE = 60_000;
const HOUR = 60;
const LEVELS = { ...NEVER, critical: 3_600 };
const RESOLVE = { ...NEVER, critical: 1_800 };
const TREE = routingTree({}, { repeatInterval: LEVELS, resolveTimeout: RESOLVE });
const SIX_EACH_MINUTE = Array.from({ length: 2 * HOUR * 6 }, (_, n) => n / 6);

/** A critical event that arrives so many minutes after noon, its time so many before that. */
const arriving = (minute: number, lag: number, tree = TREE) =>
  alertEvent({ id: `at-${minute}`, level: 'critical', time: at(minute - lag) }, tree, NOON + minute * MINUTE);

/** Up to four seconds, in minutes. */
const jitterOf = (minute: number) => ((Math.round(minute * 6) * 7) % 5) / 60;

interface Arrivals {
  tree?: ReturnType<typeof routingTree>;
  /** Minutes that an event is behind. */
  lagOf?: (minute: number) => number;
  /** Minutes after noon. */
  until?: number;
}

/** Events as they arrive, the sweep looking each minute at what the index says is due; what was told, and when. */
function told(arrivals: readonly number[], { tree = TREE, lagOf = () => 0, until = 10 * HOUR }: Arrivals) {
  const sweeps = Array.from({ length: until }, (_, minute) => minute + 0.5);
  const steps = [...arrivals.map((minute) => ({ minute, isEvent: true })), ...sweeps.map((minute) => ({ minute }))];
  const heard: { minute: number; notice: Notice }[] = [];
  let group: AlertGroup | undefined;
  let looks = 0;
  for (const step of steps.sort((a, b) => a.minute - b.minute)) {
    const { minute } = step;
    if ('isEvent' in step) group = evolve(group, arriving(minute, lagOf(minute), tree));
    else if (group && (dueAt(group) ?? '9') <= at(minute)) {
      looks++;
      group = settleAtSweep(group, at(minute));
    }
    heard.push(...(group?.pending ?? []).map((notice) => ({ minute, notice })));
    group = group && { ...group, pending: [] };
  }
  return { heard, looks, told: heard.map(({ minute, notice }) => `${minute} ${notice.kind} ${notice.count}`) };
}

describe('an incident whose events are behind their arrival', () => {
  const onTime = told(SIX_EACH_MINUTE, {});

  test('on time is told, summed up, told again in its interval, and is over when it is quiet', () => {
    expect(onTime.told).toEqual([
      '0 first 1',
      '1 summary 6',
      '61 repeat 360',
      '121.5 repeat 354',
      '150.5 resolved 720',
    ]);
  });

  test.each([1, 35, 61, 5 * HOUR, 30 * 24 * HOUR])('by %d minutes is told as one on time', (lag) => {
    expect(told(SIX_EACH_MINUTE, { lagOf: () => lag })).toMatchObject({ told: onTime.told, looks: onTime.looks });
  });

  test('by seconds that differ with each is not told to be over while it goes on', () => {
    const tree = routingTree({}, { repeatInterval: LEVELS, resolveTimeout: { ...NEVER, critical: 20 } });
    const { heard } = told(SIX_EACH_MINUTE, { tree, lagOf: (minute) => 0.75 + jitterOf(minute) });
    expect(heard.filter(({ minute, notice: { kind } }) => kind === 'resolved' && minute < 2 * HOUR - 1)).toEqual([]);
  });

  test('whatever it is, is told as often and with the same counts as one on time', () => {
    const settings = fc.record<RouteSettings>({
      groupWait: fc.constantFrom(0, 30),
      groupInterval: fc.constantFrom(60, 300),
      repeatInterval: fc.constantFrom(0, 600, 3_600),
      resolveTimeout: fc.constantFrom(0, 120, 1_800),
    });
    const gaps = fc.array(fc.constantFrom(0.1, 0.7, 3, 20, 45, 100), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(settings, gaps, fc.integer({ min: 1, max: 3_000 }), (root, waits, lag) => {
        let minute = 0;
        const arrivals = waits.map((wait) => {
          minute += wait;
          return minute;
        });
        const tree = routingTree(root);
        const until = Math.ceil(minute) + 300;
        const late = told(arrivals, { tree, until, lagOf: () => lag });
        const prompt = told(arrivals, { tree, until });
        const said = ({ heard }: typeof late) =>
          heard.map(({ notice: { id, kind, count } }) => `${id} ${kind} ${count}`);
        expect(said(late)).toEqual(said(prompt));
      }),
      { numRuns: 60 },
    );
  });

  test('is rehearsed as it is told', () => {
    const notices: string[] = [];
    const policy = { routing: TREE, storm: { incidents: 0, window: 300 }, inhibition: compileInhibition([]) };
    const rehearsal = new AlertRehearsal(policy, (_, { kind }) => notices.push(kind));
    for (const minute of SIX_EACH_MINUTE) rehearsal.take(arriving(minute, 5 * HOUR));
    rehearsal.finish();
    expect(notices).toEqual(onTime.heard.map(({ notice: { kind } }) => kind));
  });
});

describe('the index of what is due', () => {
  const movesOf = (lagOf: (minute: number) => number) => {
    let group: AlertGroup | undefined;
    const keys = SIX_EACH_MINUTE.map((minute) => {
      group = evolve(group, arriving(minute, lagOf(minute)));
      group = { ...group, pending: [] };
      return alertGroupToItem(group).due_at;
    });
    return keys.filter((key, n) => key !== keys[n - 1]).length;
  };

  test('is written no more often for events that are behind by some seconds more or less than for those on time', () => {
    expect(movesOf(jitterOf)).toBeLessThanOrEqual(movesOf(() => 0));
    expect(movesOf((minute) => 5 * HOUR + jitterOf(minute))).toBeLessThanOrEqual(movesOf(() => 0));
  });
});

describe('a backlog', () => {
  test('that is caught up leaves nothing held back for as long as it was behind', () => {
    const lags = [300, 200, 100, 50, 10, 0];
    const { heard } = told([0, 1, 2, 3, 4, 5], { lagOf: (minute) => lags[minute] as number });
    expect(heard.at(-1)).toMatchObject({ minute: 35.5, notice: { kind: 'resolved' } });
  });

  test('of one event among others on time delays none of what they tell', () => {
    const arrivals = [0, 1, 2, 3];
    const oneLate = told(arrivals, { lagOf: (minute) => (minute === 2 ? 7 * 24 * HOUR : 0) });
    expect(oneLate.told).toEqual(told(arrivals, {}).told);
  });

  test('that came while its route was silent is told when the silence ends', () => {
    // NOON is 12:00; silent until 13:00.
    const lunch = { name: 'lunch', spans: [{ times: [[420, 780]] as const, location: 'UTC' }] };
    const tree = routingTree({ routes: [{ mute: ['lunch'] }] }, { timeIntervals: [lunch] });
    expect(told([10], { tree, lagOf: () => 4 * HOUR }).told).toEqual(['60.5 first 1']);
  });

  test('is not given up for old when its end waited for its quiet', () => {
    const days = 24 * HOUR;
    const tree = routingTree({ resolveTimeout: 10 * 86_400 });
    const group = { ...evolve(evolve(undefined, arriving(0, 0, tree)), arriving(1, 0, tree)), pending: [] };
    const late = { ...group, arrivedAt: NOON + 5 * days * MINUTE };
    expect(settleAtSweep(late, at(14 * days)).episode?.isOver).toBeUndefined();
    const over = settleAtSweep(settleAtSweep(late, at(15 * days + 1)), at(15 * days + 1));
    expect(over.pending.map(({ kind }) => kind)).toContain('resolved');
    expect(withoutAbandoned(over, decidedAt(over), NOON + 21 * days * MINUTE)).toBe(over);
  });
});
