import { Fault } from '../stream/fault.ts';
import type { SendFailure } from '../stream/ports.ts';
import type { PublishToTopic, TopicMessage } from '../stream/publish-messages.ts';
import { callAws } from './aws-fault.ts';
import { type OpenSns, snsIn } from './sns-client.ts';
import { writable } from './writable.ts';

/** PublishBatch on any topic, one call, in the region that its ARN names. */
export const snsPublish: PublishToTopic = (topicArn) => {
  const [, , , region = ''] = topicArn.split(':');
  return (messages) => publishBatch(snsIn(region), topicArn, messages);
};

/** PublishBatch, one call. */
export function publishBatch(
  open: OpenSns,
  TopicArn: string,
  messages: readonly TopicMessage[],
): Promise<SendFailure[]> {
  return callAws('PublishBatch', async () => {
    const { sdk, client } = await opened(open);
    const PublishBatchRequestEntries = messages.map(({ text, subject, attributes = {} }, index) => ({
      Id: String(index),
      Subject: subject,
      Message: writable(text),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, stringAttribute(value)]),
      ),
    }));
    const { Failed = [] } = await client.send(new sdk.PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
    return Failed.map(({ Id, Code, Message }) => ({ index: Number(Id), reason: `${Code}: ${Message ?? ''}` }));
  });
}

/** An application brings the SDK: one that only logs has no need of this client. */
async function opened(open: OpenSns) {
  try {
    return await open();
  } catch (cause) {
    throw new Fault('missing', 'expected the package @aws-sdk/client-sns: npm install @aws-sdk/client-sns', { cause });
  }
}

const stringAttribute = (text: string) => ({ DataType: 'String', StringValue: writable(text) });
