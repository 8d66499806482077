import type { LogEvent } from '../events/event.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { publishMessages, type TopicMessage } from '../stream/publish-messages.ts';
import { sns } from './sns-client.ts';
import { publishBatch } from './sns-publish.ts';

const ATTEMPTS = 3;
/** SNS refuses subjects of 100 characters and more, and anything but printable ASCII. Source: SNS API, Publish. */
const SUBJECT_CHARACTERS = 99;

/**
 * Publishes events to one topic, as JSON. What a subscription can filter by are message attributes: `type`, `level`, and
 * the event's own attributes, as many of them as SNS takes. Answers those that could not be published, by index.
 */
export function snsEvents(topicArn: string, clock: Clock): (events: readonly LogEvent[]) => Promise<SendFailure[]> {
  return async (events) => {
    const send = (chunk: readonly TopicMessage[]) => publishBatch(sns, topicArn, chunk);
    return (await publishMessages(events.map(messageOf), { clock, attempts: ATTEMPTS, send })).unsent;
  };
}

/** Raw delivery to a queue carries ten attributes. Source: SNS Developer Guide, "Message attributes". */
const MOST_ATTRIBUTES = 10;

function messageOf(event: LogEvent): TopicMessage {
  const attributes = Object.entries({ type: event.type, level: event.level, ...event.attributes })
    .filter(([, value]) => value !== '')
    .slice(0, MOST_ATTRIBUTES);
  return { text: JSON.stringify(event), subject: subjectOf(event), attributes: Object.fromEntries(attributes) };
}

function subjectOf({ level, message }: LogEvent): string {
  const subject = `[${level.toUpperCase()}] ${message}`.replace(/[^\x20-\x7e]+/g, '?');
  return subject.length > SUBJECT_CHARACTERS ? `${subject.slice(0, SUBJECT_CHARACTERS - 3)}...` : subject;
}
