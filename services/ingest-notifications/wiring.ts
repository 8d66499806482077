import type { SNSEvent } from 'aws-lambda';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { required } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { type IngestNotificationsPorts, ingestNotifications } from './ingest-notifications.ts';

const send = kinesisStream(required('STREAM_NAME'));

export const ingest = ({ Records }: SNSEvent, count: IngestNotificationsPorts['count']) =>
  ingestNotifications(
    Records.map(({ Sns }) => Sns.Message),
    { send, clock, count },
  );
