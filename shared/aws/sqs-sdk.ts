/** What the functions call of this client, by name, so that their packages hold nothing else of it. */
export { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
