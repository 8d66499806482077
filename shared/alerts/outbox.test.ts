import { expect, test } from 'vitest';
import type { Level } from '../events/levels.ts';
import type { Notice } from './notice.ts';
import { deliverPending, levelTopics, onlyLevelTopics, type SendNotices } from './outbox.ts';

const notice = (id: string, level: Level = 'error') => ({ id, level }) as Notice;
const deny: SendNotices = async (notices) => notices.map((_, index) => ({ index, reason: 'denied' }));
const take: SendNotices = async () => [];
const takenBy = (all: ReadonlyMap<string, ReadonlySet<string>>) => [...all].map(([id, by]) => [id, ...by]);

test('notices go to the topic of their level, in order, the most severe level first, and no topic is called for nothing', async () => {
  const calls: [Level, string[]][] = [];
  const send = levelTopics(async (level, notices) => {
    calls.push([level, notices.map(({ id }) => id)]);
    return [];
  });
  expect(await send([notice('1', 'info'), notice('2', 'critical'), notice('3', 'info')])).toEqual([]);
  expect(calls).toEqual([
    ['critical', ['2']],
    ['info', ['1', '3']],
  ]);
});

test('a topic that hangs holds up none of the other levels', async () => {
  const called: Level[] = [];
  const send = levelTopics((level) => {
    called.push(level);
    return level === 'critical' ? new Promise(() => undefined) : Promise.resolve([]);
  });
  void send([notice('1', 'critical'), notice('2', 'error'), notice('3', 'debug')]);
  expect(called).toEqual(['critical', 'error', 'debug']);
});

test('what a topic refused is not sent, with the reason, and the other topics go on', async () => {
  const pending = [notice('1', 'error'), notice('2', 'critical'), notice('3', 'critical')];
  const receivers = onlyLevelTopics(async (level) => (level === 'critical' ? [{ index: 1, reason: 'denied' }] : []));
  const { taken, refused } = await deliverPending([{ pending }], receivers);
  expect([takenBy(taken), refused]).toEqual([
    [
      ['1', 'level-topic'],
      ['2', 'level-topic'],
    ],
    [{ id: '3', address: 'level-topic', reason: 'denied' }],
  ]);
});

test('a receiver gets the most severe groups first, those of a level and the notices of a group in order', async () => {
  const got: string[] = [];
  const slow: SendNotices = async (notices) => {
    got.push(...notices.map(({ id }) => id));
    return [{ index: 0, reason: 'denied' }];
  };
  const outboxes = [
    { pending: [notice('1', 'info')], to: ['slow'] },
    { pending: [] },
    { pending: [notice('2', 'warning'), notice('3', 'critical')], to: ['slow'] },
    { pending: [notice('4', 'info')], to: ['slow'] },
    { pending: [notice('5', 'critical')], to: ['slow'] },
  ];
  const { refused } = await deliverPending(outboxes, new Map([['slow', slow]]));
  expect(got).toEqual(['2', '3', '5', '1', '4']);
  expect(refused).toEqual([{ id: '2', address: 'slow', reason: 'denied' }]);
});

test('a receiver that refuses holds up no other, and one that took a notice does not get it again', async () => {
  const got: string[] = [];
  const receivers = new Map<string, SendNotices>([
    ['dead', deny],
    [
      'well',
      async (notices) => {
        got.push(...notices.map(({ id }) => id));
        return [];
      },
    ],
  ]);
  const outboxes = [
    { pending: [notice('1')], to: ['dead', 'well'] },
    { pending: [{ ...notice('2'), to: ['dead'] }], to: ['dead', 'well'] },
  ];
  const { taken, refused } = await deliverPending(outboxes, receivers);
  expect([got, takenBy(taken), refused.map(({ id, address }) => [id, address])]).toEqual([
    ['1'],
    [['1', 'well']],
    [
      ['1', 'dead'],
      ['2', 'dead'],
    ],
  ]);
});

test('receivers are sent to at the same time: one that hangs is waited for, and the others have theirs by then', async () => {
  const order: string[] = [];
  const took = (name: string) => {
    order.push(name);
    return [];
  };
  const receivers = new Map<string, SendNotices>([
    ['slow', () => new Promise((resolve) => setTimeout(resolve, 30)).then(() => took('slow'))],
    ['quick', async () => took('quick')],
  ]);
  await deliverPending([{ pending: [notice('1')], to: ['slow', 'quick'] }], receivers);
  expect(order).toEqual(['quick', 'slow']);
});

test('nobody waits for a receiver that is no longer configured', async () => {
  const { taken, unknown } = await deliverPending(
    [{ pending: [notice('1')], to: ['gone', 'here'] }],
    new Map([['here', take]]),
  );
  expect([takenBy(taken), unknown]).toEqual([[['1', 'gone', 'here']], [{ id: '1', address: 'gone' }]]);
});

test('a notice arrives without the list of those that wait for it', async () => {
  let came: readonly Notice[] = [];
  const send: SendNotices = async (notices) => {
    came = notices;
    return [];
  };
  await deliverPending([{ pending: [{ ...notice('1'), to: ['a'] }] }], new Map([['a', send]]));
  expect(came).toEqual([notice('1')]);
});
