import { describe, expect, test } from 'vitest';
import { parseMatcher } from '../../shared/alerts/matcher.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import type { SendNotices } from '../../shared/alerts/outbox.ts';
import { silenceDetails } from '../../shared/alerts/silence.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { alertPolicy, routingTree } from '../../test/support/alert-events.ts';
import { alertWorld, denied, down } from '../../test/support/alert-world.ts';
import type { Interceptor } from '../../test/support/intercepted-table.ts';
import { at, ofShop, record, silence } from '../../test/support/silence-records.ts';

const end = (place: number, minute: number) =>
  record(place, minute, { type: 'silence.ended', source: 'sluice', details: { silence: { id: 's1', author: 'bob' } } });

describe('a silence', () => {
  test('hides from then on what it matches, in its own batch too, and nothing else', async () => {
    const { run, told, outcomes } = alertWorld();
    await run([record(1, -1), silence(2, 0), record(3, 1), record(4, 1, { source: 'web' })]);
    await run([record(5, 2), record(6, 2, { source: 'web' })]);
    expect(told()).toEqual([
      ['event-1/first', 'first', 1],
      ['event-4/first', 'first', 1],
    ]);
    expect(outcomes.map(({ counts }) => counts.filtered)).toEqual([0, 0]);
  });

  test('is announced to whom it kept something from when it is over, with the exact count, once', async () => {
    const { run, sweep, sent, clock, alertGroups } = alertWorld();
    await run([silence(1, 0), record(2, 1), record(3, 2, { level: 'critical' })]);
    await run([record(4, 3), record(4, 3)]);
    clock.advance(31 * 60_000);
    await sweep();
    expect(sent).toEqual([]);
    clock.advance(60_001);
    await sweep();
    await sweep();
    expect(sent.map(({ kind, level, count, title }) => [kind, level, count, title])).toEqual([
      ['summary', 'critical', 3, 'silence ended: a deployment (by ann)'],
    ]);
    expect(alertGroups.all().map(({ group, due_bucket: due }) => [group, due])).toEqual([
      ['silence#s1', 'silences-past'],
    ]);
  });

  test('that is ended before its time hides nothing from then on', async () => {
    const { run, told } = alertWorld();
    await run([silence(1, 0), record(2, 1)]);
    await run([end(3, 5), record(4, 4), record(5, 6)]);
    expect(told()).toEqual([['event-5/first', 'first', 1]]);
  });

  test('that is to begin later hides nothing before', async () => {
    const { run, told } = alertWorld();
    await run([silence(1, 0, { startsAt: at(10) }), record(2, 9), record(3, 11)]);
    expect(told()).toEqual([['event-2/first', 'first', 1]]);
  });

  test('that cannot be understood silences nothing, and is counted', async () => {
    const { run, told, outcomes } = alertWorld();
    const odd = [
      {},
      { silence: { ...silenceDetails(ofShop).silence, matchers: ['source=~"("'] } },
      { silence: 7 },
      null,
    ];
    await run([...odd.map((details, n) => record(n, 0, { type: 'silence.created', details })), record(9, 1)]);
    expect([told().length, outcomes[0]?.counts.filtered]).toEqual([1, 4]);
  });

  test('is known to a new container whose first read was throttled', async () => {
    const { run, told, clock } = alertWorld();
    await run([silence(1, 0)]);
    const throttledOnce: Interceptor = ({ method, nth, proceed }) =>
      method === 'query' && nth === 0 ? Promise.reject(new Fault('throttled', 'too many calls')) : proceed();
    clock.advance(60_000);
    await run([record(2, 1)], { groups: throttledOnce });
    expect(told()).toEqual([]);
  });

  test('that moves between the buckets while they are asked is read once', async () => {
    const { run, told, clock } = alertWorld();
    await run([silence(1, 0)]);
    let found: unknown;
    // Both answers name it: an index follows its table a moment later.
    const inBoth: Interceptor = async ({ method, proceed }) => {
      if (method !== 'query') return proceed();
      const answer = (await proceed()) as unknown[];
      found = answer.length > 0 ? answer : found;
      return found ?? answer;
    };
    clock.advance(60_000);
    await run([record(2, 1)], { groups: inBoth });
    expect(told()).toEqual([]);
  });

  test('comes again for a minute while the tables are down, as long as its command waits for it', async () => {
    const { run } = alertWorld();
    expect((await run([silence(1, 0)], { groups: down })).batchItemFailures.length).toBe(1);
  });

  test('holds up nobody after that: it is let go, with a count', async () => {
    const { run, told, outcomes, clock } = alertWorld();
    clock.advance(60_001);
    expect(await run([silence(1, 0), record(2, 1), record(3, 1, { source: 'web' })], { groups: down })).toEqual({
      batchItemFailures: [],
    });
    expect([told(), outcomes[0]?.counts.filtered]).toEqual([[['event-3/first', 'first', 1]], 2]);
  });
});

