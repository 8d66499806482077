import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Notice } from '../../shared/alerts/notice.ts';
import type { SendNotices } from '../../shared/alerts/outbox.ts';
import { secretReader } from '../../shared/aws/secrets.ts';
import { snsTopic } from '../../shared/aws/sns-topics.ts';
import { sqsNotices } from '../../shared/aws/sqs-notices.ts';
import { webhookSender } from '../../shared/runtime/webhook-sender.ts';
import { ModelPager } from '../simulation/models/model-pager.ts';
import { manualClock } from '../support/manual-clock.ts';
import { hooks } from '../support/webhook-server.ts';
import { calmWorld } from './calm-world.ts';
import { eventually } from './local-cloud.ts';

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
let sqs: SQSClient;

beforeAll(() => {
  sqs = new SQSClient({});
});

async function queueOf(attributes: Record<string, string> = {}) {
  const QueueName = `receivers-${randomUUID()}${attributes.FifoQueue ? '.fifo' : ''}`;
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
}

async function receive(QueueUrl: string, count: number): Promise<Message[]> {
  const came: Message[] = [];
  return eventually(`${count} messages`, async () => {
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], VisibilityTimeout: 60 };
    came.push(...((await sqs.send(new ReceiveMessageCommand(request))).Messages ?? []));
    return came.length >= count ? came : undefined;
  });
}

/** Where notices are sent to, and the ids of what arrived there. */
interface ReceiverUnderTest {
  send: SendNotices;
  arrived(count: number): Promise<string[]>;
}

async function modelPager(): Promise<ReceiverUnderTest> {
  const { service, instance, scheduler, settle } = calmWorld();
  const pager = new ModelPager({ service, now: () => scheduler.now });
  const send = pager.sender(instance);
  return {
    send: (notices) => settle(send(notices)),
    arrived: async () => pager.delivered.map(({ notice: { id } }) => id),
  };
}

async function queueReceiver(): Promise<ReceiverUnderTest> {
  const { url, arn } = await queueOf();
  return {
    send: sqsNotices(manualClock())({ address: 'a:sqs:0', kind: 'sqs', queueArn: arn }),
    arrived: async (count) => (await receive(url, count)).map(({ Body }) => JSON.parse(Body ?? '').id),
  };
}

/** A webhook that takes no notice whose id ends with 7. */
async function webhookReceiver(): Promise<ReceiverUnderTest> {
  const taken: string[] = [];
  const { network } = await hooks(({ body }) => {
    const ids: string[] = JSON.parse(body).notices.map(({ id }: Notice) => id);
    if (ids.some((id) => id.endsWith('7'))) return { status: 400 };
    taken.push(...ids);
    return { status: 204 };
  });
  const hook = { address: 'a:webhook:0', kind: 'webhook', url: 'https://hooks.test/', format: 'sluice' } as const;
  return {
    send: webhookSender({ secret: async () => '', clock: manualClock(), network })({ ...hook, timeoutSeconds: 5 }),
    arrived: async () => taken,
  };
}

describe.each([
  ['the pager of the simulation', modelPager],
  ['a webhook', webhookReceiver],
  ['a queue on the local cloud', queueReceiver],
] as const)('a receiver, as %s', (_, open) => {
  test('says by index what it did not take, with a reason, and has all else', async () => {
    const { send, arrived } = await open();
    const all = Array.from({ length: 60 }, (_unused, n) => notice(`n${n}`));
    const unsent = await send(all);
    for (const { reason } of unsent) expect(reason).not.toBe('');
    const refused = new Set(unsent.map(({ index }) => `n${index}`));
    const taken = all.map(({ id }) => id).filter((id) => !refused.has(id));
    expect(taken.length).toBeGreaterThan(40);
    expect((await arrived(taken.length)).sort()).toEqual(taken.sort());
  });
});

describe('a queue', () => {
  const to = (queueArn: string) => sqsNotices(manualClock())({ address: 'a:sqs:0', kind: 'sqs', queueArn });

  test('gets each notice whole, hostile text included, with the attributes of a topic', async () => {
    const { url, arn } = await queueOf();
    const hostile = notice('hostile', { source: 'a\u0000b & <c> 😀', sample: '"\u001b[31m\n\u2028\uffff' });
    const all = [hostile, ...Array.from({ length: 11 }, (_, n) => notice(`n${n}`))];
    expect(await to(arn)(all)).toEqual([]);
    const came = await receive(url, 12);
    expect(came.map(({ Body }) => JSON.parse(Body ?? '').id).sort()).toEqual(all.map(({ id }) => id).sort());
    const attributes = came.find(({ Body }) => Body?.includes('hostile'))?.MessageAttributes;
    expect([attributes?.source?.StringValue, attributes?.kind?.StringValue]).toEqual(['a\ufffdb & <c> 😀', 'first']);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  });

  test('that is first in, first out takes a repeated notice as one message', async () => {
    const { url, arn } = await queueOf({ FifoQueue: 'true' });
    expect(await to(arn)([notice('1'), notice('2')])).toEqual([]);
    expect(await to(arn)([notice('1')])).toEqual([]);
    expect((await receive(url, 2)).map(({ Body }) => JSON.parse(Body ?? '').id)).toEqual(['1', '2']);
  });

  test('that is not there refuses every notice, with the reason', async () => {
    const unsent = await to('arn:aws:sqs:us-east-1:000000000000:nobody')([notice('1'), notice('2')]);
    expect(unsent.map(({ index }) => index)).toEqual([0, 1]);
    expect(unsent[0]?.reason).toMatch(/^missing: SendMessageBatch failed/);
  });
});

test('a topic that is named by its ARN gets notices as the topics of the levels do', async () => {
  const sns = new SNSClient({});
  const { url, arn } = await queueOf();
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `receivers-${randomUUID()}` }));
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes }));
  expect(await snsTopic(TopicArn, manualClock())([notice('1', { sample: '<&>"' })])).toEqual([]);
  const [came] = await receive(url, 1);
  expect(JSON.parse(came?.Body ?? '')).toEqual(notice('1', { sample: '<&>"' }));
});

describe('a secret', () => {
  test('is read where it is kept, and again once it may have changed', async () => {
    const ssm = new SSMClient({});
    const Name = `/sluice-test/${randomUUID()}`;
    const put = (Value: string) =>
      ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
    const clock = manualClock();
    const read = secretReader(clock, { KEY: 'of the environment' });
    await put('one');
    expect(await read(`ssm:${Name}`)).toBe('one');
    await put('two');
    expect(await read(`ssm:${Name}`)).toBe('one');
    clock.advance(300_001);
    expect(await read(`ssm:${Name}`)).toBe('two');
    expect(await read('env:KEY')).toBe('of the environment');
  });

  test('that is not there is a fault that names where it was looked for', async () => {
    const read = secretReader(manualClock(), {});
    await expect(read('ssm:/sluice-test/nothing')).rejects.toMatchObject({ code: 'missing' });
    await expect(read('env:NOTHING')).rejects.toThrow(
      'the environment variable NOTHING, which a receiver names, is not set',
    );
  });
});
