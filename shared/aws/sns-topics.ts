import { type Notice, subjectOf } from '../alerts/notice.ts';
import type { PublishNotices } from '../alerts/outbox.ts';
import type { Level } from '../events/levels.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { sendAll } from '../stream/send-all.ts';
import { callAws } from './aws-fault.ts';
import { sns } from './sns-client.ts';

/** PublishBatch takes 10 messages and 256 KiB together. Source: SNS API, PublishBatch. */
const PUBLISH_LIMITS = { count: 10, bytes: 250 * 1_024 };
/** A topic that does not answer must not hold up a batch: what it refuses waits in the outbox. */
const ATTEMPTS = 3;

/** Publishes notices to the topic of their level. Messages are JSON; what a subscription filters by are attributes. */
export function snsTopics(topicArns: Readonly<Record<Level, string>>, clock: Clock): PublishNotices {
  return async (level, notices) => {
    const { unsent } = await sendAll(notices, {
      clock,
      attempts: ATTEMPTS,
      limits: PUBLISH_LIMITS,
      sizeOf: (notice) => Buffer.byteLength(JSON.stringify(notice)) + 1_024,
      send: (chunk) => publishBatch(topicArns[level], chunk),
    });
    return unsent;
  };
}

function publishBatch(TopicArn: string, notices: readonly Notice[]): Promise<SendFailure[]> {
  return callAws('PublishBatch', async () => {
    const { sdk, client } = await sns();
    const PublishBatchRequestEntries = notices.map((notice, index) => ({
      Id: String(index),
      Subject: subjectOf(notice),
      Message: writable(JSON.stringify(notice)),
      MessageAttributes: {
        level: stringAttribute(notice.level),
        source: stringAttribute(notice.source),
        fingerprint: stringAttribute(notice.fingerprint),
        kind: stringAttribute(notice.kind),
      },
    }));
    const answer = await client.send(new sdk.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    return (answer.Failed ?? []).map(({ Id, Code, Message }) => ({
      index: Number(Id),
      reason: `${Code}: ${Message ?? ''}`,
    }));
  });
}

const stringAttribute = (text: string) => ({ DataType: 'String', StringValue: writable(text) });

/**
 * A log line may hold anything, a queue takes only what XML can: without the rest the notice arrives, with it SQS drops
 * it. Source: SQS API, SendMessage, "valid Unicode characters".
 */
function writable(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
