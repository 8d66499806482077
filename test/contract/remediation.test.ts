import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snsEvents } from '../../shared/aws/sns-events.ts';
import { sqsRequests } from '../../shared/aws/sqs-requests.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { parseInstanceId } from '../../shared/remediation/instance.ts';
import { readMessage, requestMessage } from '../../shared/remediation/message.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import type { SendFailure } from '../../shared/stream/ports.ts';
import { eventTopic, requestQueue } from '../simulation/models/model-receiver.ts';
import { manualClock } from '../support/manual-clock.ts';
import { calmWorld } from './calm-world.ts';
import { eventually } from './local-cloud.ts';
import { topicWithQueue } from './topic-with-queue.ts';

interface ReceiverUnderTest<T> {
  send(all: readonly T[]): Promise<SendFailure[]>;
  /** The messages that arrived since it was asked last, so many at least. */
  arrived(count: number): Promise<string[]>;
  remove(): Promise<void>;
}

async function modelQueue(): Promise<ReceiverUnderTest<RemediationRequest>> {
  const { service, instance, settle } = calmWorld();
  const taken: string[] = [];
  const queue = requestQueue({ service, strikes: () => false, take: (one) => taken.push(requestMessage(one)) });
  const send = queue.sender(instance);
  return { send: (all) => settle(send(all)), arrived: async () => taken.splice(0), remove: async () => {} };
}

