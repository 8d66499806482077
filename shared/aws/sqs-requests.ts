import { requestMessage } from '../remediation/message.ts';
import type { RemediationRequest } from '../remediation/request.ts';
import type { Clock, SendFailure } from '../stream/ports.ts';
import { sendAll } from '../stream/send-all.ts';
import { callAws } from './aws-fault.ts';
import { sqs } from './sqs-client.ts';

/** SendMessageBatch takes 10 messages and 256 KiB together; a request has at most 2 KB. Source: SQS API. */
const SEND_LIMITS = { count: 10, bytes: 250 * 1_024 };

/** Sends requests to the queue that `services/remediate` works off. Answers those that could not be sent, by index. */
export type SendRequests = (requests: readonly RemediationRequest[]) => Promise<SendFailure[]>;

export function sqsRequests(queueUrl: string, clock: Clock): SendRequests {
  return async (requests) => {
    const sizeOf = (request: RemediationRequest) => Buffer.byteLength(requestMessage(request));
    const send = (chunk: readonly RemediationRequest[]) => sendBatch(queueUrl, chunk.map(requestMessage));
    return (await sendAll(requests, { clock, limits: SEND_LIMITS, sizeOf, send })).unsent;
  };
}

function sendBatch(QueueUrl: string, bodies: readonly string[]): Promise<SendFailure[]> {
  return callAws('SendMessageBatch', async () => {
    const { sdk, client } = await sqs();
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await client.send(new sdk.SendMessageBatchCommand({ QueueUrl, Entries }));
    return Failed.map(({ Id, Code, Message }) => ({ index: Number(Id), reason: `${Code}: ${Message ?? ''}` }));
  });
}
