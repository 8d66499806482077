import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** A message as a queue got it. */
export interface QueuedMessage {
  body: string;
  /** What a subscription filters by; with raw delivery alone. */
  attributes: Record<string, string>;
}

export interface QueueOfTopic {
  /** Takes what is there, ten at most. */
  receive(): Promise<QueuedMessage[]>;
  remove(): Promise<void>;
}

export interface TopicWithQueue extends QueueOfTopic {
  topicArn: string;
}

/** A topic with a queue subscribed to it. Raw: the queue gets the message alone, without SNS's envelope. */
export async function topicWithQueue(name: string, { raw = true } = {}): Promise<TopicWithQueue> {
  const sns = new SNSClient({});
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const queue = await queueOfTopic(TopicArn, name, { raw });
  return {
    topicArn: TopicArn,
    receive: queue.receive,
    remove: async () => {
      await sns.send(new DeleteTopicCommand({ TopicArn }));
      await queue.remove();
    },
  };
}

/** A queue that subscribes a topic which is there, until it is removed. */
export async function queueOfTopic(topicArn: string, name: string, { raw = true } = {}): Promise<QueueOfTopic> {
  const [sns, sqs] = [new SNSClient({}), new SQSClient({})];
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const subscription = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn };
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: String(raw) } }),
  );
  return {
    receive: () => receive(sqs, QueueUrl),
    remove: async () => {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

async function receive(sqs: SQSClient, QueueUrl: string): Promise<QueuedMessage[]> {
  const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
  if (Messages.length === 0) return [];
  const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
    body: Body,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue ?? '']),
    ),
  }));
}
