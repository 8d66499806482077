import type { CloudWatchLogsEvent } from 'aws-lambda';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { required } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { type IngestedLines, ingestCloudWatch } from './ingest-cloudwatch.ts';

const send = kinesisStream(required('STREAM_NAME'));

export async function ingest(event: CloudWatchLogsEvent): Promise<IngestedLines> {
  const data: unknown = event.awslogs?.data;
  if (typeof data === 'string') return ingestCloudWatch(data, { send, clock });
  throw new Fault('invalid', `expected awslogs.data, got ${typeof data}: is this a subscription of CloudWatch Logs?`);
}
