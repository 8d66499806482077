import { Fault } from '../../shared/stream/fault.ts';
import type { SendFailure } from '../../shared/stream/ports.ts';
import { messageBytes, type PublishToTopic, type TopicMessage } from '../../shared/stream/publish-messages.ts';

/** Printable ASCII under 100 characters, the first no blank. Source: SNS API, Publish. */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;
const BATCH_BYTES = 256 * 1_024;

export interface MemoryTopics {
  publish: PublishToTopic;
  /** What each topic took, in order. */
  taken: Map<string, TopicMessage[]>;
  /** Messages of each call. */
  calls: number[];
  /** Calls that are refused before any is taken: each by throwing, or by naming places of the call. */
  refusals: (Fault | number[])[];
}

/** Topics as SNS has them, by its own rules: a call over its limits is refused as a whole, a bad message alone. */
export function memoryTopics(topicArns: readonly string[]): MemoryTopics {
  const taken = new Map<string, TopicMessage[]>(topicArns.map((topicArn) => [topicArn, []]));
  const topics: MemoryTopics = { publish, taken, calls: [], refusals: [] };

  function publish(topicArn: string) {
    return async (messages: readonly TopicMessage[]): Promise<SendFailure[]> => {
      topics.calls.push(messages.length);
      const topic = taken.get(topicArn);
      if (topic === undefined) throw new Fault('missing', 'PublishBatch failed: NotFoundException');
      checkCall(messages);
      const refusal = topics.refusals.shift();
      if (refusal instanceof Fault) throw refusal;
      const refused = new Set([...(refusal ?? []), ...malformed(messages)]);
      topic.push(...messages.filter((_, index) => !refused.has(index)));
      return [...refused].map((index) => ({ index, reason: 'InvalidParameter: ' }));
    };
  }
  return topics;
}

function checkCall(messages: readonly TopicMessage[]): void {
  const bytes = messages.reduce((sum, message) => sum + messageBytes(message), 0);
  if (messages.length >= 1 && messages.length <= 10 && bytes <= BATCH_BYTES) return;
  throw new Fault('invalid', `a call of ${messages.length} messages and ${bytes} bytes`);
}

function malformed(messages: readonly TopicMessage[]): number[] {
  return messages.flatMap(({ text, subject = 'none' }, index) => (text !== '' && SUBJECT.test(subject) ? [] : [index]));
}
