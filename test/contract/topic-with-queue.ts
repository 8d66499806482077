import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
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

export interface TopicWithQueue {
  topicArn: string;
  /** Takes what is there, ten at most. */
  receive(): Promise<QueuedMessage[]>;
  remove(): Promise<void>;
}

/** A topic with a queue subscribed to it. Raw: the queue gets the message alone, without SNS's envelope. */
export async function topicWithQueue(name: string, { raw = true } = {}): Promise<TopicWithQueue> {
  const [sns, sqs] = [new SNSClient({}), new SQSClient({})];
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const subscription = { TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn };
  await sns.send(new SubscribeCommand({ ...subscription, Attributes: { RawMessageDelivery: String(raw) } }));
  return {
    topicArn: TopicArn,
    receive: () => receive(sqs, QueueUrl),
    remove: async () => {
      await sns.send(new DeleteTopicCommand({ TopicArn }));
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
