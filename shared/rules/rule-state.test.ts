import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logEvent } from '../../test/support/stream-records.ts';
import type { LogEvent } from '../events/event.ts';
import { fingerprintOf } from '../events/fingerprint.ts';
import { firingEvents, firingRequest } from './firing.ts';
import { compileRule, type Rule } from './rule.ts';
import { awaitFirst, clearSent, dueAt, evolve, noticeAbsence, type RuleState } from './rule-state.ts';
import { parseThreshold } from './threshold.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;
const SLOW: Rule = {
  name: 'slow',
  match: [],
  extract: 'for {endpoint}: {ms} ms',
  where: [parseThreshold('ms > 3000')],
  condition: { kind: 'count', moreThan: 2, withinSeconds: 600 },
  by: ['endpoint'],
  level: 'error',
  restart: 'i-0123456789abcdef0',
};
const QUIET: Rule = {
  name: 'quiet',
  match: [{ label: 'source', operator: '=', value: 'shop' }],
  where: [],
  condition: { kind: 'absence', seconds: 900 },
  by: [],
  level: 'critical',
};

function stateAfter(
  rule: Rule,
  minutes: readonly number[],
  { before, arrivedAt }: { before?: RuleState; arrivedAt?: number } = {},
) {
  const compiled = compileRule(rule);
  return minutes.reduce<RuleState | undefined>((state, minute, n) => {
    const time = NOON + minute * MINUTE;
    const event = logEvent({ id: `e${n}`, time: new Date(time).toISOString(), message: 'took for /cart: 3,001 ms' });
    const match = compiled.match(event, () => fingerprintOf(event));
    if (!match) throw new Error('expected a match');
    return evolve(state, { event, arrivedAt: arrivedAt ?? time, match, rule });
  }, before) as RuleState;
}

const fired = ({ pending }: RuleState) => pending.map(({ firing }) => (Date.parse(firing.at) - NOON) / MINUTE);

