import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';

/** What SNS puts around a message on its way to a queue. */
export interface Told {
  subject: string;
  message: string;
}

export interface SampleTopic {
  topicArn: string;
  take(): Promise<Told[]>;
  remove(): Promise<void>;
}

/** A topic of one run, with a queue that hears it. */
export async function openSampleTopic(): Promise<SampleTopic> {
  const [sns, sqs] = [new SNSClient({}), new SQSClient({})];
  const name = `sluice-sample-${randomUUID()}`;
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
  return {
    topicArn: TopicArn,
    take: async () => (await takeMessages(QueueUrl)).map(toldIn),
    remove: async () => {
      await sns.send(new DeleteTopicCommand({ TopicArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}

function toldIn(body: string): Told {
  const { Subject, Message } = JSON.parse(body) as { Subject?: string; Message: string };
  return { subject: Subject ?? '', message: Message };
}
