/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
export {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