describe('a rule about too many events', () => {
  test.each([
    ['fires with one more than it allows', [0, 4, 9], [9]],
    ['does not when they are too far apart', [0, 4, 10], []],
    ['counts the newest of them', [0, 4, 10, 13], [13]],
    ['takes them in any order', [9, 0, 4], [9]],
    ['is quiet for one window after it fired', [0, 1, 2, 3, 4, 5, 11], [2]],
    ['fires again when it goes on', [0, 1, 2, 3, 12, 13, 14], [2, 14]],
  ])('%s', (_, minutes, expected) => {
    const state = stateAfter(SLOW, minutes);
    expect([fired(state), state.total]).toEqual([expected, minutes.length]);
  });

  test('does not believe a clock that runs ahead: no event is later than its arrival', () => {
    expect(fired(stateAfter(SLOW, [500, 700, 900], { arrivedAt: NOON }))).toEqual([0]);
  });

  test('fires at most once a window, and never misses a window that has too many, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 60 }), (times) => {
        // In tenths of a minute, whole numbers: as fractions 21.4 is less than 10 after 11.4.
        const tenths = [...times].sort((a, b) => a - b);
        const ordered = tenths.map((tenth) => tenth / 10);
        const firings = fired(stateAfter(SLOW, ordered.length > 0 ? ordered : [0])).map((at) => Math.round(at * 10));
        for (const [n, at] of firings.entries()) expect(at - (firings[n - 1] ?? -100)).toBeGreaterThanOrEqual(100);
        const first = tenths.findIndex((at, n) => n >= 2 && at - (tenths[n - 2] as number) < 100);
        expect(firings[0]).toBe(tenths[first]);
      }),
    );
  });

  test('is quiet while what it decided cannot be told, and fires when it can', () => {
    const full = Array.from({ length: 25 }, (_, n) => [n * 20, n * 20 + 1, n * 20 + 2]).flat();
    const state = stateAfter(SLOW, full);
    expect(state.pending.length).toBe(20);
    const sent = new Map([
      ['stream' as const, new Set(state.pending.map(({ firing }) => firing.id))],
      ['remediation' as const, new Set(state.pending.map(({ firing }) => firing.id))],
    ]);
    expect(fired(stateAfter(SLOW, [483], { before: clearSent(state, sent) }))).toEqual([483]);
  });

  test('sends to each receiver by itself', () => {
    const state = stateAfter(SLOW, [0, 1, 2]);
    const [{ firing } = { firing: undefined }] = state.pending;
    const half = clearSent(state, new Map([['stream', new Set([firing?.id ?? ''])]]));
    expect(half.pending.map(({ to }) => to)).toEqual([['remediation']]);
    expect(dueAt(half, SLOW)).toBe(NOON + 2 * MINUTE);
    expect(clearSent(half, new Map([['remediation', new Set([firing?.id ?? ''])]])).pending).toEqual([]);
  });

  test('tells the endpoint, the count and the last message, and asks for a restart under the same id', () => {
    const [{ firing } = { firing: undefined }] = stateAfter(SLOW, [0, 1, 2]).pending;
    if (!firing) throw new Error('expected a firing');
    const [event] = firingEvents(SLOW, firing);
    expect(event).toMatchObject({
      level: 'error',
      source: 'sluice.rules',
      message: 'Rule slow: 3 events within 10m, more than 2 (endpoint /cart)',
      details: { last: 'took for /cart: 3,001 ms' },
      attributes: { rule: 'slow', count: '3', endpoint: '/cart' },
      time: '2026-11-21T12:02:00.000Z',
    });
    expect(firingRequest(SLOW, firing)).toMatchObject({
      id: event?.id,
      instance: 'i-0123456789abcdef0',
      by: { kind: 'rule', name: 'slow' },
      at: '2026-11-21T12:02:00.000Z',
    });
  });

  test.each([
    ['of its arrival, where its producer is 14 hours slow', '2026-11-22T02:02:00.000Z', '2026-11-22T02:02:00.000Z'],
    ['of its event, where that came a day late', '2026-11-22T12:02:00.000Z', '2026-11-21T12:02:00.000Z'],
  ])('asks for a restart at the time %s', (_, arrival, expected) => {
    const [{ firing } = { firing: undefined }] = stateAfter(SLOW, [0, 1, 2], {
      arrivedAt: Date.parse(arrival),
    }).pending;
    expect(firing && firingRequest(SLOW, firing)?.at).toBe(expected);
  });

  test('asks at its own time where it was stored before decisions had one', () => {
    const [{ firing } = { firing: undefined }] = stateAfter(SLOW, [0, 1, 2], { arrivedAt: NOON + 30 * MINUTE }).pending;
    if (!firing) throw new Error('expected a firing');
    const { decidedAt, ...stored } = firing;
    expect([decidedAt, firingRequest(SLOW, stored)?.at]).toEqual([
      '2026-11-21T12:30:00.000Z',
      '2026-11-21T12:02:00.000Z',
    ]);
  });
});

describe('a rule about an absence', () => {
  const look = (state: RuleState, minute: number) =>
    noticeAbsence(state, 'rule#quiet#all', { rule: QUIET, now: NOON + minute * MINUTE });

  test('fires once nothing has come for so long, once, and tells when there is something again', () => {
    const seen = stateAfter(QUIET, [0, 5]);
    expect(look(seen, 19)).toBe(seen);
    const absent = look(seen, 20);
    expect([fired(absent), look(absent, 500) === absent]).toEqual([[20], true]);
    const back = stateAfter(QUIET, [30], { before: { ...absent, pending: [] } });
    expect(back.pending.map(({ firing }) => [firing.kind, firing.at])).toEqual([['over', '2026-11-21T12:30:00.000Z']]);
    expect(dueAt({ ...back, pending: [] }, QUIET)).toBe(NOON + 45 * MINUTE);
  });

  test('is not over by an event that had arrived before it began, and comes late from another shard', () => {
    const absent = { ...look(stateAfter(QUIET, [5]), 20), pending: [] };
    const late = stateAfter(QUIET, [4], { before: absent, arrivedAt: NOON + 4 * MINUTE });
    expect([late.pending, late.isAbsent, look(late, 500) === late]).toEqual([[], true, true]);
  });

  test('waits for what never came from when it is first looked at', () => {
    const state = awaitFirst(QUIET, NOON);
    expect(fired(look(state, 15))).toEqual([15]);
    expect(look(state, 40).pending[0]?.firing.decidedAt).toBe('2026-11-21T12:40:00.000Z');
    const [{ firing } = { firing: undefined }] = look(state, 15).pending;
    expect(firing && firingEvents(QUIET, firing)[0]?.message).toBe('Rule quiet: no event for 15m');
  });

  test('goes by arrivals: whose clock is slow is not absent', () => {
    expect(fired(look(stateAfter(QUIET, [-600], { arrivedAt: NOON }), 14))).toEqual([]);
  });
});

