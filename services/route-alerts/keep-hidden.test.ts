import { describe, expect, test } from 'vitest';
import { compileInhibition } from '../../shared/alerts/inhibition.ts';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { alertPolicy, NEVER, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld, down } from '../../test/support/alert-world.ts';
import type { Interceptor } from '../../test/support/intercepted-table.ts';
import { recordOfEvents } from '../../test/support/stream-records.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE = 60_000;
const at = (minute: number) => new Date(NOON + minute * MINUTE).toISOString();
const repeatInterval = { ...NEVER, critical: 3_600, error: 3_600 };
const resolveTimeout = { ...NEVER, critical: 1_800, error: 1_800 };
const TREE = routingTree({}, { repeatInterval, resolveTimeout });

/** Minutes from one to another. */
const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
let place = 0;
const record = (minute: number, event: Partial<LogEvent> = {}) => {
  place += 1;
  const own = { id: `event-${place}`, time: at(minute), level: 'critical' as const };
  return recordOfEvents(place, [{ ...own, ...event }], { arrivedAt: NOON + minute * MINUTE });
};
const silenced = (matcher: string, from: number, to: number) =>
  record(from, {
    type: 'silence.created',
    level: 'info',
    source: 'sluice',
    details: silenceDetails({
      id: 's1',
      matchers: [parseMatcher(matcher)],
      author: 'ann',
      reason: 'it is known',
      startsAt: at(from),
      endsAt: at(to),
    }),
  });

/** Lets the time go by minute by minute: what comes in it, then the sweep. */
function setup(policy = alertPolicy(TREE)) {
  const world = alertWorld({ policy });
  const heard: string[] = [];
  const pass = async (from: number, to: number, recordsOf: (minute: number) => ReturnType<typeof record>[]) => {
    for (const minute of minutes(from, to)) {
      world.clock.advance(NOON + minute * MINUTE - world.clock.now());
      const before = world.sent.length;
      const records = recordsOf(minute);
      if (records.length > 0) await world.run(records);
      await world.sweep();
      const told = world.sent.slice(before).filter(({ fingerprint }) => !fingerprint.startsWith('silence:'));
      heard.push(...told.map(({ kind, level, count }) => `${minute} ${level} ${kind} ${count}`));
    }
  };
  return { ...world, pass, heard };
}

describe('an incident that a silence hides while it goes on', () => {
  test('is not told to be over, and goes on with the first event after the silence', async () => {
    const { pass, heard } = setup();
    await pass(0, 0, (minute) => [record(minute), record(minute), record(minute), silenced('source=shop', 1, 121)]);
    await pass(1, 160, (minute) => (minute <= 125 ? [record(minute)] : []));
    expect(heard).toEqual([
      '0 critical first 1',
      '2 critical summary 3',
      '121 critical repeat 1',
      '156 critical resolved 8',
    ]);
  });

  test('is not told to be over when the silence ends and nothing comes any more: nobody knows when it was', async () => {
    const { pass, heard } = setup();
    await pass(0, 0, (minute) => [record(minute), record(minute), silenced('source=shop', 1, 20)]);
    await pass(1, 90, (minute) => (minute <= 10 ? [record(minute)] : []));
    await pass(300, 300, (minute) => [record(minute)]);
    expect(heard).toEqual(['0 critical first 1', '2 critical summary 2', '300 critical repeat 1']);
  });

  test('in part, by an attribute, is told to be over when it is quiet after an event that was heard', async () => {
    const { pass, heard } = setup();
    const host = (name: string) => ({ attributes: { host: name } });
    await pass(0, 0, (minute) => [record(minute), record(minute), silenced('attributes.host=a', 1, 200)]);
    await pass(1, 60, (minute) => [record(minute, host('a'))]);
    await pass(61, 61, (minute) => [record(minute, host('b'))]);
    await pass(62, 120, () => []);
    expect(heard).toEqual([
      '0 critical first 1',
      '2 critical summary 2',
      '61 critical repeat 1',
      '92 critical resolved 3',
    ]);
  });

  test('that was over before is not made to go on, and none is made', async () => {
    const { pass, heard, alertGroups } = setup();
    await pass(0, 40, (minute) =>
      minute < 2 ? [record(minute)] : minute === 40 ? [silenced('source=shop', 40, 90)] : [],
    );
    const groups = () => alertGroups.all().filter(({ group }) => !String(group).startsWith('silence#'));
    const before = groups();
    await pass(41, 60, (minute) => [record(minute), record(minute, { message: 'another one' })]);
    expect(groups()).toEqual(before);
    expect(heard.at(-1)).toBe('33 critical resolved 2');
  });
});

describe('an incident that an inhibition hides while it goes on', () => {
  const matchers = (text: string) => [parseMatcher(text)];
  const rule = { source: matchers('level=critical'), target: matchers('level=error'), equal: ['source'], seconds: 300 };

  test('is not told to be over, and goes on with the first event after it', async () => {
    const { pass, heard } = setup(alertPolicy(TREE, { inhibition: compileInhibition([rule]) }));
    const error = (minute: number) => record(minute, { level: 'error' });
    await pass(0, 0, (minute) => [error(minute), error(minute)]);
    await pass(1, 80, (minute) => [record(minute, { message: 'the disk is full' }), error(minute)]);
    await pass(81, 90, (minute) => [error(minute)]);
    expect(heard.filter((one) => one.includes('error'))).toEqual([
      '0 error first 1',
      '6 error summary 2',
      '85 error repeat 1',
      '90 error summary 5',
    ]);
  });
});

describe('what a silence hides', () => {
  test('costs one write for each group that it begins to hide, none for those that never end', async () => {
    const { pass, run } = setup();
    await pass(0, 1, (minute) => (minute === 0 ? [record(0), record(0, { level: 'warning' })] : []));
    await run([silenced('source=shop', 2, 90)]);
    const calls: string[] = [];
    const groups: Interceptor = (call) => {
      const names = JSON.stringify(call.argument);
      if (call.method !== 'query' && !names.includes('silence#')) calls.push(call.method);
      return call.proceed();
    };
    for (const minute of minutes(3, 6)) {
      await run([record(minute), record(minute), record(minute, { level: 'warning' })], { groups });
    }
    expect(calls).toEqual(['getMany', 'putVersioned', 'getMany', 'getMany', 'getMany']);
  });

  test('goes unsaid while the table does not answer, and holds nothing up', async () => {
    const { pass, run, outcomes, told } = setup();
    await pass(0, 1, (minute) => (minute === 0 ? [record(0), silenced('source=shop', 0.5, 90)] : []));
    const groups: Interceptor = (call) => {
      const isOfGroup = call.method === 'getMany' && !JSON.stringify(call.argument).includes('silence#');
      return isOfGroup ? down(call) : call.proceed();
    };
    expect(await run([record(2)], { groups })).toEqual(await run([]));
    expect([outcomes.map(({ counts }) => counts.filtered), told().length]).toEqual([[0, 0, 0], 1]);
  });
});