describe('a storm', () => {
  const storm = { incidents: 3, window: 300 };
  const opens = (n: number) => ({ message: `failure of kind ${'abcdefghijklmnopqrstuvwxyz'[n]}`, id: `opens-${n}` });
  const names = (notices: readonly Notice[]) =>
    notices.map(({ id, kind, count, incidents = [] }) => [id.slice(0, id.indexOf('/')), kind, count, incidents.length]);

  test('of one source becomes one notice at once and one that names the rest, and its groups tell nothing by themselves', async () => {
    const { run, sweep, sent, clock } = alertWorld({ policy: alertPolicy(routingTree(), { storm }) });
    await run([...Array.from({ length: 6 }, (_, n) => record(n, 0, opens(n))), record(50, 0, { source: 'web' })]);
    await run([
      ...Array.from({ length: 4 }, (_, n) => record(10 + n, 1, opens(6 + n))),
      record(60, 1, { ...opens(9), id: 'again' }),
    ]);
    expect(names(sent)).toEqual([
      ['opens-0', 'first', 1, 0],
      ['opens-1', 'first', 1, 0],
      ['opens-2', 'first', 1, 0],
      ['event-50', 'first', 1, 0],
      ['opens-3', 'first', 4, 1],
    ]);
    clock.advance(301_000);
    await sweep();
    await sweep();
    expect(names(sent).slice(5)).toEqual([['opens-0', 'summary', 7, 7]]);
    expect(
      sent
        .at(-1)
        ?.incidents?.map(({ title }) => title.at(-1))
        .join(''),
    ).toBe('defghij');
  });

  test('that is over lets what goes on be told by itself again', async () => {
    const { run, sent, clock } = alertWorld({ policy: alertPolicy(routingTree(), { storm }) });
    await run(Array.from({ length: 5 }, (_, n) => record(n, 0, opens(n))));
    clock.advance(10 * 60_000);
    await run([record(20, 10, { ...opens(4), id: 'later' })]);
    expect(names(sent).slice(-2)).toEqual([
      ['later', 'repeat', 1, 0],
      ['opens-0', 'summary', 2, 2],
    ]);
    await run([record(21, 11, { ...opens(4), id: 'more' })]);
    expect(sent.length).toBe(6);
  });

  test('that is redelivered decides the same', async () => {
    const { run, sent, pending } = alertWorld({ policy: alertPolicy(routingTree(), { storm }) });
    const records = Array.from({ length: 6 }, (_, n) => record(n, 0, opens(n)));
    const killed = { publish: () => Promise.reject(new TypeError('killed here')) };
    await expect(run(records, killed)).rejects.toThrow('killed here');
    await run(records);
    expect(names(sent)).toEqual([
      ['opens-0', 'first', 1, 0],
      ['opens-1', 'first', 1, 0],
      ['opens-2', 'first', 1, 0],
      ['opens-3', 'first', 4, 1],
    ]);
    expect(pending()).toEqual([]);
  });

  test('while the tables are down becomes one notice a batch that names its incidents', async () => {
    const { run, sent } = alertWorld({ policy: alertPolicy(routingTree(), { storm }) });
    await run([...Array.from({ length: 6 }, (_, n) => record(n, 0, opens(n))), record(50, 0, { source: 'web' })], {
      groups: down,
    });
    expect(names(sent)).toEqual([
      ['opens-0', 'first', 6, 6],
      ['event-50', 'first', 1, 0],
    ]);
  });
});

test('an event that goes two ways is told on both, each with an id of its own, and counts once', async () => {
  const addresses = new Map([['pager', ['pager:sns:0']]]);
  const tree = routingTree({ routes: [{ receiver: 'pager', name: 'page', continue: true }, {}] }, { addresses });
  const pager: Notice[] = [];
  const page: SendNotices = async (notices) => {
    pager.push(...notices);
    return [];
  };
  const receivers = () => new Map([['pager:sns:0', page]]);
  const { run, sweep, told, outcomes, clock } = alertWorld({ policy: alertPolicy(tree), receivers });
  await run([record(1, 0), record(2, 1)]);
  clock.advance(301_000);
  await sweep();
  expect(pager.map(({ id, count }) => [id, count])).toEqual([
    ['event-1/first@page', 1],
    ['event-1/summary@page', 2],
  ]);
  expect(told().length).toBe(2);
  expect(outcomes[0]?.counts).toMatchObject({ received: 2, projected: 2, duplicates: 0, filtered: 0 });
});

describe('a receiver that is out of reach while the tables are down', () => {
  const addresses = new Map([['pager', ['pager:sns:0']]]);
  const refuse: SendNotices = async (notices) => notices.map((_, index) => ({ index, reason: 'out of reach' }));
  const receivers = () => new Map([['pager:sns:0', refuse]]);

  test('holds up no other: what nobody else heard of goes to the topic of its level', async () => {
    const tree = routingTree(
      { routes: [{ receiver: 'pager', name: 'page', matchers: [parseMatcher('source=shop')] }] },
      { addresses },
    );
    const { run, told } = alertWorld({ policy: alertPolicy(tree), receivers });
    const answer = await run([record(1, 0), record(2, 0, { source: 'web' })], { groups: down });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(told().map(([id]) => id)).toEqual(['event-2/first', 'event-1/first@page']);
  });

  test('is not stood in for where somebody else heard of it', async () => {
    const tree = routingTree({ routes: [{ receiver: 'pager', name: 'page', continue: true }, {}] }, { addresses });
    const { run, told } = alertWorld({ policy: alertPolicy(tree), receivers });
    expect(await run([record(1, 0)], { groups: down })).toEqual({ batchItemFailures: [] });
    expect(told().length).toBe(1);
  });

  test('and whose stand-in refuses too: the record comes again', async () => {
    const tree = routingTree({ receiver: 'pager' }, { addresses });
    const { run, told } = alertWorld({ policy: alertPolicy(tree), receivers });
    const { batchItemFailures } = await run([record(1, 0)], { groups: down, publish: denied });
    expect([batchItemFailures.length, told()]).toEqual([1, []]);
  });
});