async function localCloudQueue(): Promise<ReceiverUnderTest<RemediationRequest>> {
  const sqs = new SQSClient({});
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `requests-${randomUUID()}` }));
  const request = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 };
  return {
    send: sqsRequests(QueueUrl, manualClock()),
    arrived: (count) => {
      const came: string[] = [];
      return eventually(`${count} requests`, async () => {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
        came.push(...Messages.map(({ Body = '' }) => Body));
        return came.length >= count ? came : undefined;
      });
    },
    remove: async () => {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

async function modelTopic(): Promise<ReceiverUnderTest<LogEvent>> {
  const { service, instance, settle } = calmWorld();
  const taken: string[] = [];
  const topic = eventTopic({ service, strikes: () => false, take: (one) => taken.push(JSON.stringify(one)) });
  const send = topic.sender(instance);
  return { send: (all) => settle(send(all)), arrived: async () => taken.splice(0), remove: async () => {} };
}

async function localCloudTopic(): Promise<ReceiverUnderTest<LogEvent>> {
  const topic = await topicWithQueue(`facts-${randomUUID()}`);
  return {
    send: snsEvents(topic.topicArn, manualClock()),
    arrived: (count) => {
      const came: string[] = [];
      return eventually(`${count} events`, async () => {
        came.push(...(await topic.receive()).map(({ body }) => body));
        return came.length >= count ? came : undefined;
      });
    },
    remove: topic.remove,
  };
}

const instance = parseInstanceId('i-0123456789abcdef0') as NonNullable<ReturnType<typeof parseInstanceId>>;
const request = (id: string, reason = '3 events within 10m, more than 2'): RemediationRequest => ({
  id,
  instance,
  by: { kind: 'rule', name: 'slow' },
  reason,
  at: '2026-11-21T12:00:00.000Z',
});
const fact = (id: string, message = `Stopped ${instance} to restart it`): LogEvent => ({
  v: 1,
  id,
  type: 'remediation.performed',
  time: '2026-11-21T12:00:00.000Z',
  level: 'info',
  source: 'sluice.remediation',
  message,
  attributes: { instance, request: 'r1', step: 'stop' },
});
const HOSTILE = 'a "reason" \\ of <b>two</b>\tlines 😀 €';
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

describe.each([
  ['the model', modelQueue],
  ['SQS on the local cloud', localCloudQueue],
] as const)('the queue of requests, as %s', (_, open) => {
  let queue: ReceiverUnderTest<RemediationRequest>;
  beforeAll(async () => {
    queue = await open();
  });
  afterAll(() => queue.remove());

  test('takes more than a call may carry, each once, and each is read as what was asked', async () => {
    const asked = numbered(34).map((id) => request(id));
    expect(await queue.send(asked)).toEqual([]);
    const read = (await queue.arrived(34)).map((body) => readMessage(body, {}));
    const byId = new Map(read.map((each) => [each.status === 'asked' ? each.request.id : '', each]));
    expect(read.length).toBe(34);
    expect(asked.map(({ id }) => byId.get(id))).toEqual(asked.map((each) => ({ status: 'asked', request: each })));
  });

  test('takes what a hostile line says in a reason', async () => {
    expect(await queue.send([request('hostile', HOSTILE)])).toEqual([]);
    const [body = ''] = await queue.arrived(1);
    expect(body).toBe(requestMessage(request('hostile', HOSTILE)));
  });
});

describe.each([
  ['the model', modelTopic],
  ['SNS on the local cloud', localCloudTopic],
] as const)('the topic of restarts, as %s', (_, open) => {
  let topic: ReceiverUnderTest<LogEvent>;
  beforeAll(async () => {
    topic = await open();
  });
  afterAll(() => topic.remove());

  test('takes more than a call may carry, each once and whole', async () => {
    const told = numbered(34).map((id) => fact(id));
    expect(await topic.send(told)).toEqual([]);
    const byId = new Map((await topic.arrived(34)).map((body) => [JSON.parse(body).id, JSON.parse(body)]));
    expect(told.map(({ id }) => byId.get(id))).toEqual(told);
  });

  test('takes events that are large together, and what a hostile line says', async () => {
    const told = [...numbered(12).map((id) => fact(id, '€'.repeat(12_000))), fact('hostile', HOSTILE)];
    expect(await topic.send(told)).toEqual([]);
    const byId = new Map((await topic.arrived(13)).map((body) => [JSON.parse(body).id, JSON.parse(body)]));
    expect(told.map(({ id }) => byId.get(id))).toEqual(told);
  });
});

test.each([
  [
    'a queue',
    (clock: ReturnType<typeof manualClock>) => sqsRequests(missingQueue(), clock)([request('r1'), request('r2')]),
  ],
  ['a topic', (clock: ReturnType<typeof manualClock>) => snsEvents(MISSING_TOPIC, clock)([fact('r1'), fact('r2')])],
])('%s that is not there refuses each message with the reason, and does not reject', async (_, send) => {
  const unsent = await send(manualClock());
  expect(unsent.map(({ index }) => index)).toEqual([0, 1]);
  expect(unsent.every(({ reason }) => reason.startsWith('missing: '))).toBe(true);
});

const MISSING_TOPIC = `arn:aws:sns:us-east-1:000000000000:contract-nobody-${randomUUID()}`;
const missingQueue = () => `${process.env.AWS_ENDPOINT_URL}/000000000000/contract-nobody-${randomUUID()}`;

describe('the model of a receiver', () => {
  const open = (strikes: (what: string) => boolean) => {
    const { service, instance: caller, settle } = calmWorld();
    const taken: string[] = [];
    const topic = eventTopic({ service, strikes, take: ({ id }) => taken.push(id) });
    return { taken, send: (all: readonly LogEvent[]) => settle(topic.sender(caller)(all)) };
  };

  test('names what it refused in each try of its sender, and took the rest once', async () => {
    let asked = 0;
    // The second of three, again and again.
    const { taken, send } = open((what) => what === 'refusal' && (asked++ === 1 || asked > 3));
    expect(await send(['a', 'b', 'c'].map((id) => fact(id)))).toEqual([{ index: 1, reason: 'throttled' }]);
    expect(taken).toEqual(['a', 'c']);
  });

  test('takes a call again whose answer was lost', async () => {
    let answers = 0;
    const { taken, send } = open((what) => what === 'lost answer' && answers++ === 0);
    expect(await send([fact('a')])).toEqual([]);
    expect(taken).toEqual(['a', 'a']);
  });
});
