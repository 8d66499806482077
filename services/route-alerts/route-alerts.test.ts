import { describe, expect, test } from 'vitest';
import type { PublishNotices } from '../../shared/alerts/outbox.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { LEVELS } from '../../shared/events/levels.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { denied as deny, down, alertWorld as setup } from '../../test/support/alert-world.ts';
import type { Interceptor } from '../../test/support/intercepted-table.ts';
import { nthSequenceNumber, recordOfEvents } from '../../test/support/stream-records.ts';

const SUCCESS = { batchItemFailures: [] };
const one = (place: number, event: Partial<LogEvent> = {}) =>
  recordOfEvents(place, [{ id: `event-${place}`, ...event }]);

describe('notices', () => {
  test('of every level go out at once, the first of each group', async () => {
    const { run, sent, pending } = setup();
    await run(LEVELS.flatMap((level, n) => [one(2 * n, { level }), one(2 * n + 1, { level })]));
    expect(sent.map(({ level, kind, count }) => [level, kind, count])).toEqual(
      LEVELS.map((level) => [level, 'first', 1]),
    );
    expect(pending()).toEqual([]);
  });

  test('are not sent for events that came before, in the same batch or another', async () => {
    const { run, told } = setup();
    await run([one(1), one(2, { id: 'event-1' })]);
    await run([one(3, { id: 'event-1', time: '2026-11-21T13:00:00.000Z' })]);
    expect(told()).toEqual([['event-1/first', 'first', 1]]);
  });

  test('are not sent for what an operator does', async () => {
    const { run, told, outcomes } = setup();
    await run([one(1, { type: 'incident.resolved' })]);
    expect(told()).toEqual([]);
    expect(outcomes[0]?.counts).toMatchObject({ received: 1, filtered: 1 });
  });

  test('of a burst are one, then a summary with the exact count when the window is over', async () => {
    const { run, sweep, told, clock } = setup();
    await run(Array.from({ length: 2_000 }, (_, place) => one(place)));
    await sweep();
    expect(told()).toEqual([['event-0/first', 'first', 1]]);
    clock.advance(300_000 + 1);
    await sweep();
    await sweep();
    expect(told()).toEqual([
      ['event-0/first', 'first', 1],
      ['event-0/summary', 'summary', 2_000],
    ]);
  });

  test('begin anew with a group that expired, although its item lingers', async () => {
    const { run, told, alertGroups, clock } = setup();
    await run([one(1), one(2)]);
    clock.advance(31 * 86_400_000);
    await run([recordOfEvents(3, [{ id: 'event-3', time: '2026-12-22T12:00:00.000Z' }], { arrivedAt: clock.now() })]);
    expect(told().slice(1)).toEqual([['event-3/first', 'first', 1]]);
    expect(alertGroups.all().map(({ total }) => total)).toEqual([1]);
  });
});

describe('a crash', () => {
  const killed = () => Promise.reject(new TypeError('killed here'));

  test('between saving a notice and sending it: the redelivery sends it, with the same id', async () => {
    const { run, told, pending } = setup();
    await expect(run([one(1)], { publish: killed })).rejects.toEqual(new TypeError('killed here'));
    expect([told(), pending()]).toEqual([[], ['event-1/first']]);
    expect(await run([one(1)])).toEqual(SUCCESS);
    expect([told(), pending()]).toEqual([[['event-1/first', 'first', 1]], []]);
  });

  test('between saving a notice and sending it: the sweep sends it, with the same id, when no redelivery comes', async () => {
    const { run, sweep, told, clock } = setup();
    await run([one(1)], { publish: killed }).catch(() => undefined);
    clock.advance(60_000);
    await sweep();
    expect(told()).toEqual([['event-1/first', 'first', 1]]);
  });

  test('between sending a notice and clearing it: it is sent again with the same id, and not a third time', async () => {
    const { run, sweep, told, pending, clock } = setup();
    await run([one(1)], {
      groups: (call) => (call.method === 'putVersioned' && call.nth === 1 ? killed() : call.proceed()),
    });
    expect([told().length, pending()]).toEqual([1, ['event-1/first']]);
    clock.advance(60_000);
    await sweep();
    await sweep();
    expect(told()).toEqual([
      ['event-1/first', 'first', 1],
      ['event-1/first', 'first', 1],
    ]);
  });
});

describe('a topic that refuses', () => {
  test('holds up no batch: its notices wait, and the sweep sends them once', async () => {
    const { run, sweep, told, pending, clock } = setup();
    expect(await run([one(1), one(2)], { publish: deny })).toEqual(SUCCESS);
    expect(pending()).toEqual(['event-1/first']);
    clock.advance(60_000);
    expect(await sweep(deny)).toMatchObject({
      notices: 0,
      refused: { 'level-topic': 1 },
      reasons: ['level-topic: denied: PublishBatch failed'],
    });
    await sweep();
    await sweep();
    expect([told(), pending()]).toEqual([[['event-1/first', 'first', 1]], []]);
  });

  test('holds up no other topic', async () => {
    const { run, sent, pending, deliver } = setup();
    const publish: PublishNotices = (level, notices) => (level === 'critical' ? deny : deliver)(level, notices);
    await run([one(1, { level: 'critical' }), one(2)], { publish });
    expect([sent.map(({ level }) => level), pending()]).toEqual([['error'], ['event-1/first']]);
  });
});

describe('while the tables are down', () => {
  const batch = [one(1), one(2), one(3, { level: 'critical' }), one(4, { level: 'warning' })];

  test('critical and error notices go out, ungrouped, with their count in the batch', async () => {
    const { run, sent } = setup();
    expect(await run(batch, { groups: down, ledger: down })).toEqual(SUCCESS);
    expect(sent.map(({ id, level, count }) => [id, level, count])).toEqual([
      ['event-3/first', 'critical', 1],
      ['event-1/first', 'error', 2],
    ]);
  });

  test('and the topics too, the records come again', async () => {
    const { run, sent } = setup();
    expect(await run(batch, { groups: down, ledger: down, publish: deny })).toEqual({
      batchItemFailures: [{ itemIdentifier: nthSequenceNumber(1) }],
    });
    expect(sent).toEqual([]);
  });

  test('a notice has the id that its group would have given it, so that a receiver can drop the repeat', async () => {
    const { run, told } = setup();
    await run([one(1)], { groups: down, ledger: down });
    await run([one(1)]);
    expect(told()).toEqual([
      ['event-1/first', 'first', 1],
      ['event-1/first', 'first', 1],
    ]);
  });

  test('events of other levels are counted as filtered: nothing is dropped silently', async () => {
    const { run, outcomes } = setup();
    await run(batch, { groups: down, ledger: down });
    expect(outcomes[0]?.counts).toEqual({ received: 4, projected: 3, duplicates: 0, filtered: 1, quarantined: 0 });
  });
});

test('a group that could not be folded for lack of time comes again, and nobody is told twice', async () => {
  const { run, sent } = setup();
  const slow: Interceptor = (call) =>
    call.method === 'putVersioned' ? Promise.reject(new Fault('out-of-time', 'late')) : call.proceed();
  expect(await run([one(1)], { groups: slow })).toEqual({
    batchItemFailures: [{ itemIdentifier: nthSequenceNumber(1) }],
  });
  expect(sent).toEqual([]);
});
