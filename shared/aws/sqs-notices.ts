import type { Notice } from '../alerts/notice.ts';
import type { SendNotices } from '../alerts/outbox.ts';
import type { SqsReceiver } from '../alerts/receivers.ts';
import { inertJson } from '../alerts/wording.ts';
import { eventIdHash } from '../events/event-id.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { sendAll } from '../stream/send-all.ts';
import { callJson } from './signed-call.ts';
import { writable } from './writable.ts';

/** SendMessageBatch takes 10 messages and 256 KiB together. Source: SQS API. */
const SEND_LIMITS = { count: 10, bytes: 250 * 1_024 };
const ATTEMPTS = 3;

/** Sends notices to a queue, as JSON with the attributes that those of a topic have. */
export function sqsNotices(clock: Clock): (receiver: SqsReceiver) => SendNotices {
  return ({ queueArn }) =>
    async (notices) => {
      const sizeOf = (notice: Notice) => Buffer.byteLength(inertJson(notice)) + 1_024;
      const send = (chunk: readonly Notice[]) => sendBatch(queueArn, chunk);
      return (await sendAll(notices, { clock, attempts: ATTEMPTS, limits: SEND_LIMITS, sizeOf, send })).unsent;
    };
}

async function sendBatch(queueArn: string, notices: readonly Notice[]): Promise<SendFailure[]> {
  const isFifo = queueArn.endsWith('.fifo');
  const Entries = notices.map((notice, index) => ({
    Id: String(index),
    MessageBody: writable(inertJson(notice)),
    MessageAttributes: attributesOf(notice),
    // A group of notices in order; the notice's id makes a repeat one message.
    ...(isFifo ? { MessageGroupId: hash(notice.fingerprint), MessageDeduplicationId: hash(notice.id) } : {}),
  }));
  const { Failed = [] } = await callJson<{ Failed?: { Id: string; Code: string; Message?: string }[] }>(
    'sqs',
    'SendMessageBatch',
    { region: queueArn.split(':')[3], input: { QueueUrl: queueUrl(queueArn), Entries } },
  );
  return Failed.map(({ Id, Code, Message }) => ({ index: Number(Id), reason: `${Code}: ${Message ?? ''}` }));
}

function attributesOf({ level, source, fingerprint, kind }: Notice) {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue: writable(StringValue) });
  return { level: text(level), source: text(source), fingerprint: text(fingerprint), kind: text(kind) };
}

/** Ids of FIFO queues take 128 characters of a small alphabet, those of notices may hold anything. */
function hash(text: string): string {
  return eventIdHash(text).toString(36);
}

/** `arn:aws:sqs:eu-central-1:123456789012:name`. Source: SQS Developer Guide, "Queue and message identifiers". */
function queueUrl(arn: string): string {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  const local = process.env.AWS_ENDPOINT_URL;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${local ? local.replace(/\/+$/, '') : `https://sqs.${region}.${suffix}`}/${account}/${name}`;
}
