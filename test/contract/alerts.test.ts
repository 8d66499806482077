import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Alert, sendAlerts } from '../../client/index.ts';
import { snsPublish } from '../../shared/aws/sns-publish.ts';
import type { PublishToTopic } from '../../shared/stream/publish-messages.ts';
import { memoryTopics } from '../support/memory-topics.ts';
import { eventually } from './local-cloud.ts';
import { topicWithQueue } from './topic-with-queue.ts';

interface Told {
  text: string;
  subject: string | undefined;
  level: string | undefined;
}

interface AlertsUnderTest {
  publish: PublishToTopic;
  topicArns: [string, string];
  /** What the first topic was told since it was asked last, so many at least. */
  take(count: number): Promise<Told[]>;
  remove(): Promise<void>;
}

const ACCOUNT = 'arn:aws:sns:us-east-1:000000000000';

async function topicsInMemory(): Promise<AlertsUnderTest> {
  const topicArns: [string, string] = [`${ACCOUNT}:one`, `${ACCOUNT}:two`];
  const { publish, taken } = memoryTopics(topicArns);
  return {
    publish,
    topicArns,
    take: async () =>
      (taken.get(topicArns[0]) ?? [])
        .splice(0)
        .map(({ text, subject, attributes }) => ({ text, subject, level: attributes?.level })),
    remove: async () => {},
  };
}

/** SNS's envelope, which has the subject. */
interface Envelope {
  Message: string;
  Subject?: string;
  MessageAttributes?: Record<string, { Value: string }>;
}

async function topicsOfLocalCloud(): Promise<AlertsUnderTest> {
  const open = () => topicWithQueue(`contract-alerts-${randomUUID()}`, { raw: false });
  const [one, two] = await Promise.all([open(), open()]);
  const take = async (count: number) => {
    const told: Told[] = [];
    await eventually(`${count} alerts`, async () => {
      for (const { body } of await one.receive()) {
        const { Message, Subject, MessageAttributes } = JSON.parse(body) as Envelope;
        told.push({ text: Message, subject: Subject, level: MessageAttributes?.level?.Value });
      }
      return told.length >= count ? true : undefined;
    });
    return told;
  };
  const remove = async () => {
    await Promise.all([one.remove(), two.remove()]);
  };
  return { publish: snsPublish, topicArns: [one.topicArn, two.topicArn], take, remove };
}

describe.each([
  ['topics in memory', topicsInMemory],
  ['SNS on the local cloud', topicsOfLocalCloud],
] as const)('sendAlerts on %s', (_, open) => {
  let topics: AlertsUnderTest;
  const alert = (part: Partial<Alert> = {}): Alert => ({
    channel: 'sns',
    message: 'disk full',
    topicArns: topics.topicArns,
    ...part,
  });
  const send = (alerts: Alert[]) => sendAlerts(alerts, { publish: topics.publish });

  beforeAll(async () => {
    topics = await open();
  });
  afterAll(() => topics.remove());

  test('tells each topic, with subject and level', async () => {
    const given = alert({ subject: 'Prüfung', level: 'warning' });
    expect(await send([given])).toEqual([{ alert: given, sent: topics.topicArns, issues: [] }]);
    expect(await topics.take(1)).toEqual([{ text: 'disk full', subject: 'Prufung', level: 'warning' }]);
  });

  test('tells more than a call may carry, and what is as large as SNS takes', async () => {
    const messages = [...Array.from({ length: 23 }, (_, n) => `alert ${n}`), 'x'.repeat(249 * 1_024)];
    const outcomes = await send(messages.map((message) => alert({ message })));
    expect(outcomes.flatMap(({ issues }) => issues)).toEqual([]);
    expect((await topics.take(24)).map(({ text }) => text).sort()).toEqual(messages.sort());
  });

  test('tells a topic that is there beside one that is not, and says which', async () => {
    const gone = `${ACCOUNT}:nobody-${randomUUID()}`;
    const [outcome] = await send([alert({ topicArns: [gone, topics.topicArns[0]] })]);
    expect(outcome?.sent).toEqual([topics.topicArns[0]]);
    expect(outcome?.issues).toEqual([
      { code: 'not-sent', topicArn: gone, message: expect.stringMatching(/^missing: PublishBatch failed/) },
    ]);
    await topics.take(1);
  });

  test('tells what a hostile line says', async () => {
    const message = '<script>\u001f\u2028 "\\ 😀 \ud800 $&';
    await send([alert({ message, subject: 'a\r\nBcc: all@example.com 😀' })]);
    const [told] = await topics.take(1);
    expect(told?.subject).toBe('a Bcc: all@example.com ?');
    // What XML cannot say is replaced, by the adapter or before.
    expect(told?.text.replace('\u001f', '\ufffd')).toBe('<script>\ufffd\u2028 "\\ 😀 \ufffd $&');
  });
});
