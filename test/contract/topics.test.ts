import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Notice } from '../../shared/alerts/notice.ts';
import type { PublishNotices } from '../../shared/alerts/outbox.ts';
import { snsTopics } from '../../shared/aws/sns-topics.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { ModelTopics } from '../simulation/models/model-topics.ts';
import { manualClock } from '../support/manual-clock.ts';
import { calmWorld } from './calm-world.ts';
import { eventually } from './local-cloud.ts';
import { topicWithQueue } from './topic-with-queue.ts';

interface Arrived {
  level: Level;
  notice: Notice;
  /** What a subscription filters by. */
  attributes: Record<string, string>;
}

interface TopicsUnderTest {
  publish: PublishNotices;
  /** What arrived since it was asked last, so many at least. */
  take(count: number): Promise<Arrived[]>;
  remove(): Promise<void>;
}

async function modelTopics(): Promise<TopicsUnderTest> {
  const { chaos, service, instance, scheduler, settle } = calmWorld();
  const topics = new ModelTopics({ chaos, service, now: () => scheduler.now, onDelivered: () => {} });
  const publish = topics.publisher(instance);
  return {
    publish: (level, notices) => settle(publish(level, notices)),
    take: async () => {
      expect(topics.malformed).toEqual([]);
      return topics.delivered.splice(0).map(({ level, notice }) => {
        const { source, fingerprint, kind } = notice;
        return { level, notice, attributes: { level, source, fingerprint, kind } };
      });
    },
    remove: async () => {},
  };
}

async function localCloudTopics(): Promise<TopicsUnderTest> {
  const run = randomUUID();
  const topics = await Promise.all(LEVELS.map((level) => topicWithQueue(`contract-${level}-${run}`)));
  const arns = Object.fromEntries(LEVELS.map((level, n) => [level, topics[n]?.topicArn]));
  const take = async (count: number) => {
    const arrived: Arrived[] = [];
    await eventually(`${count} notices`, async () => {
      for (const [n, level] of LEVELS.entries()) {
        for (const { body, attributes } of (await topics[n]?.receive()) ?? [])
          arrived.push({ level, notice: JSON.parse(body) as Notice, attributes });
      }
      return arrived.length >= count ? true : undefined;
    });
    return arrived;
  };
  return {
    publish: snsTopics(arns as Record<Level, string>, manualClock()),
    take,
    remove: async () => {
      for (const topic of topics) await topic.remove();
    },
  };
}

const notice = (id: string, part: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'first',
  level: 'error',
  source: 'shop',
  fingerprint: `v1:${'a'.repeat(32)}`,
  title: 'shop: the payment was refused',
  count: 1,
  firstSeen: '2026-11-21T12:00:00.000Z',
  lastSeen: '2026-11-21T12:00:00.000Z',
  sample: 'the payment was refused',
  ...part,
});

describe.each([
  ['the model', modelTopics],
  ['SNS on the local cloud', localCloudTopics],
] as const)('the topics, as %s', (_, open) => {
  let topics: TopicsUnderTest;
  beforeAll(async () => {
    topics = await open();
  });
  afterAll(() => topics.remove());

  test('deliver each notice whole to the topic of its level, with the attributes that a subscription filters by', async () => {
    for (const level of LEVELS) expect(await topics.publish(level, [notice(`of ${level}`, { level })])).toEqual([]);
    const arrived = await topics.take(5);
    expect(arrived.map(({ level }) => level).sort()).toEqual([...LEVELS].sort());
    for (const { level, notice: came, attributes } of arrived) {
      expect(came).toEqual(notice(`of ${level}`, { level }));
      expect(attributes).toEqual({ level, source: 'shop', fingerprint: came.fingerprint, kind: 'first' });
    }
  });

  test('take more than a call may carry, each once', async () => {
    const ids = Array.from({ length: 34 }, (_, n) => `event-${n}/first`);
    expect(
      await topics.publish(
        'error',
        ids.map((id) => notice(id)),
      ),
    ).toEqual([]);
    expect((await topics.take(34)).map((arrived) => arrived.notice.id).sort()).toEqual([...ids].sort());
  });

  test('take notices that are large together', async () => {
    const sample = '€'.repeat(12_000);
    const ids = Array.from({ length: 12 }, (_, n) => `large-${n}`);
    expect(
      await topics.publish(
        'error',
        ids.map((id) => notice(id, { sample })),
      ),
    ).toEqual([]);
    const arrived = await topics.take(12);
    expect(arrived.map((one) => one.notice.id).sort()).toEqual([...ids].sort());
    expect(arrived.every((one) => one.notice.sample === sample)).toBe(true);
  });

  test('take what a hostile line says, and no line holds up its neighbours', async () => {
    const hostile = {
      title: 'a\r\nBcc: all@example.com',
      sample: '<script>\u0001\u001b[31m\u2028"\\ 😀',
      source: 'shop "x" & <y> 😀',
    };
    expect(await topics.publish('error', [notice('before'), notice('hostile', hostile), notice('after')])).toEqual([]);
    const arrived = await topics.take(3);
    expect(arrived.map((one) => one.notice.id).sort()).toEqual(['after', 'before', 'hostile']);
    expect(arrived.find((one) => one.notice.id === 'hostile')?.notice).toEqual(notice('hostile', hostile));
  });
});

describe('SNS on the local cloud', () => {
  test('refuses every notice of a topic that is not there, with the reason, and does not reject', async () => {
    const arn = `arn:aws:sns:us-east-1:000000000000:contract-nobody-${randomUUID()}`;
    const topics = snsTopics({ critical: arn, error: arn, warning: arn, info: arn, debug: arn }, manualClock());
    const unsent = await topics('error', [notice('1'), notice('2')]);
    expect(unsent.map(({ index }) => index)).toEqual([0, 1]);
    expect(unsent.every(({ reason }) => reason.startsWith('missing: PublishBatch failed'))).toBe(true);
  });

  test('gets no character that a queue refuses: the notice arrives without it', async () => {
    const topics = await localCloudTopics();
    await topics.publish('error', [notice('1', { source: 'a\u0000b\ufffec', sample: 'x\uffffy' })]);
    const [arrived] = await topics.take(1);
    await topics.remove();
    expect([arrived?.attributes.source, arrived?.notice.sample]).toEqual(['a\ufffdb\ufffdc', 'x\ufffdy']);
  });
});
