import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ec2Instances } from '../../shared/aws/ec2-instances.ts';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { snsEvents } from '../../shared/aws/sns-events.ts';
import { sqsRequests } from '../../shared/aws/sqs-requests.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { queueAlarm } from './queue-alarm.ts';
import { type Remediated, type RemediatePorts, remediate } from './remediate.ts';
import { putTogether, tellStream, tellTopic } from './tell-facts.ts';

const { alarms, tag, ...limits } = deployedConfiguration<'remediation'>().remediation;
if (!tag) throw new Fault('invalid', 'expected remediation.tag in the configuration, got none; deploy again');

const stream = { send: kinesisStream(required('STREAM_NAME')), clock };
const ports: RemediatePorts = {
  clock,
  alarms,
  ledger: deployedTables.ledger(),
  instances: ec2Instances(),
  settings: { ...limits, tag },
  tell: { stream: tellStream(stream), topic: tellTopic(snsEvents(required('REMEDIATION_TOPIC_ARN'), clock)) },
  put: putTogether(stream),
};
const send = sqsRequests(required('REMEDIATION_QUEUE_URL'), clock);

/** Works off a batch of the request queue within this many milliseconds. */
export async function workOff(
  { Records }: SQSEvent,
  milliseconds: number,
): Promise<{ answer: SQSBatchResponse; remediated: Remediated }> {
  const messages = Records.map(({ messageId, body, attributes }) => ({
    id: messageId,
    body,
    sentAt: Number(attributes.SentTimestamp),
  }));
  const remediated = await remediate(messages, ports, clock.now() + milliseconds);
  return {
    answer: { batchItemFailures: remediated.unsettled.map((itemIdentifier) => ({ itemIdentifier })) },
    remediated,
  };
}

/** An alarm that invokes the function itself. */
export const queueDirect = (event: unknown) => queueAlarm(event, { alarms, send, put: ports.put, clock });
