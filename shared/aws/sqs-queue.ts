import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { callAws } from './aws-fault.ts';
import { sqs } from './sqs-client.ts';

/** Receives up to ten messages and deletes them. Empty when none came within `waitSeconds`. */
export async function takeMessages(queueUrl: string, waitSeconds = 1): Promise<string[]> {
  const { client } = await sqs();
  const request = { QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds };
  const { Messages = [] } = await callAws('ReceiveMessage', () => client.send(new ReceiveMessageCommand(request)));
  if (Messages.length > 0) {
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await callAws('DeleteMessageBatch', () =>
      client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
    );
  }
  return Messages.map(({ Body }) => Body ?? '');
}
