import type { LogEvent } from '../events/event.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { sendAll } from '../stream/send-all.ts';
import { callAws } from './aws-fault.ts';
import { sns } from './sns-client.ts';

/** PublishBatch takes 10 messages and 256 KiB together. Source: SNS API, PublishBatch. */
const PUBLISH_LIMITS = { count: 10, bytes: 250 * 1_024 };
const ATTEMPTS = 3;
/** SNS refuses subjects of 100 characters and more, and anything but printable ASCII. Source: SNS API, Publish. */
const SUBJECT_CHARACTERS = 99;

/**
 * Publishes events to one topic, as JSON. What a subscription can filter by are message attributes: `type`, `level`, and
 * the event's own attributes, as many of them as SNS takes. Answers those that could not be published, by index.
 */
export function snsEvents(topicArn: string, clock: Clock): (events: readonly LogEvent[]) => Promise<SendFailure[]> {
  return async (events) => {
    const sizeOf = (event: LogEvent) => Buffer.byteLength(JSON.stringify(event)) * 2;
    const send = (chunk: readonly LogEvent[]) => publishBatch(topicArn, chunk);
    return (await sendAll(events, { clock, attempts: ATTEMPTS, limits: PUBLISH_LIMITS, sizeOf, send })).unsent;
  };
}

/** Raw delivery to a queue carries ten attributes. Source: SNS Developer Guide, "Message attributes". */
const MOST_ATTRIBUTES = 10;

function publishBatch(TopicArn: string, events: readonly LogEvent[]): Promise<SendFailure[]> {
  return callAws('PublishBatch', async () => {
    const { sdk, client } = await sns();
    const PublishBatchRequestEntries = events.map((event, index) => ({
      Id: String(index),
      Subject: subjectOf(event),
      Message: JSON.stringify(event),
      MessageAttributes: Object.fromEntries(
        Object.entries({ type: event.type, level: event.level, ...event.attributes })
          .filter(([, value]) => value !== '')
          .slice(0, MOST_ATTRIBUTES)
          .map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }));
    const { Failed = [] } = await client.send(new sdk.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    return Failed.map(({ Id, Code, Message }) => ({ index: Number(Id), reason: `${Code}: ${Message ?? ''}` }));
  });
}

function subjectOf({ level, message }: LogEvent): string {
  const subject = `[${level.toUpperCase()}] ${message}`.replace(/[^\x20-\x7e]+/g, '?');
  return subject.length > SUBJECT_CHARACTERS ? `${subject.slice(0, SUBJECT_CHARACTERS - 3)}...` : subject;
}
