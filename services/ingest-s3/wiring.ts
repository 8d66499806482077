import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { s3DropBucket } from '../../shared/aws/s3-drop-bucket.ts';
import { s3DropQuarantine } from '../../shared/aws/s3-drop-quarantine.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import type { Telemetry } from '../../shared/runtime/telemetry.ts';
import { ingestMessages } from './ingest-messages.ts';
import { dropLimits, ingestObject } from './ingest-object.ts';

const bucket = required('DROP_BUCKET');
const ports = {
  clock,
  bucket: s3DropBucket,
  quarantine: s3DropQuarantine(required('ARCHIVE_BUCKET')),
  ledger: deployedTables.ledger(),
  send: kinesisStream(required('STREAM_NAME')),
  limits: dropLimits(deployedConfiguration<'dropBucket'>().dropBucket.maxObjectMiB),
};

/** Takes in what the messages name, within so many milliseconds. */
export async function ingest(
  { Records }: SQSEvent,
  { milliseconds, logger, metrics }: Telemetry & { milliseconds: number },
): Promise<SQSBatchResponse> {
  const deadline = clock.now() + milliseconds;
  const failed = await ingestMessages(Records, {
    bucket,
    clock,
    deadline,
    ingest: (object) => ingestObject(object, { ...ports, deadline }),
    report: ({ object, ingested, fault }) => {
      metrics.addMetric('events.ingested', 'Count', ingested?.events ?? 0);
      metrics.addMetric('events.quarantined', 'Count', ingested?.quarantined ?? 0);
      metrics.addMetric('objects.failed', 'Count', fault === undefined ? 0 : 1);
      const isWell = ingested?.status === 'taken' || ingested?.status === 'repeated';
      if (isWell) logger.debug('object taken in', { object, ...ingested });
      else logger.warn('object not taken in', { object, ...ingested, fault });
    },
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
