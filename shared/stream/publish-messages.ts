import type { Clock, SendChunk } from './ports.ts';
import { type SendAllResult, sendAll } from './send-all.ts';

/** One message for a topic. */
export interface TopicMessage {
  text: string;
  /** Of emails. Printable ASCII, 1 to 99 characters. Source: SNS API, Publish. */
  subject?: string;
  /** What subscriptions filter by: texts, none of them empty. */
  attributes?: Readonly<Record<string, string>>;
}

/** Publishes to one topic in one call. */
export type PublishToTopic = (topicArn: string) => SendChunk<TopicMessage>;

/**
 * A message with its attributes, and all messages of one call, have 256 KiB at most; this leaves some for the subject.
 * Source: SNS API, Publish and PublishBatch.
 */
const CALL_BYTES = 250 * 1_024;
/** The longest text that fits beside a level. */
export const LONGEST_TEXT_BYTES = CALL_BYTES - 1_024;

export interface PublishOptions {
  send: SendChunk<TopicMessage>;
  clock: Clock;
  /** Tries of a message, the first included. Default 6. */
  attempts?: number;
  /** Milliseconds after which no message is tried again. Default: no limit. */
  patience?: number;
}

/** Publishes messages to a topic, again only those that it refused, and says which it did not take and why. */
export function publishMessages(messages: readonly TopicMessage[], options: PublishOptions): Promise<SendAllResult> {
  return sendAll(messages, { ...options, limits: { count: 10, bytes: CALL_BYTES }, sizeOf: messageBytes });
}

/** Of an attribute beside its name and value: its type. */
const ATTRIBUTE_BYTES = 'String'.length;

/** What SNS counts of a message. */
export function messageBytes({ text, subject = '', attributes = {} }: TopicMessage): number {
  const extras = Object.entries(attributes).map(
    ([name, value]) => Buffer.byteLength(name) + Buffer.byteLength(value) + ATTRIBUTE_BYTES,
  );
  return extras.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(text) + Buffer.byteLength(subject));
}