describe('a rule', () => {
  const match = (rule: Partial<Rule>, event: Partial<LogEvent>) => {
    const made = logEvent({ message: 'for /cart: 3001 ms', ...event });
    return compileRule({ ...SLOW, ...rule }).match(made, () => fingerprintOf(made));
  };

  test.each<[string, Partial<Rule>, Partial<LogEvent>, boolean]>([
    ['an event of its form over its threshold', {}, {}, true],
    ['not one at the threshold', {}, { message: 'for /cart: 3000 ms' }, false],
    ['not one whose value is no number', {}, { message: 'for /cart: many ms' }, false],
    ['not one of another form', {}, { message: 'hello' }, false],
    ['not one that its matchers exclude', { match: QUIET.match }, { source: 'web' }, false],
    [
      'one by a number among its attributes',
      { where: [parseThreshold('attributes.ms>=5')] },
      { attributes: { ms: '5' } },
      true,
    ],
  ])('concerns %s', (_, rule, event, expected) => {
    expect(match(rule, event) !== undefined).toBe(expected);
  });

  test('counts each combination by itself', () => {
    const groups = ['/cart', '/pay', '/cart'].map((path) => match({}, { message: `for ${path}: 9000 ms` })?.group);
    expect([groups[0] === groups[2], groups[0] === groups[1]]).toEqual([true, false]);
  });

  test('has a key of a length that a table takes, whatever the values', () => {
    const huge = match(
      { by: ['endpoint', 'source'] },
      { message: `for ${'€'.repeat(250)}: 9000 ms`, source: 's'.repeat(256) },
    );
    expect(Buffer.byteLength(huge?.group ?? '')).toBeLessThan(100);
    expect(huge?.values.every(([, value]) => value.length <= 200)).toBe(true);
  });

  test('restarts what the event names, and says when that is no instance', () => {
    const rule: Rule = {
      ...SLOW,
      restart: '{attributes.instance}',
      condition: { kind: 'count', moreThan: 0, withinSeconds: 60 },
    };
    const fire = (attributes: Record<string, string>) => {
      const event = logEvent({ message: 'for /cart: 9000 ms', attributes });
      const found = compileRule(rule).match(event, () => fingerprintOf(event));
      const state = found && evolve(undefined, { event, arrivedAt: NOON, match: found, rule });
      return state?.pending[0]?.firing;
    };
    const [good, bad] = [fire({ instance: 'i-00000001' }), fire({ instance: 'rm -rf\u001b' })];
    if (!good || !bad) throw new Error('expected two firings');
    expect([firingRequest(rule, good)?.instance, firingEvents(rule, good).length]).toEqual(['i-00000001', 1]);
    expect(firingRequest(rule, bad)).toBeUndefined();
    expect(firingEvents(rule, bad)[1]?.message).toBe(
      'Rule slow restarts nothing: expected the id of an instance, got rm -rf',
    );
  });

  test.each([
    [{ by: ['endpint'] }, 'expected one of endpoint, ms, level, source, fingerprint, attributes.<name>, got endpint'],
    [{ restart: '{host}' }, 'got host'],
  ])('that names a value which is not there is refused: %j', (part, message) => {
    expect(() => compileRule({ ...SLOW, ...part })).toThrow(message);
  });
});
